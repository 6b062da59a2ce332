// Whose part the cursor stands in, and until when: one line over the text. The panel of parts below the desk is the list, which stands there without
// script as well; its places are those of the text the page brought, and follow every change as the server's do (office/manuscript_part.c).
import { EditorView, ViewPlugin, ViewUpdate } from "@codemirror/view";
import { $, $$, el } from "./dom";
import { Desk, addPart, follow } from "./desk_part";

interface Part { from: number; to: number; words: number; name: string; who: string; due: string; state: string; mine: boolean; late: boolean }

const said = (li: HTMLElement, what: string): string => $(what, li)?.textContent?.trim() || "";
const read = (): Part[] => $$("[data-part]").map((li) => ({
  from: Number(li.dataset.from), to: Number(li.dataset.to), words: Number(li.dataset.words) || 0, name: said(li, "b"), who: said(li, "[data-who]"), due: said(li, "[data-due]"),
  state: said(li, "[data-state]"), mine: li.dataset.mine !== undefined, late: li.dataset.late !== undefined,
}));

/** 写了520字，该写900字，约3分钟 */
function much(view: EditorView, p: Part, pace: number): string {
  const n = view.state.sliceDoc(p.from, p.to).replace(/[\s　]/g, "").length;
  return `　写了${n}字` + (p.words ? `，该写${p.words}字` : "") + (pace ? `，约${Math.round(n / pace)}分钟` : "");
}

addPart((mount: HTMLElement, desk: () => Desk) => {
  const list = read();
  if (!list.length) return [];
  let strip: HTMLElement | null = null, shown = "", timer = 0;
  const amount = el("span", "mute"), pace = Number(mount.dataset.pace) || 0;

  function show(view: EditorView): void {
    if (!strip) {
      const bar = $(".dk-bar", desk().root);
      if (!bar) return;
      strip = el("div", "dk-part");
      strip.setAttribute("aria-live", "polite");
      bar.after(strip);
    }
    const at = view.state.doc.lineAt(view.state.selection.main.head).from;
    let here: Part | undefined;
    for (const p of list) if (p.to > p.from && view.state.doc.lineAt(Math.min(p.from, view.state.doc.length)).from <= at) here = p;
    clearTimeout(timer); // counted when typing rests
    if (here) { const p = here; if (shown.startsWith(`${p.name}:`)) timer = window.setTimeout(() => { amount.textContent = much(view, p, pace); }, 300); else amount.textContent = much(view, p, pace); }
    const key = here ? `${here.name}:${here.who}` : "-";
    if (key === shown) return;
    shown = key;
    strip.textContent = "";
    strip.classList.toggle("mine", !!here?.mine);
    if (!here) { strip.append("开头这些文字归拟稿人"); return; }
    strip.append(here.mine ? "您写的部分：" : `${here.who}写的部分：`, el("b", "", here.name), amount);
    if (here.state === "已交稿") strip.append("　已交稿");
    if (here.due) strip.append("　", el("span", here.late ? "partlate" : "", here.due.includes("逾期") ? here.due : `${here.due} 前交`));
  }

  return ViewPlugin.fromClass(class {
    constructor(view: EditorView) {
      setTimeout(() => {
        const mine = mount.dataset.own === undefined && !view.state.selection.main.head && list.find((p) => p.mine && p.to > p.from && p.state !== "已交稿");
        if (mine && mine.from <= view.state.doc.length) { // who writes a part of it alone begins there
          const at = view.state.doc.lineAt(mine.from).to;
          view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "start", yMargin: 60 }) });
        }
        show(view);
      });
    }
    update(u: ViewUpdate): void {
      if (u.docChanged) for (const p of list) Object.assign(p, follow(p, u.changes));
      if (u.docChanged || u.selectionSet) show(u.view);
    }
  });
});
