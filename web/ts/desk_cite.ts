// What the library has on the sentence that is being written, and phrases one keeps: shown beside the text, put in by one key.
import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { ask, quiet, Refused } from "./desk_ask";
import { el } from "./dom";

export interface Passage { doc: string; title: string; label: string; status: string; current: boolean; text: string; cite: string; percent: number; link: string }

const PAUSE_MS = 900, SENTENCE_MIN = 8, SENTENCE_MAX = 300;

/** The sentence at the cursor: from the last full stop in its paragraph to the next. */
export function sentence(s: EditorState): { from: number; to: number; text: string } {
  const at = s.selection.main.head, line = s.doc.lineAt(at), before = line.text.slice(0, at - line.from), behind = line.text.slice(at - line.from);
  let from = Math.max(before.lastIndexOf("。", before.length - (behind ? 1 : 2)), before.lastIndexOf("！", before.length - 2), before.lastIndexOf("？", before.length - 2)) + 1;
  const stop = /[。！？]/.exec(behind), to = /[。！？]$/.test(before) && !stop ? before.length : before.length + (stop ? stop.index + 1 : behind.length);
  if (from > to) from = to;
  return { from: line.from + from, to: line.from + to, text: line.text.slice(from, to).replace(/^[“”"'‘’\s　]+|[“”\s]+$/g, "") };
}

export class Passages {
  rows: Passage[] = [];
  why = "";
  query = "";
  private asked = "";
  private of = ""; // the sentence that the rows are for
  private soon = quiet(PAUSE_MS, () => this.run());
  private list = el("div", "ps-found");
  private head = el("p", "ps-head mute");

  constructor(readonly view: () => EditorView, box: HTMLElement, readonly changed: () => void) {
    const find = el("div", "ps-find"), i = document.createElement("input");
    i.className = "in";
    i.type = "search";
    i.placeholder = "检索资料库，回车";
    i.setAttribute("aria-label", "检索资料库里的段落");
    i.maxLength = 200;
    i.addEventListener("keydown", (e) => {
      if (e.key === "Enter" && !e.isComposing) { e.preventDefault(); this.query = i.value.trim(); this.asked = ""; this.soon.now(); }
      if (e.key === "Escape") { i.value = this.query = ""; this.asked = ""; this.view().focus(); this.soon.now(); }
    });
    find.append(i);
    box.append(find, this.head, this.list);
    this.draw(false);
  }

  extension = EditorView.updateListener.of((u) => { if (u.docChanged || u.selectionSet) this.soon.soon(); });

  private async run(): Promise<void> {
    const text = sentence(this.view().state).text, key = this.query ? "q:" + this.query : text;
    if (key === this.asked) return;
    if (!this.query && (text.length < SENTENCE_MIN || text.length > SENTENCE_MAX)) { this.asked = key; this.rows = []; this.why = ""; this.draw(); return; }
    try {
      this.rows = (await ask<{ rows: Passage[] }>("/desk/passages", this.query ? { text: "", q: this.query } : { text })).rows;
      this.asked = key;
      this.of = text;
      this.why = "";
    } catch (e) { this.why = e instanceof Refused ? e.message : "没有找成"; }
    this.draw();
  }

  private draw(tell = true): void {
    this.list.textContent = "";
    this.head.textContent = this.why || (this.rows.length ? (this.query ? `资料库里有“${this.query}”的段落` : "与正写的这一句相同或相近")
      : this.query ? "没有找到，换个词试试" : "写到一句话时，这里列出资料库里相同、相近的段落");
    this.rows.forEach((p, i) => {
      const a = el("article", "ps" + (p.current ? "" : " old")), link = el("a", "", p.cite) as HTMLAnchorElement, acts = el("div", "fc-act");
      link.href = p.link; link.target = "_blank"; link.rel = "noopener";
      const one = el("button", "btn small", "连出处插入") as HTMLButtonElement, two = el("button", "btn small quiet", "只插原文") as HTMLButtonElement;
      one.type = two.type = "button";
      if (i === 0) one.title = "Alt+I";
      one.addEventListener("click", () => this.insert(p, true));
      two.addEventListener("click", () => this.insert(p, false));
      acts.append(one, two);
      a.append(el("p", "ps-cite"), el("p", "ps-text", p.text), acts);
      a.firstElementChild!.append(link, el("span", "mute", [p.percent ? `${p.percent}%` : "", p.current ? "" : p.status].filter(Boolean).join("　")));
      this.list.append(a);
    });
    if (tell) this.changed();
  }

  /** What one began to write of it is replaced; its citation stands in front. */
  insert(p: Passage | undefined, cited: boolean): boolean {
    const view = this.view(), s = sentence(view.state), at = view.state.selection.main;
    if (!p || view.state.readOnly) return false;
    // not another sentence, where the cursor has gone since
    const begun = !this.query && p.percent >= 60 && s.text.length >= SENTENCE_MIN && s.text.slice(0, SENTENCE_MIN) === this.of.slice(0, SENTENCE_MIN);
    const text = p.text.replace(/\n+/g, ""), from = begun ? s.from : at.from, to = begun ? s.to : at.to;
    const insert = cited ? `${p.cite}指出，“${text.replace(/“/g, "‘").replace(/”/g, "’")}”` + (/[。！？]$/.test(text) ? "" : "。") : text;
    view.dispatch({ changes: { from, to, insert }, selection: { anchor: from + insert.length }, userEvent: "input.cite", scrollIntoView: true });
    view.focus();
    return true;
  }
}

// ---- phrases ----
const COMMON = ["现将有关事项通知如下。", "现将有关情况报告如下。", "现就做好有关工作通知如下。", "请结合实际，认真贯彻落实。", "特此通知。", "特此报告。", "妥否，请批示。", "当否，请批示。", "以上意见如无不妥，请批转各单位执行。", "专此函达，请予支持为荷。", "执行中遇有问题，请及时与……联系。", "以上报告，请审阅。"];
let own: Promise<string[]> | null = null;
const mine = (): Promise<string[]> => own || (own = fetch("/account", { headers: { Accept: "application/json" } })
  .then((r) => r.json()).then((j) => ((j.data?.phrases || []) as { text: string }[]).map((p) => p.text)).catch(() => { own = null; return []; }));

/** A list over the text; a digit or Enter takes one, typing filters. */
export async function phrases(view: EditorView, host: HTMLElement): Promise<void> {
  host.querySelector(".ph")?.remove();
  const box = el("div", "ph"), i = document.createElement("input"), ul = el("ul", ""), at = view.state.selection.main, c = view.coordsAtPos(at.head), r = host.getBoundingClientRect();
  i.className = "in";
  i.placeholder = "常用语：打几个字筛选，按 1～9 或回车放进正文";
  i.setAttribute("aria-label", "常用语");
  box.append(i, ul);
  host.append(box);
  if (c) { box.style.left = `${Math.max(8, Math.min(r.width - 396, c.left - r.left))}px`; box.style.top = `${Math.min(Math.max(8, r.height - 330), c.bottom - r.top + 4)}px`; }
  let all = COMMON, shown: string[] = [], on = 0;
  const close = (): void => { box.remove(); view.focus(); };
  const take = (t: string | undefined): void => {
    if (!t) return;
    view.dispatch(view.state.replaceSelection(t), { userEvent: "input.phrase", scrollIntoView: true });
    close();
  };
  const draw = (): void => {
    shown = all.filter((t) => t.includes(i.value.trim())).slice(0, 20);
    on = Math.max(0, Math.min(on, shown.length - 1));
    ul.textContent = "";
    shown.forEach((t, k) => { const li = el("li", k === on ? "on" : ""); li.append(el("kbd", "", k < 9 ? String(k + 1) : ""), el("span", "", t)); li.addEventListener("mousedown", (e) => { e.preventDefault(); take(t); }); ul.append(li); });
    if (!shown.length) ul.append(el("li", "mute", "没有这样的常用语。自己的常用语在“我的账号”里加。"));
  };
  i.addEventListener("input", draw);
  i.addEventListener("keydown", (e) => {
    if (e.isComposing) return;
    if (e.key === "Escape") close();
    else if (e.key === "Enter") take(shown[on]);
    else if (e.key === "ArrowDown") { on++; draw(); } else if (e.key === "ArrowUp") { on--; draw(); } else if (/^[1-9]$/.test(e.key)) take(shown[Number(e.key) - 1]);
    else return;
    e.preventDefault();
    e.stopPropagation();
  });
  i.addEventListener("blur", () => setTimeout(() => { if (document.activeElement !== i) box.remove(); }, 150));
  draw();
  i.focus();
  const v = await mine();
  all = v.concat(COMMON.filter((t) => !v.includes(t)));
  if (box.isConnected) draw();
}
