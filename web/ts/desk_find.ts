// Findings while one writes: underlined in the text, in the margin beside their line, taken or passed over by one key. Changed
// paragraphs are asked about at once, the whole text when the writing rests. What comes back late is mapped over what was typed meanwhile.
import { ChangeSet, EditorState, Range, RangeSet, StateEffect, StateField } from "@codemirror/state";
import { Decoration, DecorationSet, EditorView, ViewPlugin, ViewUpdate } from "@codemirror/view";
import { ask, quiet, Refused } from "./desk_ask";
import { Passes, choices, placeOf } from "./desk_pass";
import { el, typing } from "./dom";

export interface Finding {
  begin: number; end: number; rule: string; name: string; cls: string; local: boolean; level: string; level_key: string; basis: string;
  words: string; message: string; suggestion: string; has_suggestion: boolean; deletes: boolean; fix: boolean;
  source: string; source_label: string; source_text: string; link: string;
}
interface Answer { rows: Finding[]; cut: boolean; hidden: number; documents: number; behind: number; words_problem: string; ms: number }
export interface Placed { from: number; to: number; f: Finding }

const PART_MS = 260, WHOLE_MS = 1600, WAIT_MS = 300;
const put = StateEffect.define<{ rows: Range<Decoration>[]; from: number; to: number; whole: boolean }>();
const drop = StateEffect.define<(p: Placed) => boolean>();

export const findings = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(v, tr) {
    if (tr.docChanged) {
      v = v.map(tr.changes);
      // what was rewritten is asked about anew; its old mark would point at words that are gone
      tr.changes.iterChangedRanges((_a, _b, from, to) => {
        v = v.update({ filterFrom: from, filterTo: to, filter: (a, b, d) => (d.spec.f as Finding).begin === (d.spec.f as Finding).end || tr.newDoc.sliceString(a, b) === (d.spec.f as Finding).words });
      });
    }
    for (const e of tr.effects) {
      if (e.is(put)) {
        const { rows, from, to, whole } = e.value;
        v = whole ? RangeSet.of(rows, true) : v.update({ filter: (a, b, d) => !(d.spec.f as Finding).local || b < from || a > to, add: rows, sort: true });
      }
      if (e.is(drop)) v = v.update({ filter: (from, to, d) => !e.value({ from, to, f: d.spec.f }) });
    }
    return v;
  },
  provide: (f) => EditorView.decorations.from(f),
});

export function placed(s: EditorState, from = 0, to = s.doc.length): Placed[] {
  const out: Placed[] = [];
  s.field(findings).between(from, to, (a, b, d) => { out.push({ from: a, to: b, f: d.spec.f }); });
  return out.sort((a, b) => a.from - b.from || a.to - b.to);
}

export class Findings {
  readonly passes: Passes;
  last: Answer | null = null;
  state: "fresh" | "stale" | "busy" | "off" = "stale";
  why = "";
  private dirty: { from: number; to: number } | null = null;
  private whole = true;
  private since: ChangeSet | null = null;
  private asking = false;
  private never = false; // this person may not check
  private part = quiet(PART_MS, () => this.run(false));
  private all = quiet(WHOLE_MS, () => this.run(true));

  constructor(readonly view: () => EditorView, mount: HTMLElement, told: (what: string) => void, readonly changed: () => void) {
    this.passes = new Passes(mount, told, (back) => this.passedOver(back));
  }

  extension = [findings, EditorView.updateListener.of((u) => this.seen(u))];

  private seen(u: ViewUpdate): void {
    if (!u.docChanged) return;
    if (this.asking) this.since = this.since ? this.since.compose(u.changes as ChangeSet) : u.changes as ChangeSet;
    if (this.dirty) this.dirty = { from: u.changes.mapPos(this.dirty.from, -1), to: u.changes.mapPos(this.dirty.to, 1) };
    u.changes.iterChangedRanges((_a, _b, from, to) => {
      this.dirty = this.dirty ? { from: Math.min(from, this.dirty.from), to: Math.max(to, this.dirty.to) } : { from, to };
    });
    this.whole = true;
    if (this.state === "fresh") this.state = "stale";
    this.part.soon();
    this.all.soon();
  }

  start(): void { void this.passes.start(); this.all.now(); }

  private async run(whole: boolean): Promise<void> {
    const view = this.view(), { doc } = view.state;
    if (this.never) return;
    if (this.asking) { (whole ? this.all : this.part).soon(WAIT_MS); return; }
    if (whole ? !this.whole : !this.dirty) return;
    const d = this.dirty;
    const from = whole || !d ? 0 : doc.lineAt(Math.min(d.from, doc.length)).from, to = whole || !d ? doc.length : doc.lineAt(Math.min(d.to, doc.length)).to;
    const text = doc.sliceString(from, to);
    this.dirty = null;
    if (whole) this.whole = false;
    if (!text.trim()) { if (whole) this.take({ rows: [] } as unknown as Answer, 0, 0, doc.length, true); return; }
    this.asking = true;
    this.since = null;
    try {
      const a = await ask<Answer>("/desk/findings", whole ? { text } : { text, part: 1 });
      this.take(a, from, from, to, whole);
      this.state = this.whole ? "stale" : "fresh";
      this.why = "";
    } catch (e) {
      this.state = "off";
      this.why = e instanceof Refused ? e.message : "没有查成";
      const signed = e instanceof Refused && (e.status === 401 || (e.status === 403 && /过期/.test(e.message))); // he may sign in anew in another window (desk_sync.ts)
      if (signed) this.why = "登录已过期，问题没有更新";
      else if (e instanceof Refused && e.status === 403) { this.never = true; this.why = "本账号不查问题"; return; }
      if (whole || signed || !(e instanceof Refused) || e.status === 0) this.whole = true;
      if (signed || !(e instanceof Refused) || e.status === 0) this.all.soon(10000); // the line may come back
    } finally {
      this.asking = false;
      this.since = null;
      this.changed();
    }
  }

  private take(a: Answer, base: number, from: number, to: number, whole: boolean): void {
    const view = this.view(), since = this.since, rows: Range<Decoration>[] = [], { doc } = view.state;
    const now = (at: number, side: -1 | 1): number => (since ? since.mapPos(at, side) : at);
    for (const f of a.rows) {
      let x = now(f.begin + base, 1), y = now(f.end + base, -1);
      if (f.begin === f.end) { y = Math.min(doc.length, x + 1); if (y === x) x = Math.max(0, y - 1); } else if (y <= x || doc.sliceString(x, y) !== f.words) continue;
      if (x >= y) continue;
      if (this.isPassed({ from: x, to: y, f })) continue;
      rows.push(Decoration.mark({ class: "f f-" + f.level_key, f }).range(x, y));
    }
    if (whole) this.last = a;
    // an input method that is composing must find the lines as it left them
    const go = (): void => {
      if (view.composing) { setTimeout(go, WAIT_MS); this.whole = true; this.all.soon(); return; }
      if (view.state.doc !== doc) { this.whole = true; this.all.soon(); return; }
      view.dispatch({ effects: put.of({ rows, from: now(from, -1), to: now(to, 1), whole }) });
    };
    go();
  }

  private isPassed(p: Placed): boolean {
    return this.passes.rows.length > 0 && this.passes.has(placeOf(this.view().state, p));
  }

  /** The one at the cursor, else the next behind it, else the first. */
  current(): Placed | null {
    const { state } = this.view(), at = state.selection.main.head, v = placed(state);
    return v.find((p) => p.from <= at && at <= p.to) || null;
  }

  step(by: 1 | -1): boolean {
    const view = this.view(), { from, to } = view.state.selection.main, v = placed(view.state);
    if (!v.length) return false;
    const p = by > 0 ? v.find((x) => x.from > from || (x.from === from && x.to > to)) || v[0] : v.slice().reverse().find((x) => x.from < from) || v[v.length - 1];
    this.show(p);
    return true;
  }

  show(p: Placed): void {
    this.view().dispatch({ selection: { anchor: p.from, head: p.to }, effects: EditorView.scrollIntoView(p.from, { y: "center" }) });
    this.view().focus();
  }

  accept(p = this.current()): boolean {
    const view = this.view();
    if (!p) return this.step(1);
    if (!p.f.has_suggestion || view.state.readOnly) return false;
    const from = p.f.begin === p.f.end ? p.from : p.from, to = p.f.begin === p.f.end ? p.from : p.to;
    view.dispatch({
      changes: { from, to, insert: p.f.suggestion }, selection: { anchor: from + p.f.suggestion.length },
      effects: drop.of((x) => x.from === p.from && x.f === p.f), userEvent: "input.accept", scrollIntoView: true,
    });
    view.focus();
    return true;
  }

  pass(p: Placed, why: string, throughout: boolean): void {
    const view = this.view(), { f } = p;
    void this.passes.add(placeOf(view.state, p), { said: f.message, level: f.level_key, why, throughout });
    this.passedOver(false);
    view.focus();
  }

  /** Others are passed over than before, by whomever; what is no longer is looked for anew. */
  private passedOver(back: boolean): void {
    const view = this.view(), go = (): void => {
      if (view.composing) { setTimeout(go, WAIT_MS); return; }
      if (this.passes.rows.length) view.dispatch({ effects: drop.of((x) => this.isPassed(x)) });
    };
    if (back) { this.whole = true; this.all.now(); }
    go();
    this.changed();
  }
}

// ---- the margin ----
export function card(p: Placed, open: boolean, x: Findings): HTMLElement {
  const { f } = p, c = el("div", `fc ${f.level_key}${open ? " on" : ""}`), head = el("div", "fc-head");
  head.append(el("i", "dot"), el("span", "fc-msg", f.message));
  c.append(head);
  if (!open) { if (f.has_suggestion) head.append(el("ins", "", f.deletes ? "删去" : f.suggestion)); return c; }
  if (f.has_suggestion) {
    const fix = el("p", "fc-fix");
    fix.append(el("del", "", f.words), document.createTextNode(f.deletes ? " 删去" : " → "), el("ins", "", f.suggestion));
    c.append(fix);
  }
  if (f.source) {
    const src = el("p", "fc-src"), a = f.link ? el("a", "", `《${f.source}》`) as HTMLAnchorElement : el("span", "", f.source);
    if (a instanceof HTMLAnchorElement) { a.href = f.link; a.target = "_blank"; a.rel = "noopener"; }
    src.append(a, el("span", "mute", f.source_label));
    if (f.source_text && f.source_text !== f.words) src.append(el("q", "", f.source_text.slice(0, 120)));
    c.append(src);
  }
  c.append(el("p", "fc-why", `${f.level}　${f.name}（${f.rule}），${f.basis}`));
  const acts = el("div", "fc-act");
  if (f.has_suggestion) {
    const b = el("button", "btn small", "采纳") as HTMLButtonElement;
    b.type = "button"; b.title = "Alt+Enter";
    b.addEventListener("click", () => x.accept(p));
    acts.append(b);
  }
  if (x.passes.writes) acts.append(choices(f.level_key === "error", (why, throughout) => x.pass(p, why, throughout), () => x.view().focus()));
  c.append(acts);
  return c;
}

const narrow = matchMedia("(max-width: 820px)"), LISTED = 100;

/** What else stands in the margin beside its line (comments, suggestions). */
export interface Marginal { from: number; to: number; wanted?: boolean; card(open: boolean): HTMLElement; show(): void }
export const marginals: ((s: EditorState, from: number, to: number) => Marginal[])[] = [];
/** Draw the cards at once: for who wants to go into one of them, not later when he may be elsewhere. */
export const drawn: { margin: () => void } = { margin: () => undefined };
/** They are others now. */
export const remargin = StateEffect.define<null>();

/** Cards beside their lines: made anew when the text or the window over it moved, never while a key is on its way to the screen. */
export const margin = (box: HTMLElement, x: Findings) => ViewPlugin.fromClass(class {
  timer = 0;
  sheet = el("div", "fc-sheet");
  constructor(readonly view: EditorView) {
    box.append(this.sheet);
    this.sheet.addEventListener("focusout", (e) => { if (!this.sheet.contains(e.relatedTarget as Node | null)) this.later(30); });
    view.scrollDOM.addEventListener("scroll", this.scrolled, { passive: true });
    drawn.margin = (): void => { clearTimeout(this.timer); this.write(this.read()); };
    this.later(0);
  }
  scrolled = (): void => { this.sheet.style.transform = `translateY(${-this.view.scrollDOM.scrollTop}px)`; this.later(60); };
  update(u: ViewUpdate) {
    if (u.docChanged || u.selectionSet || u.geometryChanged || u.viewportChanged || u.transactions.some((t) => t.effects.some((e) => e.is(put) || e.is(drop) || e.is(remargin)))) this.later(u.docChanged ? 120 : 30);
  }
  later(ms: number): void { clearTimeout(this.timer); this.timer = window.setTimeout(() => this.view.requestMeasure({ key: this, read: () => this.read(), write: (v) => this.write(v) }), ms); }
  read(): { p: Marginal; y: number; open: boolean }[] {
    const { view } = this, top = box.getBoundingClientRect().top - view.scrollDOM.scrollTop, at = view.state.selection.main.head, out: { p: Marginal; y: number; open: boolean }[] = [];
    // on a phone they are a page of their own, whichever part of the text was looked at last
    const list = narrow.matches, { from, to } = list ? { from: 0, to: view.state.doc.length } : view.viewport;
    const found = placed(view.state, from, to).slice(0, list ? LISTED : undefined).map((p): Marginal => ({ from: p.from, to: p.to, card: (open) => card(p, open, x), show: () => x.show(p) }));
    const all = found.concat(marginals.flatMap((f) => f(view.state, from, to))).sort((a, b) => a.from - b.from || a.to - b.to);
    const here = all.filter((p) => p.from <= at && at <= p.to), opened = here.find((p) => p.wanted) || here[0];
    for (const p of all) {
      const c = list ? { top } : view.coordsAtPos(p.from, 1);
      if (c) out.push({ p, y: c.top - top, open: p === opened });
    }
    return out;
  }
  write(v: { p: Marginal; y: number; open: boolean }[]): void {
    if (this.sheet.querySelector("details[open]") && v.some((c) => c.open)) return; // somebody is choosing a reason
    if (this.sheet.contains(document.activeElement) && typing(document.activeElement)) return; // or writing an answer
    this.sheet.textContent = "";
    const made = v.map((c) => ({ ...c, e: c.p.card(c.open) }));
    for (const c of made) {
      c.e.addEventListener("click", (e) => { if (!c.open && !(e.target as Element).closest("button, a, details, input")) c.p.show(); });
      this.sheet.append(c.e);
    }
    const heights = made.map((c) => c.e.offsetHeight), open = made.findIndex((c) => c.open);
    const ys = made.map((c) => c.y);
    // the open one stands beside its words; those in front are pushed up, those behind down
    for (let i = open - 1; i >= 0; i--) ys[i] = Math.min(ys[i], ys[i + 1] - heights[i] - 3);
    for (let i = Math.max(1, open + 1); i < made.length; i++) ys[i] = Math.max(ys[i], ys[i - 1] + heights[i - 1] + 3);
    made.forEach((c, i) => { c.e.style.top = `${Math.round(ys[i])}px`; });
    this.sheet.style.transform = `translateY(${-this.view.scrollDOM.scrollTop}px)`;
  }
  destroy() { clearTimeout(this.timer); this.view.scrollDOM.removeEventListener("scroll", this.scrolled); this.sheet.remove(); }
});
