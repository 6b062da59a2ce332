// 查找替换: how many places there are and at which one is, which the panel of CodeMirror does not say; what replacing did, where it can be seen.
import { getSearchQuery, searchPanelOpen } from "@codemirror/search";
import { EditorView, ViewPlugin, ViewUpdate } from "@codemirror/view";
import { $, el } from "./dom";

const MOST = 2000; // places: who has more looks for something else

export const searchCount = ViewPlugin.fromClass(class {
  private shown = "";
  private did = "";
  constructor(private view: EditorView) { this.show(); }
  update(u: ViewUpdate): void {
    const told = u.transactions.flatMap((t) => t.effects).filter((e) => e.is(EditorView.announce)).map((e) => String(e.value)).filter((s) => /替换/.test(s));
    this.did = told.length ? told[told.length - 1].replace(/\.$/, "") : u.docChanged || getSearchQuery(u.startState) !== getSearchQuery(u.state) ? "" : this.did;
    const open = searchPanelOpen(u.state), was = searchPanelOpen(u.startState);
    if (!open || (was && !u.docChanged && !u.selectionSet && !told.length && getSearchQuery(u.startState) === getSearchQuery(u.state))) return;
    if (!was) this.shown = "";
    setTimeout(() => this.show()); // a panel that opens comes into the page behind this
  }
  private words(): string {
    const s = this.view.state, q = getSearchQuery(s), at = s.selection.main;
    if (!q.valid || !q.search) return this.did;
    let n = 0, here = 0;
    const c = q.getCursor(s);
    for (let r = c.next(); !r.done && n <= MOST; r = c.next()) { n++; if (r.value.from === at.from && r.value.to === at.to) here = n; }
    const all = n > MOST ? `${MOST}处以上` : `${n}处`;
    return (this.did ? `${this.did}，` : "") + (!n ? (this.did ? "没有了" : "没有找到") : here ? `第${here}处，共${all}` : this.did ? `还有${all}` : `共${all}`);
  }
  private show(): void {
    const panel = searchPanelOpen(this.view.state) ? $(".cm-search", this.view.dom) : null;
    if (!panel) return;
    let at = $(".dk-found", panel);
    if (!at) { at = el("span", "dk-found"); at.setAttribute("role", "status"); ($("[name=replaceAll]", panel) || $("[name=select]", panel))?.after(at); }
    const w = this.words();
    if (w !== this.shown || at.textContent !== w) at.textContent = this.shown = w;
  }
});
