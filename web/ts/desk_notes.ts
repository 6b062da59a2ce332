// Comments and suggestions (批注、修改建议) at the desk: marked in the text, in the margin beside their line, all of them in a pane. The server keeps
// their places (office/manuscript_note.h); while one types they are mapped here, and nothing is asked. Another's arrive by the stream ("noted").
import { getClientID, sendableUpdates } from "@codemirror/collab";
import { invertedEffects } from "@codemirror/commands";
import { EditorState, Range, StateEffect, StateField } from "@codemirror/state";
import { Decoration, DecorationSet, EditorView, ViewPlugin, ViewUpdate, WidgetType } from "@codemirror/view";
import { Refused } from "./desk_ask";
import { Marginal, drawn, marginals, remargin } from "./desk_find";
import { Desk, Span, accepted, addPart, follow, unaccepted, unsettled } from "./desk_part";
import { Suggest } from "./desk_suggest";
import { $, $$, composing, el, nowhere } from "./dom";

export interface Row {
  id: string; parent: string; sort: "comment" | "suggestion" | "reply"; state: string; from: number; to: number; quote: string; words: string; put: string;
  gone: boolean; changed: boolean; name: string; by: string; may_close: boolean; may_refuse: boolean; may_accept: boolean; mine: boolean;
  person: string; proposer: string;
}
export interface From { person: string; proposer: string; name: string; n: number }
interface Answer { seq: number; rows: Row[]; from: From[]; names: { name: string }[]; may_accept: boolean; open: number; problem: string; done: string; text?: string }
export interface Note { row: Row; from: number; to: number; replies: Row[] }
interface Kept { list: Note[]; deco: DecorationSet; box: { from: number; to: number } | null; on: string; late: boolean }

const LOOK_MS = 60000, WAIT_MS = 150, WAIT_MAX_MS = 15000, SHOWN = 200;

// ---- where they stand ----

export const setNotes = StateEffect.define<Note[]>();
const setBox = StateEffect.define<{ from: number; to: number } | null>();
const setOn = StateEffect.define<string>();

const low = (s: string, i: number): boolean => (s.charCodeAt(i) & 0xfc00) === 0xdc00;

/** What a suggestion changes without what it leaves as it is: an insertion is kept with a character beside it. */
export function hunk(n: { row: { quote: string; put: string }; from: number; to: number }): { from: number; to: number; ins: string } {
  const { quote: a, put: b } = n.row, most = Math.min(a.length, b.length);
  let x = 0, y = 0;
  while (x < most && a[x] === b[x]) x++;
  while (x > 0 && (low(a, x) || low(b, x))) x--;
  while (y < most - x && a[a.length - 1 - y] === b[b.length - 1 - y]) y++;
  while (y > 0 && (low(a, a.length - y) || low(b, b.length - y))) y--;
  return { from: n.from + x, to: n.to - y, ins: b.slice(x, b.length - y) };
}

export class Ins extends WidgetType {
  constructor(readonly text: string, readonly cls: string, readonly title: string) { super(); }
  eq(o: Ins): boolean { return o.text === this.text && o.cls === this.cls && o.title === this.title; }
  toDOM(): HTMLElement {
    const s = el("ins", this.cls, this.text.replace(/\n/g, "↵\n"));
    s.title = this.title;
    return s;
  }
  ignoreEvent(): boolean { return false; }
}

/** One's own words; what was only written down for another is refused where one may. */
const own = (r: Row): boolean => r.mine && !(r.proposer && r.may_refuse);

export const stale = (n: Note, s: EditorState["doc"]): boolean => s.sliceString(n.from, n.to) !== n.row.quote;

function marks(list: Note[], doc: EditorState["doc"], box: Kept["box"], on: string): DecorationSet {
  const out: Range<Decoration>[] = [];
  const mark = (cls: string, from: number, to: number, title: string): void => { if (to > from) out.push(Decoration.mark({ class: cls, attributes: { title } }).range(from, to)); };
  for (const n of list) {
    const { row } = n, is = row.id === on ? " nt-on" : "";
    if (row.sort === "comment") mark(`nt-c${is}`, n.from, n.to, `${row.name}：${row.words}`);
    else if (stale(n, doc)) mark(`nt-old${is}`, n.from, n.to, `${row.name}建议改的，原文已经改过`);
    else {
      const h = hunk(n), title = `${row.name}建议`;
      mark(`nt-del${is}`, h.from, h.to, title);
      if (h.ins) out.push(Decoration.widget({ widget: new Ins(h.ins, `nt-ins${is}`, title), side: -1 }).range(h.to));
    }
  }
  if (box) mark("nt-box-at", box.from, box.to, "");
  return Decoration.set(out, true);
}

export const notes = StateField.define<Kept>({
  create: () => ({ list: [], deco: Decoration.none, box: null, on: "", late: false }),
  update(v, tr) {
    let { list, deco, box, on, late } = v, anew = false;
    if (tr.docChanged && (list.length || box)) {
      const { changes } = tr;
      anew = list.some((n) => n.row.sort === "suggestion" && changes.touchesRange(n.from, n.to));
      list = list.map((n) => ({ ...n, ...follow(n, changes) }));
      box = box && follow(box, changes);
      deco = deco.map(changes);
    }
    for (const e of tr.effects) {
      if (e.is(setNotes)) { list = e.value; anew = true; }
      if (e.is(setBox)) { box = e.value; anew = true; }
      if (e.is(setOn)) { on = e.value; anew = true; }
    }
    // an input method must find the lines as it left them: what stands around its letters is drawn anew when they are a word
    if (anew && tr.isUserEvent("input.type.compose")) { anew = false; late = true; }
    if (anew) { deco = marks(list, tr.newDoc, box, on); late = false; }
    return list === v.list && deco === v.deco && box === v.box && on === v.on && late === v.late ? v : { list, deco, box, on, late };
  },
  provide: (f) => EditorView.decorations.from(f, (v) => v.deco),
});

// ---- the line to the server ----

export class Notes {
  view!: EditorView;
  seen = false;
  private asking = false; private again = false; private paneTimer = 0;
  private turn = 0; private taking = 0; // of the questions, and of the one whose answer stands
  readonly path: string;
  private drafts = new Map<string, string>(); // answers that are being written
  changed: () => void = () => undefined;
  busy: () => boolean = () => false; // desk_suggest.ts: one is being saved
  hidden: () => Set<string> = () => new Set(); // and those that are written at
  from: From[] = []; names: string[] = []; mayAccept = false;

  constructor(readonly mount: HTMLElement, readonly desk: () => Desk) { this.path = `/manuscripts/${mount.dataset.id}/notes`; }

  get list(): Note[] { return this.view.state.field(notes).list; }
  get on(): string { return this.view.state.field(notes).on; }

  /** Where the answer is, of a thing done; the list, of a question. */
  private async talk(fields?: Record<string, string | number>): Promise<{ location: string; turn: number; data?: Answer }> {
    const turn = ++this.turn;
    let body: FormData | undefined;
    if (fields) {
      body = new FormData();
      for (const [k, v] of Object.entries(fields)) body.append(k, String(v));
      body.append("csrf", $<HTMLInputElement>(".desk input[name=csrf]")?.value || $<HTMLInputElement>("input[name=csrf]")?.value || "");
    }
    let r: Response, j: { ok?: boolean; location?: string; data?: Answer } | null;
    try {
      r = await fetch(this.path, { method: body ? "POST" : "GET", body, headers: { Accept: "application/json" } });
      j = await r.json().catch(() => null);
    } catch { throw new Refused(0, "线路不通，没有办成"); }
    if (j?.data?.rows && !r.ok) this.take(j.data, turn); // what is in the way may be what another did
    if (fields && r.ok && j?.ok) return { location: j.location || "", turn };
    if (!r.ok || !j?.data?.rows) throw new Refused(r.status, j?.data?.problem || j?.data?.text || `没有办成（${r.status}）`);
    return { location: "", turn, data: j.data };
  }
  /** One thing done, the list not asked for; the number of a new one. */
  async post(fields: Record<string, string | number>): Promise<string> { return /#n(\d+)$/.exec((await this.talk(fields)).location)?.[1] || ""; }
  /** What stands now, with these effects at one stroke. */
  async look(more: () => StateEffect<unknown>[] = () => []): Promise<void> {
    const { data, turn } = await this.talk();
    this.take(data!, turn, more);
  }

  async refresh(): Promise<void> {
    if (this.asking) { this.again = true; return; }
    this.asking = true;
    try { await this.look(); } catch { /* no line, or not his any more: the desk tells it elsewhere */ } finally {
      this.asking = false;
      if (this.again) { this.again = false; setTimeout(() => void this.refresh(), WAIT_MS); }
    }
  }

  /** One thing done; what stands afterwards comes back. */
  async act(fields: Record<string, string | number>): Promise<boolean> {
    try { await this.talk(fields); await this.look(); return true; } catch (e) {
      this.desk().told((e as Error).message, true);
      return false;
    }
  }

  /** The text here is exactly the one the server has under this number; places can be named to it. -1: there is no line. */
  async settled(): Promise<number> {
    for (let ms = 0; ms < WAIT_MAX_MS; ms += WAIT_MS) {
      if (!composing() && !this.view.composing && !sendableUpdates(this.view.state).length) return Number(this.mount.dataset.seq || 0);
      await new Promise((done) => setTimeout(done, WAIT_MS));
    }
    return -1;
  }

  /** Those of the text behind update `seq`, into the text as it is here now. */
  private take(a: Answer, turn: number, more: () => StateEffect<unknown>[] = () => []): void {
    const { view } = this, s = view.state;
    if (view.composing || this.mount.dataset.held) { setTimeout(() => this.take(a, turn, more), WAIT_MS); return; }
    if (this.busy()) { this.again = true; if (!this.asking) setTimeout(() => void this.refresh(), WAIT_MS); return; } // one of these is on its way there just now
    if (turn < this.taking) { view.dispatch({ effects: more() }); return; } // asked earlier, answered later: what stands is newer
    this.taking = turn;
    const here = Number(this.mount.dataset.seq || 0) === a.seq, unsent = sendableUpdates(s).map((u) => u.changes), old = new Map(this.list.map((n) => [n.row.id, n]));
    const place = (r: Row): { from: number; to: number } => {
      const had = old.get(r.id), doc = s.doc;
      if (here) {
        const { from, to } = unsent.reduce<Span>(follow, r);
        return { from: Math.min(from, doc.length), to: Math.min(to, doc.length) };
      }
      if (had && had.row.quote === r.quote && had.row.put === r.put) return { from: had.from, to: had.to };
      // of another text than this: the nearest place where its words stand
      const text = doc.toString(), next = text.indexOf(r.quote, r.from), last = text.lastIndexOf(r.quote, r.from);
      const at = r.gone || (next < 0 && last < 0) ? -1 : last < 0 || (next >= 0 && next - r.from < r.from - last) ? next : last;
      return at < 0 ? { from: Math.min(r.from, doc.length), to: Math.min(r.gone ? r.from : r.to, doc.length) } : { from: at, to: at + r.quote.length };
    };
    const effects = more(), own = this.hidden(), heads = a.rows.filter((r) => r.sort !== "reply" && r.state === "open" && !own.has(r.id));
    const list = heads.map((row): Note => ({ row, ...place(row), replies: a.rows.filter((r) => r.parent === row.id) })).sort((x, y) => x.from - y.from);
    this.seen = true;
    this.from = a.from;
    this.names = a.names.map((n) => n.name);
    this.mayAccept = a.may_accept;
    view.dispatch({ effects: [...effects, setNotes.of(list), remargin.of(null)] });
    if (!here) setTimeout(() => { if (Number(this.mount.dataset.seq || 0) >= a.seq) void this.refresh(); }, 1000); // once the texts are one again their places are the server's
    this.changed();
  }

  // ---- moving along ----
  show(n: Note, focus = true): void {
    const { view } = this;
    view.dispatch({ selection: { anchor: n.from }, effects: [setOn.of(n.row.id), EditorView.scrollIntoView(n.from, { y: "center" }), remargin.of(null)] });
    $<HTMLElement>("[data-show=text]", this.desk().root)?.click();
    if (focus) view.focus();
  }

  step(by: 1 | -1): void {
    const { list, on } = this, at = this.view.state.selection.main.from, k = list.findIndex((n) => n.row.id === on), stands = k >= 0 && list[k].from === at;
    if (!list.length) { this.desk().told("没有未办的批注和建议"); return; }
    const next = stands ? list[k + by] : by > 0 ? list.find((n) => n.from >= at) : list.slice().reverse().find((n) => n.from < at);
    this.show(next || list[by > 0 ? 0 : list.length - 1]);
  }

  /** The one at the cursor. */
  current(): Note | null {
    const at = this.view.state.selection.main, v = this.list.filter((n) => n.from <= at.to && at.from <= n.to);
    return v.find((n) => n.row.id === this.on) || v[0] || null;
  }

  accept(n = this.current()): void {
    if (!n) { this.step(1); return; }
    const ok = n.row.sort === "comment" ? n.row.may_close : n.row.may_accept && !stale(n, this.view.state.doc);
    if (!ok) { this.desk().told(n.row.sort === "comment" ? "这条批注由提的人和能修改文稿的人解决" : stale(n, this.view.state.doc) ? "原文已经改过，请对照着自己改，再点“不采纳”" : "这条建议由能修改文稿的人采纳", true); return; }
    void this.close(n, "accept");
  }

  refuse(n = this.current()): void {
    if (!n) { this.step(1); return; }
    const how = own(n.row) ? "withdraw" : n.row.may_refuse ? "refuse" : "";
    if (how) void this.close(n, how); else this.desk().told(n.row.sort === "comment" ? "别人的批注不能撤回，看过了点“解决”" : "这条建议由能修改文稿的人定", true);
  }

  // ---- accepted, taken back, accepted again ----
  private readonly taken = new Map<string, string[]>(); // by the name of the update that it became
  /** The name of an update that the server will write for this editor: what follows it are these. */
  private client(ids: string[]): string {
    const name = `${getClientID(this.view.state)}a${this.taken.size.toString(36)}`;
    this.taken.set(name, ids);
    return name;
  }
  /** Undone in the text, it is open again; redone, it is done again. The text has to be the server's first; without a line it waits for one. */
  async follow(name: string, act: "reopen" | "accept"): Promise<void> {
    while ((await this.settled()) < 0) { /* until there is a line */ }
    try { for (const note of this.taken.get(name) || []) await this.post({ act, note }); } catch (e) { this.desk().told((e as Error).message, true); }
    await this.refresh();
  }

  private async close(n: Note, act: string): Promise<void> {
    const at = n.from;
    if (!(await this.act({ act, note: n.row.id, ...(act === "accept" && n.row.sort === "suggestion" ? { client: this.client([n.row.id]) } : {}) }))) return;
    this.drafts.delete(n.row.id);
    this.desk().told(act === "withdraw" ? "已撤回" : n.row.sort === "comment" ? "已解决" : act === "accept" ? "已采纳，Ctrl+Z撤销" : "没有采纳");
    const next = this.list.find((x) => x.from >= at);
    if (next && this.desk().root.contains(document.activeElement)) this.view.dispatch({ effects: [setOn.of(next.row.id), remargin.of(null)] });
  }

  async acceptAll(f: From): Promise<void> {
    const of = this.list.filter((n) => n.row.sort === "suggestion" && n.row.person === f.person && n.row.proposer === f.proposer).map((n) => n.row.id), client = this.client(of);
    if (!(await this.act({ act: "accept_all", person: f.person, proposer: f.proposer, client }))) return;
    this.taken.set(client, of.filter((id) => !this.list.some((n) => n.row.id === id)));
    const left = this.list.filter((n) => n.row.sort === "suggestion" && n.row.person === f.person && n.row.proposer === f.proposer).length;
    this.desk().told(left ? `采纳了${f.n - left}条，还有${left}条原文已经改过，请对照着自己改` : `采纳了${f.n}条`);
  }

  // ---- as cards ----
  card(n: Note, open: boolean): HTMLElement {
    const { row } = n, c = el("div", `fc nt ${row.sort}${open ? " on" : ""}`), head = el("div", "fc-head"), doc = this.view.state.doc;
    c.dataset.note = row.id;
    head.append(el("b", "nt-name", row.name));
    c.append(head);
    const change = (to: HTMLElement): void => {
      const h = hunk({ row, from: 0, to: row.quote.length }), was = row.quote.slice(h.from, h.to);
      if (was) to.append(el("del", "", was));
      else { const at = hunk(n).from, line = doc.lineAt(Math.min(at, doc.length)); to.append(el("span", "mute", doc.sliceString(Math.max(line.from, at - 6), at))); }
      to.append(h.ins ? el("ins", "", h.ins) : el("span", "mute", was ? " 删去" : ""));
    };
    if (!open) {
      const short = el("span", "fc-msg", row.sort === "comment" ? row.words : "");
      if (row.sort === "suggestion") change(short);
      head.append(short);
      if (row.sort === "suggestion" ? stale(n, doc) : n.to <= n.from && row.quote) head.append(el("span", "nt-gone", "原文已改"));
      if (n.replies.length) head.append(el("span", "nt-n", String(n.replies.length)));
      return c;
    }
    head.append(el("span", "mute nt-when", row.by.slice(row.name.length)));
    if (row.sort === "suggestion") { const p = el("p", "fc-fix"); change(p); c.append(p); }
    if (n.to <= n.from && row.quote) c.append(el("p", "nt-gone", `原文“${row.quote.slice(0, 30)}”已经删去`));
    else if (row.sort === "suggestion" && stale(n, doc)) c.append(el("p", "nt-gone", "原文已经改过，不能直接采纳"));
    if (row.words) c.append(el("p", "nt-words", row.words));
    for (const r of n.replies) { const p = el("p", "nt-re"); p.append(el("b", "", r.name), ` ${r.words} `, el("span", "mute", r.by.slice(r.name.length))); c.append(p); }
    c.append(this.acts(n));
    return c;
  }

  private acts(n: Note): HTMLElement {
    const { row } = n, acts = el("div", "fc-act"), button = (words: string, title: string, go: boolean, fn: () => void): void => {
      const b = el("button", `btn small${go ? "" : " quiet"}`, words) as HTMLButtonElement;
      b.type = "button"; b.title = title;
      b.addEventListener("click", fn);
      acts.append(b);
    };
    if (row.sort === "comment" && row.may_close) button("解决", "Alt+A", true, () => this.accept(n));
    if (row.may_accept && !stale(n, this.view.state.doc)) button("采纳", "Alt+A", true, () => this.accept(n));
    if (row.may_refuse && !own(row)) button("不采纳", "Alt+R", false, () => this.refuse(n));
    if (own(row)) button("撤回", "Alt+R", false, () => this.refuse(n));
    const f = document.createElement("form"), i = document.createElement("input");
    f.className = "nt-answer";
    i.className = "in"; i.maxLength = 2000; i.placeholder = "回复"; i.setAttribute("aria-label", "回复"); i.value = this.drafts.get(row.id) || "";
    i.addEventListener("input", () => this.drafts.set(row.id, i.value));
    i.addEventListener("keydown", (e) => { if (e.key === "Escape" && !composing(e)) { e.preventDefault(); e.stopPropagation(); this.view.focus(); } });
    f.addEventListener("submit", (e) => {
      e.preventDefault();
      const words = i.value.trim();
      if (!words || composing() || i.readOnly) return;
      i.readOnly = true; // once; and the cursor stays, since a key typed into no field may be one of the page's
      void this.act({ act: "reply", note: row.id, words }).then((ok) => {
        i.readOnly = false;
        if (!ok) return;
        this.drafts.delete(row.id);
        if (document.activeElement === i || nowhere()) this.view.focus(); // who went on to something else is left there
        this.view.dispatch({ effects: remargin.of(null) });
        this.pane();
      });
    });
    f.append(i);
    const all = el("div", "nt-foot");
    if (acts.firstChild) all.append(acts);
    all.append(f);
    return all;
  }

  answer(): void {
    const n = this.current(), here = (): boolean => {
      const i = n && $$<HTMLInputElement>(`.nt[data-note="${n.row.id}"] .nt-answer .in`, this.desk().root).find((x) => x.offsetParent);
      i?.focus();
      return !!i;
    };
    if (!n) { this.step(1); return; }
    if (here()) return;
    this.view.dispatch({ effects: [setOn.of(n.row.id), remargin.of(null)] });
    drawn.margin(); // at once: what is typed until the card were there would go into the text, or be taken for keys of the page
    here();
  }

  // ---- a new comment ----
  write(): void {
    const { view } = this, { from, to } = view.state.selection.main, host = this.desk().root;
    if (from === to) { this.desk().told("先选中要批注的字，再按Alt+M"); return; }
    if (to - from > 2000) { this.desk().told("一条批注最多选2000字", true); return; }
    const had = $(".nt-box", host), words = had && $<HTMLTextAreaElement>("textarea", had);
    if (words?.value.trim()) { // one place at a time: another's would be taken for this one's words
      words.focus();
      this.desk().told(had!.classList.contains("busy") ? "上一条批注正在存" : "先存下或不写这一条批注", true);
      return;
    }
    had?.remove();
    view.dispatch({ effects: setBox.of({ from, to }) });
    const box = el("form", "nt-box") as HTMLFormElement, area = document.createElement("textarea"), acts = el("div", "acts"), quote = view.state.sliceDoc(from, to);
    const c = view.coordsAtPos(to), r = host.getBoundingClientRect();
    area.className = "in"; area.rows = 3; area.maxLength = 2000; area.setAttribute("aria-label", "批注"); area.placeholder = matchMedia("(max-width: 820px)").matches ? "写意见" : "写意见，Ctrl+Enter 存，Esc 不写了";
    acts.innerHTML = '<button class="btn small go">批注</button><button type="button" class="btn small quiet" data-do="no">不写了</button>';
    box.append(el("p", "nt-quote", quote.length > 40 ? `${quote.slice(0, 28)}……${quote.slice(-8)}` : quote), area, acts);
    if (c) { box.style.left = `${Math.max(8, Math.min(r.width - 328, c.left - r.left - 40))}px`; box.style.top = `${c.bottom - r.top > r.height - 170 ? Math.max(8, c.top - r.top - 165) : c.bottom - r.top + 5}px`; }
    const end = (): void => { // kept late, it takes nobody's cursor out of another field
      const here = box.contains(document.activeElement) || nowhere();
      box.remove();
      view.dispatch({ effects: setBox.of(null) });
      if (here) view.focus();
    };
    $("[data-do=no]", box)!.addEventListener("click", end);
    box.addEventListener("keydown", (e) => {
      if (composing(e)) return;
      if (e.key === "Escape") end(); else if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) box.requestSubmit(); else return;
      e.preventDefault();
      e.stopPropagation();
    });
    box.addEventListener("submit", (e) => { e.preventDefault(); void this.keep(area, box, end); });
    host.append(box);
    area.focus();
  }

  private async keep(area: HTMLTextAreaElement, box: HTMLElement, end: () => void): Promise<void> {
    const words = area.value.trim();
    if (!words) { area.focus(); return; }
    if (box.classList.contains("busy")) return;
    box.classList.add("busy");
    const seq = await this.settled(), at = this.view.state.field(notes).box;
    if (seq < 0 || !at) this.desk().told("线路不通，批注还没有存下", true);
    else if (await this.act({ act: "comment", seq, from: at.from, to: at.to, words })) { end(); return; }
    box.classList.remove("busy"); // the words stay
  }

  // ---- all of them ----
  /** The text moved on: some say something else now. Looked at when it is at rest, and only where it is seen. */
  moved(): void {
    clearTimeout(this.paneTimer);
    this.paneTimer = window.setTimeout(() => { if ($("[data-pane=notes]", this.desk().root)?.offsetParent) this.pane(); }, 400);
  }

  pane(): void {
    const pane = $("[data-pane=notes]", this.desk().root), { list } = this, tab = $("[data-tab=notes] b", this.desk().root);
    if (tab) tab.textContent = list.length ? String(list.length) : "";
    if (!pane || (pane.contains(document.activeElement) && (document.activeElement as HTMLElement).matches("input, textarea"))) return;
    const top = pane.scrollTop;
    pane.textContent = "";
    const head = el("p", "nt-head"), a = el("a", "", "连办完的") as HTMLAnchorElement;
    a.href = `${this.path}?all=1`;
    head.append(el("span", "", !this.seen ? "正在取…" : list.length ? `${list.length}条未办` : "没有未办的批注和建议。选中几个字，按Alt+M写批注。"), a);
    pane.append(head);
    if (this.mayAccept) for (const f of this.from.filter((v) => v.n > 1)) {
      const p = el("p", "nt-from", `${f.name}　${f.n}条建议`), b = el("button", "btn small", "全部采纳") as HTMLButtonElement;
      b.type = "button";
      b.addEventListener("click", () => void this.acceptAll(f));
      p.append(b);
      pane.append(p);
    }
    for (const n of list.slice(0, SHOWN)) {
      const c = this.card(n, true), q = el("p", "nt-quote", n.row.sort === "comment" ? n.row.quote.slice(0, 60) || "（整篇）" : "");
      c.classList.toggle("here", n.row.id === this.on);
      c.tabIndex = 0;
      if (n.row.sort === "comment") c.insertBefore(q, c.children[1]);
      c.addEventListener("click", (e) => { if (!(e.target as Element).closest("button, a, input")) this.show(n); });
      pane.append(c);
    }
    if (list.length > SHOWN) pane.append(el("p", "mute", `还有${list.length - SHOWN}条，办完一些再看，或到“连办完的”里看。`));
    pane.scrollTop = top;
  }
}

function panes(x: Notes, suggest: Suggest, root: HTMLElement): void {
  const tab = el("button", "", "批注") as HTMLButtonElement, pane = el("div", "dk-pane"), acts = el("span", "nt-acts");
  tab.type = "button"; tab.dataset.tab = "notes"; tab.append(el("b", ""));
  pane.dataset.pane = "notes"; pane.hidden = true;
  $(".dk-tabs [data-tab=file]", root)?.before(tab);
  $(".dk-right", root)?.append(pane);
  acts.innerHTML = '<button type="button" class="btn small quiet" data-do="note" title="选中几个字，Alt+M">批注</button><button type="button" class="btn small quiet" data-do="suggest" title="Alt+S" aria-pressed="false">建议修改</button>';
  $(".dk-acts", root)?.before(acts);
  acts.addEventListener("mousedown", (e) => e.preventDefault()); // the selection stays
  acts.addEventListener("click", (e) => { const b = (e.target as Element).closest<HTMLElement>("[data-do]"); if (b?.dataset.do === "note") x.write(); if (b?.dataset.do === "suggest") suggest.turn(); });
  pane.addEventListener("keydown", (e) => {
    const c = e.target as HTMLElement, k = e.key === "ArrowDown" ? c.nextElementSibling : e.key === "ArrowUp" ? c.previousElementSibling : null;
    if (!c.matches(".nt")) return;
    if (k instanceof HTMLElement && k.matches(".nt")) { e.preventDefault(); k.focus(); }
    if (e.key === "Enter") { e.preventDefault(); c.click(); }
  });
}

/** In a meeting one writes for all: who says it is named, and what he says is kept as his suggestion until it is settled. */
function room(x: Notes, suggest: Suggest): void {
  unsettled.push(() => x.list.map((n) => ({ from: n.from, to: n.to, card: () => {
    const c = x.card(n, true);
    c.addEventListener("click", (e) => { if (!(e.target as Element).closest("button, a, input")) x.show(n); });
    return c;
  } })));
  x.mount.addEventListener("staged", (e) => {
    const bar = (e as CustomEvent<HTMLElement | null>).detail;
    if (!bar) { suggest.proposer = ""; suggest.turn(false); return; }
    const f = el("form", "nt-room") as HTMLFormElement, i = document.createElement("input"), list = document.createElement("datalist");
    list.id = "nt-names";
    for (const name of x.names) { const o = document.createElement("option"); o.value = name; list.append(o); }
    i.className = "in"; i.maxLength = 30; i.placeholder = "谁提的（空着为直接改）"; i.setAttribute("aria-label", "谁提的"); i.setAttribute("list", list.id);
    const take = (): void => {
      const name = i.value.trim();
      suggest.proposer = name;
      suggest.turn(!!name);
      x.desk().told(name ? `${name}提的先记成建议，Alt+A采纳，Alt+R不采纳` : "写的直接进正文");
    };
    i.addEventListener("change", take);
    f.addEventListener("submit", (k) => { k.preventDefault(); take(); x.view.focus(); });
    f.append(i, list);
    bar.append(f);
  });
}

function keys(x: Notes, suggest: Suggest): void {
  document.addEventListener("keydown", (e) => {
    if (composing(e) || !e.altKey || e.ctrlKey || e.metaKey || e.shiftKey || $("dialog[open]")) return;
    const k = e.key.toLowerCase();
    if (k === "m") x.write();
    else if (k === "j") x.step(1);
    else if (k === "k") x.step(-1);
    else if (k === "a") x.accept();
    else if (k === "r") x.refuse();
    else if (k === "l") x.answer();
    else if (k === "s") suggest.turn();
    else return;
    e.preventDefault();
    e.stopPropagation(); // the editor selects a line by Alt+L
  }, true);
}

addPart((mount, desk) => {
  if (!mount.dataset.id) return [];
  const x = new Notes(mount, desk), suggest = new Suggest(x);
  x.changed = () => { x.pane(); mount.dispatchEvent(new Event("restage")); };
  marginals.push((s, from, to) => {
    const { list, on } = s.field(notes);
    return list.filter((n) => n.from <= to && n.to >= from).map((n): Marginal => ({ from: n.from, to: n.to, wanted: n.row.id === on, card: (open) => x.card(n, open), show: () => x.show(n) }));
  });
  const undoing = invertedEffects.of((tr) => tr.effects.flatMap((e) => (e.is(accepted) ? [unaccepted.of(e.value)] : e.is(unaccepted) ? [accepted.of(e.value)] : [])));
  const word = EditorView.domEventHandlers({ compositionend: (_e, view) => {
    setTimeout(() => { const { late, on } = view.state.field(notes); if (late && !view.composing) view.dispatch({ effects: setOn.of(on) }); }, 60);
  } });
  return [notes, undoing, word, suggest.extension, ViewPlugin.define((view) => {
    let timer = 0;
    const come = (): void => { clearTimeout(timer); timer = window.setTimeout(() => void x.refresh(), 80); };
    x.view = view;
    queueMicrotask(() => { panes(x, suggest, desk().root); keys(x, suggest); room(x, suggest); x.pane(); come(); });
    mount.addEventListener("noted", come);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) come(); });
    const look = window.setInterval(() => { if (!document.hidden) come(); }, LOOK_MS); // of another node of the program nothing is heard
    const undone = (u: ViewUpdate): void => {
      for (const tr of u.transactions) for (const e of tr.effects) if (e.is(unaccepted)) void x.follow(e.value, "reopen"); else if (e.is(accepted) && tr.isUserEvent("redo")) void x.follow(e.value, "accept");
    };
    return { update: (u) => { undone(u); if (u.docChanged && u.state.field(notes).list.length) x.moved(); }, destroy: () => { clearInterval(look); mount.removeEventListener("noted", come); } };
  })];
});
