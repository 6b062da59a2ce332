// Suggestion mode (修改建议): what is typed or deleted leaves the text as it is and becomes suggestions, by whoever may read it. A change is turned
// aside before it is made (a transaction filter). Only a word that an input method composes stands in the text until it is finished, because the
// method must find its own letters there; it is taken out again before anything is sent (data-held, desk_sync.ts).
import { receiveUpdates, sendableUpdates } from "@codemirror/collab";
import { ChangeSet, Compartment, EditorState, Prec, Range, StateEffect, StateField, Text, Transaction, TransactionSpec } from "@codemirror/state";
import { Decoration, DecorationSet, EditorView, ViewPlugin, ViewUpdate, keymap } from "@codemirror/view";
import { Refused } from "./desk_ask";
import { Ins, Note, Notes, hunk, notes, setNotes, stale } from "./desk_notes";
import { follow } from "./desk_part";
import { $ } from "./dom";

const SAVE_MS = 1200, AGAIN_MS = 5000, ENDED_MS = 40;

/** One that is being written: these words away, those in their place. */
interface Draft { key: number; id: string; from: number; to: number; put: string; version: number; bad: boolean; proposer: string }
interface Mode { on: boolean; list: Draft[]; deco: DecorationSet }
interface Change { from: number; to: number; insert: string }

const setDrafts = StateEffect.define<Draft[]>(), setOn = StateEffect.define<boolean>();
let keys = 0;

function marks(list: Draft[]): DecorationSet {
  const out: Range<Decoration>[] = [];
  for (const d of list) {
    if (d.to > d.from) out.push(Decoration.mark({ class: "nt-del nt-mine" }).range(d.from, d.to));
    if (d.put) out.push(Decoration.widget({ widget: new Ins(d.put, "nt-ins nt-mine", "正在写的建议"), side: -1 }).range(d.to));
  }
  return Decoration.set(out, true);
}

const mode = StateField.define<Mode>({
  create: () => ({ on: false, list: [], deco: Decoration.none }),
  update(v, tr) {
    let { on, list, deco } = v;
    if (tr.docChanged && list.length) {
      const { changes } = tr;
      list = list.map((d) => ({ ...d, ...follow(d, changes) }));
      deco = marks(list);
    }
    for (const e of tr.effects) {
      if (e.is(setDrafts)) { list = e.value; deco = marks(list); }
      if (e.is(setOn)) on = e.value;
    }
    return on === v.on && list === v.list && deco === v.deco ? v : { on, list, deco };
  },
  provide: (f) => EditorView.decorations.from(f, (v) => v.deco),
});

const size = (s: string, at: number): number => (/[\ud800-\udbff]/.test(s[at] || "") ? 2 : 1);

export class Suggest {
  private readonly editable = new Compartment();
  private composing = false; private pend: ChangeSet | null = null; private endTimer = 0;
  private before: { doc: Text; drafts: Draft[]; notes: Note[]; unsent: number } | null = null;
  private timer = 0; private saving = false;
  private made: string[] = []; // of this sitting, the last one last
  proposer = ""; // who says it in the room, where another writes it down

  constructor(private readonly x: Notes) {
    x.busy = () => this.saving;
    x.hidden = () => new Set(this.drafts.map((d) => d.id));
    window.addEventListener("beforeunload", (e) => { if (this.drafts.some((d) => !d.bad)) e.preventDefault(); });
  }

  get on(): boolean { return this.x.view.state.field(mode).on; }
  private get drafts(): Draft[] { return this.x.view?.state.field(mode).list || []; }

  turn(on = !this.on): void {
    const { view } = this.x, { root } = this.x.desk();
    if (on === this.on) return;
    view.dispatch({ effects: [setOn.of(on), this.editable.reconfigure(on ? Prec.highest([EditorState.readOnly.of(false), EditorView.editable.of(true)]) : [])] });
    root.classList.toggle("suggesting", on);
    const b = $("[data-do=suggest]", root);
    b?.classList.toggle("on", on);
    b?.setAttribute("aria-pressed", String(on));
    this.x.desk().told(on ? "写的、删的都先作为建议，不改正文；再按Alt+S退出" : "");
    if (!on) void this.save();
    view.focus();
  }

  // ---- a change turned aside ----

  /** What stands touched is one with it; own ones that were saved are taken up again. */
  private take(s: { drafts: Draft[]; notes: Note[]; doc: Text }, c: Change, back: boolean): number {
    for (const n of s.notes.filter((v) => v.row.sort === "suggestion" && v.row.mine && v.row.proposer === this.proposer && !stale(v, s.doc))) {
      const h = hunk(n);
      if (h.from > c.to || h.to < c.from) continue;
      s.notes = s.notes.filter((v) => v !== n);
      s.drafts = s.drafts.concat({ key: ++keys, id: n.row.id, from: h.from, to: h.to, put: h.ins, version: 0, bad: false, proposer: this.proposer });
    }
    let near = s.drafts.filter((d) => d.proposer === this.proposer && d.from <= c.to && d.to >= c.from).sort((a, b) => a.from - b.from || a.to - b.to);
    const typed = c.from === c.to, ends = near.find((d) => d.to === c.to && d.put);
    if (back && ends) { // the last of what was put in goes first
      const put = ends.put.slice(0, ends.put.length - (/[\udc00-\udfff]$/.test(ends.put) ? 2 : 1));
      this.put(s, [ends], { ...ends, put });
      return c.to;
    }
    // in front of what was put in: one of its own
    if (typed) { const at = near.find((d) => d.to === c.from) || near.find((d) => d.from < c.from || !d.put); near = at ? [at] : []; }
    let put = "", before = true;
    for (const d of near) {
      const covered = !typed && d.from >= c.from && d.to <= c.to && !(d.from === d.to && (d.to === c.from || d.from === c.to));
      if (before && d.from >= c.from && !(typed && d.to === c.from) && !(d.to === c.from)) { put += c.insert; before = false; }
      if (!covered) put += d.put;
    }
    if (before) put += c.insert;
    const from = Math.min(c.from, ...near.map((d) => d.from)), to = Math.max(c.to, ...near.map((d) => d.to)), own = near.find((d) => d.id) || near[0];
    this.put(s, near, { key: own?.key || ++keys, id: own?.id || "", from, to, put, version: own?.version || 0, bad: false, proposer: this.proposer });
    return put || !back ? to : from;
  }

  private put(s: { drafts: Draft[]; doc: Text }, old: Draft[], d: Draft): void {
    const none = s.doc.sliceString(d.from, d.to) === d.put;
    // of several that were saved one goes on, the others are withdrawn as empty ones
    const empty = old.filter((o) => o.id && o.id !== d.id).map((o): Draft => ({ ...o, to: o.from, put: "", version: o.version + 1 }));
    s.drafts = s.drafts.filter((o) => !old.includes(o)).concat(empty, none && !d.id ? [] : [{ ...d, ...(none ? { to: d.from, put: "" } : {}), version: d.version + 1 }]);
  }

  private aside(state: EditorState, changes: Change[], back: boolean): TransactionSpec {
    const was = state.field(notes).list, s = { drafts: state.field(mode).list, notes: was, doc: state.doc };
    let at = state.selection.main.head;
    for (const c of changes.slice().reverse()) at = this.take(s, c, back);
    this.soon();
    return { effects: [setDrafts.of(s.drafts), ...(s.notes === was ? [] : [setNotes.of(s.notes)])], ...(changes.length === 1 ? { selection: { anchor: at } } : {}), scrollIntoView: true };
  }

  private filter = EditorState.transactionFilter.of((tr) => {
    if (!tr.docChanged || !tr.startState.field(mode).on || this.composing || this.pend || tr.annotation(Transaction.remote) || tr.isUserEvent("sync")) return tr;
    if (tr.isUserEvent("undo") || tr.isUserEvent("redo")) return [];
    const changes: Change[] = [];
    tr.changes.iterChanges((from, to, _a, _b, ins) => changes.push({ from, to, insert: ins.toString() }));
    return [{ effects: tr.effects }, { ...this.aside(tr.startState, changes, tr.isUserEvent("delete.backward")), sequential: true }];
  });

  // ---- a word that is composed ----
  private seen(u: ViewUpdate): void {
    if (!u.docChanged || !u.startState.field(mode).on || u.transactions.some((t) => t.docChanged && (t.annotation(Transaction.remote) || t.isUserEvent("sync")))) return;
    if (!this.composing && !this.pend) return;
    if (!this.before) this.before = { doc: u.startState.doc, drafts: u.startState.field(mode).list, notes: u.startState.field(notes).list, unsent: sendableUpdates(u.startState).length };
    this.pend = this.pend ? this.pend.compose(u.changes as ChangeSet) : u.changes as ChangeSet;
    this.x.mount.dataset.held = "1";
  }

  private ended(): void {
    clearTimeout(this.endTimer);
    this.endTimer = window.setTimeout(() => {
      if (this.composing) return;
      const { pend, before } = this, { view, mount } = this.x;
      if (pend && before) {
        const changes: Change[] = [];
        pend.iterChanges((from, to, _a, _b, ins) => changes.push({ from, to, insert: ins.toString() }));
        const s = { drafts: before.drafts, notes: before.notes, doc: before.doc };
        let at = view.state.selection.main.head;
        for (const c of changes.slice().reverse()) at = this.take(s, c, false);
        view.dispatch({ changes: pend.invert(before.doc), effects: [setDrafts.of(s.drafts), setNotes.of(s.notes)], selection: { anchor: Math.min(at, before.doc.length) },
          annotations: Transaction.addToHistory.of(false), filter: false, scrollIntoView: true });
        this.pend = this.before = null;
        // there and back again: nothing that anybody has to hear of
        const all = sendableUpdates(view.state);
        if (!before.unsent && all.length) view.dispatch(receiveUpdates(view.state, all.map((o) => ({ changes: o.changes, clientID: o.clientID }))));
        mount.dataset.unsent = String(sendableUpdates(view.state).length);
        this.soon();
      }
      delete mount.dataset.held;
    }, ENDED_MS);
  }

  // ---- saving ----
  private soon(ms = SAVE_MS): void { clearTimeout(this.timer); this.timer = window.setTimeout(() => void this.save(), ms); }

  private async save(): Promise<void> {
    if (this.saving || !this.drafts.some((d) => !d.bad)) return;
    const seq = await this.x.settled();
    if (seq < 0 || this.saving) { if (seq < 0) this.x.desk().told("线路不通，建议还没有存下，通了自动存", true); this.soon(AGAIN_MS); return; }
    const d = this.drafts.find((v) => !v.bad);
    if (!d) return;
    this.saving = true;
    try {
      const id = await this.keep(d, seq), now = this.drafts.find((v) => v.key === d.key);
      if (id && !this.made.includes(id)) this.made.push(id);
      this.saving = false;
      if (now && now.version === d.version) await this.x.look(() => [setDrafts.of(this.drafts.filter((v) => v.key !== d.key || v.version !== d.version))]);
      else this.change(d.key, { id });
    } catch (e) {
      this.saving = false;
      const why = e instanceof Refused ? e : new Refused(-1, String(e));
      this.x.desk().told(why.message, true);
      if (why.status === 409) this.x.view.dispatch({ effects: setDrafts.of(this.drafts.filter((v) => v.key !== d.key)) }); // somebody has settled it
      else if (why.status !== 0) this.change(d.key, { bad: true });
      if (why.status === 0) { this.soon(AGAIN_MS); return; }
    }
    if (this.drafts.some((v) => !v.bad)) this.soon(0);
  }
  private change(key: number, x: Partial<Draft>): void { this.x.view.dispatch({ effects: setDrafts.of(this.drafts.map((v) => (v.key === key ? { ...v, ...x } : v))) }); }

  /** As the server keeps it: what is only put in is kept with a character beside it, so that it knows its place. */
  private async keep(d: Draft, seq: number): Promise<string> {
    const { doc } = this.x.view.state, text = (a: number, b: number): string => doc.sliceString(a, b);
    let { from, to, put } = d;
    if (from === to && !put) { if (d.id) await this.x.post({ act: "withdraw", note: d.id }); return ""; }
    if (from === to) {
      const line = doc.lineAt(from), front = from > line.from || (from === line.to && from > 0);
      if (front) { const n = from > 1 && size(text(from - 2, from), 0) === 2 ? 2 : 1; from -= n; put = text(from, to) + put; } else if (to < doc.length) { const n = size(text(to, to + 2), 0); put += text(to, to + n); to += n; }
    }
    if (d.id) { await this.x.post({ act: "revise", note: d.id, seq, from, to, put }); return d.id; }
    return this.x.post({ act: "suggest", seq, from, to, put, proposer: d.proposer });
  }

  /** The last one of this sitting goes away again. */
  private undo(): boolean {
    const { view } = this.x, d = this.drafts[this.drafts.length - 1];
    if (!this.on) return false;
    if (d && !this.saving) {
      view.dispatch({ effects: setDrafts.of(d.id ? this.drafts.map((v) => (v === d ? { ...v, to: v.from, put: "", version: v.version + 1 } : v)) : this.drafts.filter((v) => v !== d)), selection: { anchor: d.from } });
      this.soon();
      return true;
    }
    while (this.made.length) {
      const id = this.made.pop()!, n = this.x.list.find((v) => v.row.id === id);
      if (n) { this.x.refuse(n); return true; }
    }
    this.x.desk().told("没有可以撤回的建议。要撤销对正文的修改，先按Alt+S退出");
    return true;
  }

  get extension() {
    return [mode, this.filter, this.editable.of([]),
      Prec.high(keymap.of([{ key: "Mod-z", run: () => this.undo() }])),
      ViewPlugin.define(() => ({ update: (u) => this.seen(u) })),
      EditorView.domEventObservers({ compositionstart: () => { this.composing = true; }, compositionend: () => { this.composing = false; this.ended(); } })];
  }
}
