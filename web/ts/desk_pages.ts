// The page beside the text, as it will be printed: asked for when the writing pauses, it follows the cursor.
import { EditorView } from "@codemirror/view";
import { ask, quiet, Refused } from "./desk_ask";
import { el } from "./dom";

interface Line { at: number; page: number; y: number }
interface Answer { form: string; pages: number; page: number; svg: string; width: number; height: number; lines: Line[]; notes: { text: string }[]; ms: number }

const PAUSE_MS = 180, KEPT = 12;

export class Pages {
  last: Answer | null = null;
  why = "";
  private kept = new Map<number, string>(); // pages of the text as it was asked about last
  private shown = 0;
  private pinned = 0; // the page that somebody turned to; 0: the cursor's
  private doc: unknown = null;
  private at = el("div", "pg-at");
  private sheet = el("div", "pg-sheet");
  private asked = quiet(PAUSE_MS, () => this.run());
  private wanted = 0;
  private number = el("span", "pg-no", "");

  constructor(readonly view: () => EditorView, readonly box: HTMLElement, readonly changed: () => void, readonly manuscript = "") {
    const bar = el("div", "pg-bar"), back = el("button", "btn small quiet", "上一页") as HTMLButtonElement, next = el("button", "btn small quiet", "下一页") as HTMLButtonElement;
    back.type = next.type = "button";
    back.addEventListener("click", () => this.turn(-1));
    next.addEventListener("click", () => this.turn(1));
    bar.append(back, this.number, next);
    this.sheet.append(this.at);
    box.append(this.sheet, bar);
    this.sheet.addEventListener("click", (e) => this.clicked(e));
  }

  extension = EditorView.updateListener.of((u) => {
    if (u.docChanged) { this.pinned = 0; this.asked.soon(); } else if (u.selectionSet) this.follow();
  });

  start(): void { this.asked.now(); }
  get visible(): boolean { return this.box.offsetParent !== null; }

  turn(by: number): void {
    if (!this.last) return;
    this.pinned = Math.max(1, Math.min(this.last.pages, (this.pinned || this.shown) + by));
    this.want(this.pinned);
  }

  /** The page of a place, as far as the last answer knows. */
  private lineOf(at: number): Line | null {
    const v = this.last?.lines || [];
    let lo = 0, hi = v.length;
    while (lo < hi) { const mid = (lo + hi) >> 1; if (v[mid].at <= at) lo = mid + 1; else hi = mid; }
    return lo ? v[lo - 1] : null;
  }

  private follow(): void {
    const line = this.lineOf(this.view().state.selection.main.head), page = line ? line.page : 1;
    this.pinned = 0;
    if (!this.last) return;
    if (page !== this.shown) this.want(page);
    this.mark(line);
  }

  private want(page: number): void {
    const svg = this.doc === this.view().state.doc && this.kept.get(page);
    if (svg) { this.draw(page, svg); return; }
    this.wanted = page;
    this.asked.soon(30);
  }

  private async run(): Promise<void> {
    const { state } = this.view(), doc = state.doc, text = doc.toString(), page = this.pinned || this.wanted;
    if (!this.visible && this.last) { this.doc = null; return; }
    this.wanted = 0;
    try {
      const fields: Record<string, string | number> = { text, at: state.selection.main.head };
      if (page) fields.page = page;
      if (this.manuscript) fields.manuscript = this.manuscript;
      const a = await ask<Answer>("/desk/pages", fields);
      if (doc !== this.doc) { this.kept.clear(); this.doc = doc; }
      if (this.kept.size > KEPT) this.kept.clear();
      this.kept.set(a.page, a.svg);
      this.last = a;
      this.why = "";
      this.draw(a.page, a.svg);
    } catch (e) {
      this.why = e instanceof Refused ? e.message : "版面没有排出来";
      if (!(e instanceof Refused) || e.status === 0) this.asked.soon(10000);
    }
    this.box.classList.toggle("off", !!this.why);
    this.changed();
  }

  private draw(page: number, svg: string): void {
    this.shown = page;
    this.sheet.querySelector("svg")?.remove();
    this.sheet.insertAdjacentHTML("afterbegin", svg); // of our own making: text escaped, no script, no style
    const s = this.sheet.querySelector("svg");
    s?.removeAttribute("width");
    s?.removeAttribute("height");
    this.number.textContent = `第${page}页，共${this.last?.pages ?? page}页`;
    this.mark(this.lineOf(this.view().state.selection.main.head));
  }

  private mark(line: Line | null): void {
    const a = this.last, on = !!a && !!line && line.page === this.shown;
    this.at.hidden = !on;
    if (!on || !a || !line) return;
    const scale = this.sheet.clientWidth / a.width;
    this.at.style.top = `${Math.round((line.y - 580) * scale)}px`;
    this.at.style.height = `${Math.round(760 * scale)}px`;
  }

  private clicked(e: MouseEvent): void {
    const a = this.last, r = this.sheet.getBoundingClientRect();
    if (!a) return;
    const y = ((e.clientY - r.top) / r.width) * a.width, v = a.lines.filter((l) => l.page === this.shown);
    if (!v.length) return;
    const best = v.reduce((p, l) => (Math.abs(l.y - 280 - y) < Math.abs(p.y - 280 - y) ? l : p));
    const at = Math.min(best.at, this.view().state.doc.length), page = this.shown;
    this.view().dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
    this.view().focus();
    this.pinned = page;
  }
}
