// Several people in one manuscript. The server holds the order of updates (docs/design/desk.md): what is typed goes there composed into one change,
// follows what others wrote or comes back with it, is mapped and sent again. A stream says that there is more, and who stands where.
// What is not acknowledged stays on this device (not of 工作秘密), and is merged when the page is opened again, in whatever window.
import { collab, receiveUpdates, sendableUpdates } from "@codemirror/collab";
import { isolateHistory } from "@codemirror/commands";
import { Annotation, ChangeSet, Extension, StateEffect, StateField, Transaction } from "@codemirror/state";
import { Decoration, DecorationSet, EditorView, ViewPlugin, ViewUpdate, WidgetType, keymap } from "@codemirror/view";
import { accepted } from "./desk_part";
import { $, $$, composing, el } from "./dom";

/** What the desk offers: a line that tells the state, and one for what happened. */
export interface SyncHost { status(what: string, bad?: boolean): void; told(what: string, bad?: boolean): void }
interface Row { seq: number; client: string; number: number; changes: string; by: string }
interface Answer { seq: number; taken: boolean; updates: Row[] }
interface Kept { client: string; seq: number; first: number; changes: unknown[]; beat: number }

const REST_MS = 250, CALM_MS = 40, AGAIN_MS = 1000, FIRST_MS = 8000, AGAIN_MAX_MS = 15000, ASK_MS = 20000, BEAT_MS = 2000, LEFT_MS = 6000, HERE_MS = 400, LOOK_MS = 10000, QUIET_MS = 60000, SLEPT_MS = 12000, WEEK = 7 * 86400000;

// ---- who stands where ----

interface Place { client: string; name: string; anchor: number; head: number; colour: number }
const placeAt = StateEffect.define<Place>(), placeGone = StateEffect.define<string>();

class Caret extends WidgetType {
  constructor(readonly name: string, readonly colour: number) { super(); }
  eq(o: Caret): boolean { return o.name === this.name && o.colour === this.colour; }
  toDOM(): HTMLElement {
    const s = el("span", `ds-caret ds-${this.colour}`);
    s.append(el("span", "ds-name", this.name));
    s.setAttribute("aria-hidden", "true");
    return s;
  }
  ignoreEvent(): boolean { return true; }
}

const places = StateField.define<Place[]>({
  create: () => [],
  update(v, tr) {
    if (tr.docChanged) v = v.map((p) => ({ ...p, anchor: tr.changes.mapPos(p.anchor), head: tr.changes.mapPos(p.head) }));
    for (const e of tr.effects) {
      if (e.is(placeGone)) v = v.filter((p) => p.client !== e.value);
      if (e.is(placeAt)) v = v.filter((p) => p.client !== e.value.client).concat([{ ...e.value, anchor: Math.min(e.value.anchor, tr.newDoc.length), head: Math.min(e.value.head, tr.newDoc.length) }]);
    }
    return v;
  },
  provide: (f) => EditorView.decorations.from(f, (v): DecorationSet => Decoration.set(v.flatMap((p) => {
    const from = Math.min(p.anchor, p.head), to = Math.max(p.anchor, p.head);
    const caret = Decoration.widget({ widget: new Caret(p.name, p.colour), side: 1 }).range(p.head);
    return to > from ? [Decoration.mark({ class: `ds-sel ds-${p.colour}` }).range(from, to), caret] : [caret];
  }), true)),
});

// ---- what is kept on the device ----

class Shelf {
  private readonly head: string;
  constructor(who: string, id: string, readonly open: boolean) { this.head = `desk:sync:${who}:${id}:`; }
  put(k: Kept | null, client: string): void {
    if (!this.open) return;
    try { if (k) localStorage.setItem(this.head + client, JSON.stringify(k)); else localStorage.removeItem(this.head + client); } catch { /* full or off */ }
  }
  /** What a window that is gone did not get to the server; the oldest. */
  left(not = ""): Kept | null {
    const found: Kept[] = [];
    if (!this.open) return null;
    try {
      for (const key of Object.keys(localStorage)) {
        if (!key.startsWith(this.head)) continue;
        const k = JSON.parse(localStorage.getItem(key) || "null") as Kept;
        if (k?.client === not) continue;
        if (!k || Date.now() - k.beat > WEEK && k.beat) localStorage.removeItem(key); else if (Date.now() - k.beat > LEFT_MS) found.push(k);
      }
    } catch { return null; }
    return found.sort((a, b) => a.beat - b.beat)[0] || null;
  }
}

// ---- the line to the server ----

class Refused extends Error {
  constructor(readonly status: number, why: string) { super(why); }
}

async function talk(path: string, fields?: Record<string, string | number>): Promise<Answer> {
  const stop = new AbortController(), timer = setTimeout(() => stop.abort(), ASK_MS);
  let body: URLSearchParams | undefined;
  if (fields) {
    body = new URLSearchParams();
    for (const [k, v] of Object.entries(fields)) body.append(k, String(v));
    body.append("csrf", $<HTMLInputElement>("input[name=csrf]")?.value || "");
  }
  try {
    const r = await fetch(path, { method: body ? "POST" : "GET", body, headers: { Accept: "application/json" }, signal: stop.signal });
    const j = await r.json().catch(() => null);
    if (r.ok && j?.data?.updates || r.status === 409 && j?.data?.updates) return j.data as Answer;
    if (r.status >= 500 || r.status === 429) throw new Refused(0, "");
    throw new Refused(r.status, r.redirected || r.status === 401 || !j ? "登录已经过期，请在另一个窗口登录" : j.data?.text || `没有办成（${r.status}）`);
  } catch (e) {
    if (e instanceof Refused) throw e;
    throw new Refused(0, "");
  } finally { clearTimeout(timer); }
}

class Sync {
  private view!: EditorView;
  private seq: number;       // of the server, that this text stands on
  private acked: number;     // changes of this client that the server has
  private busy = false; private stopped = false; private want = false; private wait = AGAIN_MS;
  private timer = 0; private due = 0; private hereTimer = 0; private keepTimer = 0; private lookTimer = 0;
  private stream: EventSource | null = null; private last = "";
  private sending = false;   // a form waits for what was just written
  private gone = false;      // the page is being left: what it keeps is the next one's at once
  private heard = Date.now(); private beat = Date.now();
  readonly client: string;
  private readonly path: string; private readonly shelf: Shelf; private left: Kept | null;

  constructor(private readonly mount: HTMLElement, private readonly host: () => SyncHost, private readonly writes: boolean) {
    const closed = !!$("#main")?.hasAttribute("data-closed"), id = mount.dataset.id || "";
    this.path = `/manuscripts/${id}`;
    this.seq = Number(mount.dataset.seq || 0);
    this.shelf = new Shelf(mount.dataset.person || "", id, !closed && writes);
    this.left = this.shelf.left();
    this.client = this.left?.client || Array.from(crypto.getRandomValues(new Uint32Array(3)), (n) => n.toString(36)).join("").slice(0, 20);
    this.acked = this.left ? this.left.first - 1 : 0;
    if (this.left) this.shelf.put({ ...this.left, beat: Date.now() }, this.client); // no other window takes it as well
  }

  start(view: EditorView): void {
    this.view = view;
    this.say("");
    this.connect();
    // a stream may look open while nothing comes through it any more
    this.lookTimer = window.setInterval(() => { if (!document.hidden && (this.stream?.readyState !== EventSource.OPEN || Date.now() - this.heard > QUIET_MS)) { this.want = true; this.soon(0); } }, LOOK_MS);
    document.addEventListener("visibilitychange", () => { if (document.hidden) { this.stream?.close(); this.stream = null; this.keep(); } else this.awake(); });
    window.addEventListener("online", () => this.awake());
    window.addEventListener("pagehide", () => { this.keep(0); this.gone = true; this.leave(); });
    window.addEventListener("pageshow", (e) => { this.gone = false; if (e.persisted) this.awake(); });
    document.addEventListener("submit", (e) => this.first(e), true);
    window.addEventListener("beforeunload", (e) => { if (this.unsent().length && !this.shelf.open) e.preventDefault(); });
    window.setInterval(() => {
      const now = Date.now(), slept = now - this.beat > SLEPT_MS;
      this.beat = now;
      if (slept && !document.hidden) this.awake();
      if (!this.writes) return;
      if (this.unsent().length) this.keep();
      if (!this.left && !this.stopped && (this.left = this.shelf.left(this.client))) { this.shelf.put({ ...this.left, beat: Date.now() }, this.left.client); this.soon(0); } // of a window closed just now
    }, BEAT_MS);
    this.want = true;
    this.soon(0);
  }

  /** The machine was asleep, or the window away: the line is another, and much may have been written. */
  private awake(): void {
    this.wait = AGAIN_MS;
    this.stream?.close();
    this.stream = null;
    this.connect();
    this.want = true;
    this.soon(0);
  }

  private unsent() { return sendableUpdates(this.view.state); }

  /** The state for the person, and for whoever looks at the mount. */
  private say(what: string, bad = false): void {
    const n = this.unsent().length;
    this.mount.dataset.seq = String(this.seq);
    this.mount.dataset.unsent = String(n);
    if (what || this.writes) this.host().status(what || (n ? "正在保存…" : "已保存"), bad);
  }

  // ---- keeping ----
  private keep(beat = Date.now()): void {
    const u = this.unsent();
    if (this.gone || this.mount.dataset.held || this.left?.client === this.client) return; // what was taken over is not merged yet, and stays as it was
    this.shelf.put(u.length ? { client: this.client, seq: this.seq, first: this.acked + 1, changes: u.map((x) => x.changes.toJSON()), beat } : null, this.client);
  }

  /** What a window left: its changes over what was written since, without those the server had got. */
  private async takeOver(): Promise<void> {
    const left = this.left!, here = this.seq;
    let acked = left.first - 1, mine = left.changes.map((j) => ChangeSet.fromJSON(j)), over: ChangeSet | null = null, at = left.seq;
    const map = (u: ChangeSet): ChangeSet => { if (!over) return u; const r = u.map(over); over = over.map(u, true); return r; };
    while (at < here) {
      const a = await this.calm(talk(`${this.path}/changes?after=${at}`));
      for (const r of a.updates) {
        if (r.seq > here) break;
        at = r.seq;
        if (r.client === left.client && r.number > acked) {
          for (; acked < r.number && mine.length; acked++) { const u = mine.shift()!; if (over) over = over.map(u, true); }
        } else {
          const c = ChangeSet.fromJSON(JSON.parse(r.changes));
          over = over ? over.compose(c) : c;
        }
      }
      if (!a.updates.length) break;
    }
    if (left.client === this.client) this.acked = acked;
    // typed since this window was opened stays: what is put in now goes under it
    mine = mine.map(map);
    const typed = this.unsent().map((u) => u.changes);
    for (const u of mine) {
      let c = u;
      for (let i = 0; i < typed.length; i++) { const t = typed[i]; typed[i] = t.map(c, true); c = c.map(t); }
      this.view.dispatch({ changes: c, userEvent: "sync.left" });
    }
    this.left = null;
    if (left.client !== this.client) this.shelf.put(null, left.client);
    this.keep();
    if (mine.length) this.host().told("上次没有送到的修改已经并入");
  }

  // ---- out and in ----
  /** Run within so many ms; what was going to run earlier still does: who types without a rest is heard all the same. */
  soon(ms = REST_MS): void {
    const due = performance.now() + ms;
    if (this.timer && this.due <= due) return;
    clearTimeout(this.timer);
    this.due = due;
    this.timer = window.setTimeout(() => { this.timer = 0; void this.run(); }, ms);
  }

  private receive(rows: Row[]): void {
    for (const r of rows) {
      if (r.seq !== this.seq + 1) continue;
      const own = r.client === this.client && r.number > this.acked;
      if (own) {
        this.confirm(r.number);
      } else this.others(r);
      this.seq = r.seq;
    }
  }

  /** What another wrote. A suggestion that was accepted in this editor was written by the server, but it is this person's doing: it stands in the
   * history, and what undoes it is an edit like any other. */
  private others(r: Row): void {
    const { state } = this.view, tr = receiveUpdates(state, [{ changes: ChangeSet.fromJSON(JSON.parse(r.changes)), clientID: r.client + "'" }]);
    if (r.number || !r.client.startsWith(this.client) || r.by !== this.mount.dataset.person) { this.view.dispatch(tr); return; }
    const { annotations } = tr as unknown as { annotations: Annotation<unknown>[] }; // the collab module's own is among them; of one type the first counts
    this.view.dispatch(state.update({ changes: tr.changes, effects: [...tr.effects, accepted.of(r.client)], filter: false,
      annotations: [Transaction.addToHistory.of(true), isolateHistory.of("full"), ...annotations] }));
  }

  /** What is done with the manuscript (送核, 存一稿) is done with what stands on the screen: it is stored first, or nothing is sent. */
  private first(e: SubmitEvent): void {
    const form = e.target as HTMLFormElement;
    if (!(form.getAttribute("action") || "").startsWith(this.path + "/") || this.stopped || !this.unsent().length) return;
    e.preventDefault();
    e.stopImmediatePropagation();
    if (this.sending) return; // clicked once more while the first waits
    this.sending = true;
    const until = Date.now() + FIRST_MS;
    const look = (): void => {
      if (!this.unsent().length) { this.sending = false; form.requestSubmit(e.submitter); }
      else if (Date.now() > until) { this.sending = false; this.host().told("刚写的还没有保存，没有送出；线路通了再点一次", true); }
      else { this.now(); window.setTimeout(look, 80); }
    };
    look();
  }

  /** The server has this client's changes up to this one. */
  private confirm(number: number): void {
    const known = this.unsent().slice(0, number - this.acked);
    this.view.dispatch(receiveUpdates(this.view.state, known.map((u) => ({ changes: u.changes, clientID: this.client }))));
    this.acked = number;
  }

  // An input method finds the lines as it left them: what comes meanwhile waits until its word is finished, or the word may be broken off.
  private get composes(): boolean { return composing() || this.view.composing; }
  private async calm<T>(answer: Promise<T>): Promise<T> {
    const a = await answer;
    while (this.composes && !this.stopped) await new Promise((r) => setTimeout(r, CALM_MS));
    return a;
  }
  private readonly moves: StateEffect<unknown>[] = [];
  private moveTimer = 0;
  private move(effect?: StateEffect<unknown>): void {
    if (effect) this.moves.push(effect);
    if (this.moveTimer || this.stopped) return;
    if (this.composes) { this.moveTimer = window.setTimeout(() => { this.moveTimer = 0; this.move(); }, CALM_MS); return; }
    this.view.dispatch({ effects: this.moves.splice(0) });
    this.company();
  }

  private async run(): Promise<void> {
    if (this.stopped) return;
    if (this.busy) { this.want = true; return; }
    if (this.composes || this.mount.dataset.held) { this.soon(); return; } // a word that is not finished yet is nobody's, nor is what becomes a suggestion
    this.busy = true;
    try {
      if (this.left) await this.takeOver();
      const u = this.writes ? this.unsent() : [];
      if (u.length) {
        const number = this.acked + u.length, after = this.seq;
        const changes = u.slice(1).reduce((c, x) => c.compose(x.changes), u[0].changes as ChangeSet);
        const a = await this.calm(talk(`${this.path}/changes`, { after, client: this.client, number, changes: JSON.stringify(changes.toJSON()) }));
        if (a.taken && !a.updates.length) { this.confirm(number); this.seq = a.seq; } else this.receive(a.updates);
        if (a.seq > this.seq) this.want = true;
      } else if (this.want) {
        this.want = false;
        const a = await this.calm(talk(`${this.path}/changes?after=${this.seq}`));
        this.receive(a.updates);
        if (a.seq > this.seq) this.want = true;
      }
      this.wait = AGAIN_MS;
      this.heard = Date.now();
      this.keep();
      this.say("");
      if (this.want || this.unsent().length) this.soon(this.want ? 0 : REST_MS);
    } catch (e) {
      this.keep();
      this.failed(e instanceof Refused ? e : new Refused(-1, String(e)));
    } finally { this.busy = false; }
  }

  private failed(why: Refused): void {
    this.want = true;
    if (why.status === 0) {
      this.say(this.unsent().length ? `线路不通，${this.where()}，通了自动送` : "线路不通", true);
      this.soon(this.wait);
      this.wait = Math.min(this.wait * 2, AGAIN_MAX_MS);
      return;
    }
    if (why.status === 403 && !this.renewing) { void this.renew(why); return; }
    this.say(why.status === 401 ? `登录已过期，${this.unsent().length ? this.where() : "收不到别人的修改"}。请在另一个窗口登录` : "没有保存", true);
    if (why.status !== 401) this.host().told(why.message, true);
    if (/标志/.test(why.message)) this.shelf.put(null, this.client); // a secrecy mark: nothing of it stays here
    if (why.status === 403 || why.status === 404) { this.stopped = true; this.stream?.close(); } else this.soon(AGAIN_MAX_MS);
  }

  private where(): string { return this.shelf.open ? "写下的先存在这台电脑上" : "写下的还没有保存，不要关窗口"; }

  // The person signed in anew in another window (the lid was closed over night): this page's forms are of the old session. The same person's take those
  // of the new one; what another person would send from here is not his.
  private renewing = false;
  private async renew(why: Refused): Promise<void> {
    this.renewing = true;
    try {
      const r = await fetch(this.path, { headers: { Accept: "text/html" } }), page = new DOMParser().parseFromString(await r.text(), "text/html");
      const desk = $("[data-desk]", page.body), csrf = $<HTMLInputElement>("input[name=csrf]", page.body)?.value;
      const mine = !!r.ok && desk?.dataset.person === this.mount.dataset.person, had = $<HTMLInputElement>("input[name=csrf]")?.value;
      if (r.redirected || r.status === 401) this.failed(new Refused(401, ""));
      else if (!mine && desk) this.failed(new Refused(403, "另一个窗口登录的是别人，这里写的没有送出；请本人登录后刷新"));
      else if (!mine || !csrf || csrf === had) this.failed(why);
      else {
        for (const i of $$<HTMLInputElement>("input[name=csrf]")) i.value = csrf;
        this.awake();
      }
    } catch { this.failed(new Refused(0, "")); } finally { this.renewing = false; }
  }

  // ---- the stream ----
  private connect(): void {
    if (this.stream || this.stopped || document.hidden) return;
    const s = this.stream = new EventSource(`${this.path}/live?client=${this.client}&seq=${this.seq}`);
    const on = (name: string, fn: (d: Record<string, never>) => void): void => s.addEventListener(name, (e) => fn(JSON.parse((e as MessageEvent).data)));
    s.addEventListener("open", () => { this.mount.dispatchEvent(new Event("noted")); this.mount.dispatchEvent(new Event("passed")); this.last = ""; this.here(); this.want = true; this.soon(0); });
    on("more", (d) => { if (d.seq > this.seq) { this.want = true; this.soon(0); } });
    on("here", (d) => { if (d.client !== this.client) this.move(placeAt.of({ client: d.client, name: d.name, anchor: d.anchor, head: d.head, colour: this.colour(d.person) })); });
    on("gone", (d) => this.move(placeGone.of(d.client)));
    on("noted", () => this.mount.dispatchEvent(new Event("noted")));
    on("passed", () => this.mount.dispatchEvent(new Event("passed")));
    on("again", () => { s.close(); if (this.stream === s) { this.stream = null; this.connect(); } });
    s.addEventListener("error", () => {
      if (s.readyState !== EventSource.CLOSED || this.stream !== s) return;
      this.stream = null;
      setTimeout(() => this.connect(), LEFT_MS);
    });
  }
  private colour(person: string): number { return Array.from(person).reduce((n, c) => (n * 31 + c.charCodeAt(0)) % 6, 0); }

  private company(): void {
    const names = [...new Set(this.view.state.field(places).map((p) => p.name))];
    let box = $(".ds-who", this.mount);
    if (!box) { box = el("span", "ds-who"); ($(".dk-bar .dk-status", this.mount) || this.mount.firstElementChild)?.after(box); }
    box.textContent = names.length ? `在场：${names.join("、")}` : "";
  }

  /** The others see at once that nobody is here, not when the line is found dead; nor does who comes back see himself. */
  private leave(): void {
    clearTimeout(this.hereTimer);
    if (!this.stream) return;
    this.stream.close();
    this.stream = null;
    const body = new URLSearchParams({ client: this.client, left: "1", csrf: $<HTMLInputElement>("input[name=csrf]")?.value || "" });
    void fetch(`${this.path}/here`, { method: "POST", body, keepalive: true, headers: { Accept: "application/json" } }).catch(() => undefined);
  }

  here(): void {
    clearTimeout(this.hereTimer);
    this.hereTimer = window.setTimeout(() => {
      const { anchor, head } = this.view.state.selection.main, now = `${anchor}:${head}`;
      if (this.stopped || now === this.last || this.stream?.readyState !== EventSource.OPEN) return;
      this.last = now;
      const body = new URLSearchParams({ client: this.client, seq: String(this.seq), anchor: String(anchor), head: String(head), csrf: $<HTMLInputElement>("input[name=csrf]")?.value || "" });
      void fetch(`${this.path}/here`, { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => undefined);
    }, HERE_MS);
  }

  saw(u: ViewUpdate): void {
    const mine = u.transactions.some((t) => t.docChanged && !t.annotation(Transaction.remote));
    if (u.docChanged && mine && !this.stopped) {
      if (this.mount.dataset.unsent === "0" || !this.mount.dataset.unsent) this.say("正在保存…");
      this.mount.dataset.unsent = String(this.unsent().length);
      if (this.wait === AGAIN_MS) this.soon();
      clearTimeout(this.keepTimer);
      this.keepTimer = window.setTimeout(() => this.keep(), REST_MS);
    }
    if (u.docChanged || u.selectionSet) this.here();
  }
  now(): void { this.wait = AGAIN_MS; this.soon(0); }
  destroy(): void { this.stopped = true; this.stream?.close(); clearInterval(this.lookTimer); }
}



/** The extension of an editor whose text is the one of the mount (data-id, data-seq, data-writes, data-person). */
export function sync(mount: HTMLElement, host: () => SyncHost): Extension {
  const s = new Sync(mount, host, mount.dataset.writes !== undefined);
  return [
    collab({ clientID: s.client }),
    places,
    ViewPlugin.define((view) => {
      queueMicrotask(() => s.start(view));
      return { update: (u) => s.saw(u), destroy: () => s.destroy() };
    }),
    keymap.of([{ key: "Mod-s", preventDefault: true, run: () => { s.now(); return true; } }]),
  ];
}
