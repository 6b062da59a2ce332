// Pen corrections from paper, in the editor of the desk: the printed version with what was changed in it marked at once, and all changes in a list
// beside it. What the textarea holds is what is sent, so the form works without this (office/manuscript_pen.h). Sheets of paper are sent up without
// leaving the page, since what was typed would be left as well.
import "./desk_style";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { highlightSelectionMatches, openSearchPanel, search, searchKeymap } from "@codemirror/search";
import { ChangeSet, ChangeSpec, EditorState, Range, StateEffect, StateField, Text } from "@codemirror/state";
import { Decoration, DecorationSet, EditorView, ViewPlugin, WidgetType, keymap } from "@codemirror/view";
import { structure } from "./desk_lines";
import { over } from "./desk_over";
import { papers } from "./desk_paper";
import { paste } from "./desk_paste";
import { chinese } from "./desk_words";
import { $, $$, el } from "./dom";

const KEEP_MS = 1000, AGAIN_MS = 8000, LIST_MS = 120, LINES_DP = 4000000, CHARS_DP = 60000, SHOWN = 400, BESIDE = 8;

// ---- what differs ----

/** One change: of the printed text these units went, in the text now these came. */
interface Hunk { a: number; from: number; to: number; del: string; ins: string }

/** Blocks that differ, of two lists: [from, to) of the one and of the other, by the longest common part. */
function blocks<T>(x: T[], y: T[], most: number): [number, number, number, number][] {
  let head = 0, tail = 0;
  while (head < x.length && head < y.length && x[head] === y[head]) head++;
  while (tail < x.length - head && tail < y.length - head && x[x.length - 1 - tail] === y[y.length - 1 - tail]) tail++;
  const n = x.length - head - tail, m = y.length - head - tail;
  if (!n && !m) return [];
  if (!n || !m || n * m > most) return [[head, head + n, head, head + m]];
  const wide = m + 1, long = new Uint16Array((n + 1) * wide), out: [number, number, number, number][] = [];
  for (let i = n - 1; i >= 0; i--)
    for (let j = m - 1; j >= 0; j--)
      long[i * wide + j] = x[head + i] === y[head + j] ? long[(i + 1) * wide + j + 1] + 1 : Math.max(long[(i + 1) * wide + j], long[i * wide + j + 1]);
  for (let i = 0, j = 0; i < n || j < m;) {
    const i0 = i, j0 = j;
    while ((i < n || j < m) && !(i < n && j < m && x[head + i] === y[head + j])) {
      if (j >= m || (i < n && long[(i + 1) * wide + j] >= long[i * wide + j + 1])) i++; else j++;
    }
    if (i > i0 || j > j0) out.push([head + i0, head + i, head + j0, head + j]);
    while (i < n && j < m && x[head + i] === y[head + j]) { i++; j++; }
  }
  return out;
}

const lines = (s: string): string[] => s.split(/(?<=\n)/);
const sums = (v: string[]): number[] => v.reduce((at, s) => { at.push(at[at.length - 1] + s.length); return at; }, [0]);

/** The change set that makes `now` of the printed text, line by line; within lines `hunks` looks closer. */
function between(base: string, now: string): ChangeSet {
  const x = lines(base), y = lines(now), at = sums(x), to = sums(y);
  return ChangeSet.of(blocks(x, y, LINES_DP).map(([a, b, c, d]): ChangeSpec => ({ from: at[a], to: at[b], insert: now.slice(to[c], to[d]) })), base.length);
}

const STOP = /^[，、；：。！？,;:.!?\n]$/;

/** Of 迟报、漏报、 the words 漏报、 went and not 报、漏: what only went, or only came, is moved along what is alike to where a clause begins. */
function slide(x: string[], y: string[], o: [number, number, number, number], before?: number[], behind?: number[]): void {
  const [a, b, c, d] = o, [v, p, q] = c === d ? [x, a, b] : [y, c, d];
  if ((a !== b) === (c !== d)) return;
  const lowest = -Math.min(a - (before ? before[1] : 0), c - (before ? before[3] : 0)), highest = Math.min((behind ? behind[0] : x.length) - b, (behind ? behind[2] : y.length) - d);
  const score = (k: number): number => (p + k === 0 || STOP.test(v[p + k - 1]) ? 2 : 0) + (STOP.test(v[q + k - 1]) ? 1 : 0);
  let best = 0;
  for (let k = 1; k <= highest && v[p + k - 1] === v[q + k - 1]; k++) if (score(k) > score(best)) best = k;
  for (let k = -1; k >= lowest && v[p + k] === v[q + k]; k--) if (score(k) > score(best)) best = k;
  for (let i = 0; i < 4; i++) o[i] += best;
}

/** What an edit really changed: words put back leave nothing, a word changed in a sentence is that word. One character between two changes goes with them. */
function pieces(del: string, ins: string): [number, number, number, number][] {
  const x = Array.from(del), y = Array.from(ins), at = sums(x), to = sums(y), out: [number, number, number, number][] = [];
  for (const [a, b, c, d] of blocks(x, y, CHARS_DP)) {
    const last = out[out.length - 1];
    if (last && a - last[1] <= 1) { last[1] = b; last[3] = d; } else out.push([a, b, c, d]);
  }
  out.forEach((o, i) => slide(x, y, o, out[i - 1], out[i + 1]));
  return out.map(([a, b, c, d]) => [at[a], at[b], to[c], to[d]]);
}

function hunks(set: ChangeSet, base: Text, doc: Text, seen: Map<string, [number, number, number, number][]>): Hunk[] {
  const out: Hunk[] = [];
  set.iterChanges((fromA, toA, fromB, toB) => {
    const del = base.sliceString(fromA, toA), ins = doc.sliceString(fromB, toB), key = `${del}\0${ins}`;
    let v = seen.get(key);
    if (!v) { if (seen.size > 2000) seen.clear(); seen.set(key, v = pieces(del, ins)); }
    for (const [a, b, c, d] of v) out.push({ a: fromA + a, from: fromB + c, to: fromB + d, del: del.slice(a, b), ins: ins.slice(c, d) });
  });
  return out;
}

// ---- shown in the text ----

class Gone extends WidgetType {
  constructor(readonly text: string) { super(); }
  eq(o: Gone): boolean { return o.text === this.text; }
  toDOM(): HTMLElement {
    const d = el("del", "pn-del", this.text.replace(/\n/g, "↵"));
    d.title = "印的是这样";
    return d;
  }
  ignoreEvent(): boolean { return false; }
}

function marks(v: Hunk[]): DecorationSet {
  const out: Range<Decoration>[] = [];
  for (const h of v) {
    if (h.del) out.push(Decoration.widget({ widget: new Gone(h.del), side: -1 }).range(h.from));
    if (h.ins) out.push(Decoration.mark({ class: "pn-ins" }).range(h.from, h.to));
  }
  return Decoration.set(out, true);
}

interface Made { set: ChangeSet; list: Hunk[]; deco: DecorationSet }
const again = StateEffect.define<null>();

function tracked(base: Text, first: ChangeSet, held: () => boolean): StateField<Made> {
  const seen = new Map<string, [number, number, number, number][]>();
  const of = (set: ChangeSet, doc: Text): Made => { const list = hunks(set, base, doc, seen); return { set, list, deco: marks(list) }; };
  return StateField.define<Made>({
    create: (s) => of(first, s.doc),
    update(v, tr) {
      if (!tr.docChanged && !tr.effects.some((e) => e.is(again))) return v;
      const set = tr.docChanged ? v.set.compose(tr.changes as ChangeSet) : v.set;
      // an input method must find its own letters as they stand, and what it writes over gone before them: marked again when the word is done
      if (tr.docChanged && held()) return { set, list: v.list, deco: v.deco.map(tr.changes) };
      return of(set, tr.newDoc);
    },
    provide: (f) => EditorView.decorations.from(f, (v) => v.deco),
  });
}

// ---- the page ----

const KEYS: [string, string][] = [
  ["F8、Shift+F8", "下一处、上一处改动"], ["Alt+Delete", "光标处的改动还原"], ["Ctrl+S", "马上存（平时停笔就存）"], ["Ctrl+F", "查找"], ["Ctrl+Z、Ctrl+Y", "撤销、恢复"],
  ["Alt+PgUp、Alt+PgDn", "纸稿上一页、下一页"], ["Alt+=、Alt+-、Alt+0", "纸稿放大、缩小、整幅"], ["Alt+T、Alt+Shift+T", "纸稿右转、左转"], ["Alt+↑、Alt+↓、Alt+,、Alt+.", "纸稿上、下、左、右移"],
];

function open(root: HTMLElement): void {
  const form = $<HTMLFormElement>("form[data-pen-text]", root), area = form && $<HTMLTextAreaElement>("textarea[name=text]", form), printed = form && $<HTMLTextAreaElement>("[data-printed]", form);
  if (!form || !area || !printed) return;
  const text = (s: string): string => s.replace(/\r\n?/g, "\n"), base = text(printed.value), start = text(area.value), most = Number(root.dataset.most) || 0;
  const made = tracked(Text.of(base.split("\n")), between(base, start), () => composing);
  const mount = el("div", "dk pn-text"), side = el("aside", "pn-side"), head = el("p", "pn-head"), list = el("ol", "pn-list"), status = el("span", "pn-status mute small");
  const of = $<HTMLInputElement>("input[name=of]", form)!; // what stands at the server, as this window knows it
  let timer = 0, keepTimer = 0, kept = start, busy = false, left = false;
  let view!: EditorView, composing = false;

  const state = (what: string, bad = false): void => { status.textContent = what; status.classList.toggle("bad", bad); };
  async function keep(): Promise<boolean> {
    const now = view.state.doc.toString();
    clearTimeout(keepTimer);
    if (busy) { soon(300); return false; }
    if (now === kept) return true;
    busy = true;
    state("正在存…");
    const body = new URLSearchParams({ csrf: $<HTMLInputElement>("input[name=csrf]", form!)!.value, act: "keep", of: of.value, text: now });
    let why = "线路不通，还没有存下，通了自动存", ok = false, wait = AGAIN_MS, j: { data?: Record<string, string> } | null = null;
    try {
      const r = await fetch(form!.action, { method: "POST", body, headers: { Accept: "application/json" } });
      j = await r.json().catch(() => null);
      ok = r.ok && !!j?.data;
      if (!ok && r.status < 500) { why = r.redirected || !j ? "登录已经过期，请在另一个窗口登录" : j.data?.problem || j.data?.text || `没有存下（${r.status}）`; wait = 0; }
    } catch { /* the line is broken */ }
    busy = false;
    if (ok) { kept = now; of.value = j!.data!.of; const d = new Date(); state(`已存 ${d.getHours()}:${String(d.getMinutes()).padStart(2, "0")}`); } else state(why, true);
    if (view.state.doc.toString() !== now) soon(); else if (!ok && wait) soon(wait);
    return ok;
  }
  const soon = (ms = KEEP_MS): void => { clearTimeout(keepTimer); keepTimer = window.setTimeout(() => void keep(), ms); };

  // ---- the list ----
  const changes = (): Hunk[] => view.state.field(made).list;
  const go = (h: Hunk): void => { view.dispatch({ selection: { anchor: h.from, head: h.to }, effects: EditorView.scrollIntoView(h.from, { y: "center" }) }); view.focus(); };
  const back = (h: Hunk): void => { view.dispatch({ changes: { from: h.from, to: h.to, insert: h.del }, selection: { anchor: h.from + h.del.length }, userEvent: "input", scrollIntoView: true }); view.focus(); };
  const step = (by: number): boolean => {
    const v = changes(), at = view.state.selection.main;
    const h = by > 0 ? v.find((x) => x.from > at.from || (x.from === at.from && x.to > at.to)) || v[0] : v.slice().reverse().find((x) => x.from < at.from) || v[v.length - 1];
    if (h) go(h); else state("还没有改动");
    return true;
  };
  const here = (): Hunk | undefined => { const { from, to } = view.state.selection.main; return changes().find((h) => h.from <= to && h.to >= from); };
  const beside = (from: number, to: number): string => view.state.doc.sliceString(Math.max(0, from), Math.min(view.state.doc.length, to)).replace(/\n/g, " ");
  function draw(): void {
    const v = changes(), on = here();
    head.textContent = v.length ? `改了 ${v.length} 处${v.length > SHOWN ? `，列出前 ${SHOWN} 处` : ""}` : "还没有改动。照纸上的笔迹改，改到哪里标到哪里。";
    list.textContent = "";
    v.slice(0, SHOWN).forEach((h, i) => {
      const li = el("li", h === on ? "on" : ""), b = el("button", "pn-go") as HTMLButtonElement, r = el("button", "btn small quiet pn-back", "还原") as HTMLButtonElement, line = view.state.doc.lineAt(h.from);
      b.type = r.type = "button";
      b.dataset.hunk = r.dataset.hunk = String(i);
      r.title = "这一处照印的（Alt+Delete）";
      b.append(beside(Math.max(line.from, h.from - BESIDE), h.from));
      if (h.del) b.append(el("del", "", h.del.replace(/\n/g, "↵")));
      if (h.ins) b.append(el("ins", "", h.ins.replace(/\n/g, "↵")));
      b.append(beside(h.to, Math.min(view.state.doc.lineAt(h.to).to, h.to + BESIDE)));
      li.append(b, r);
      list.append(li);
    });
    $(".on", list)?.scrollIntoView({ block: "nearest" });
  }
  const later = (): void => { clearTimeout(timer); timer = window.setTimeout(draw, LIST_MS); };
  list.addEventListener("click", (e) => {
    const b = (e.target as Element).closest<HTMLElement>("button"), h = b && changes()[Number(b.dataset.hunk)];
    if (h) (b!.classList.contains("pn-back") ? back : go)(h);
  });

  view = new EditorView({
    parent: mount,
    state: EditorState.create({
      doc: start,
      extensions: [
        keymap.of([
          { key: "F8", run: () => step(1), shift: () => step(-1) }, { key: "Alt-Delete", run: () => { const h = here(); if (h) back(h); return true; } },
          { key: "Mod-s", run: () => { void keep(); return true; } }, ...searchKeymap, ...historyKeymap, ...defaultKeymap,
        ]),
        history(), EditorView.lineWrapping, EditorState.tabSize.of(8), chinese, search({ top: true }), highlightSelectionMatches({ minSelectionLength: 2 }), structure, made,
        over, paste((what) => state(what)),
        EditorView.contentAttributes.of({ "aria-label": "照纸改好的文字", spellcheck: "false", autocorrect: "off", autocapitalize: "off" }),
        EditorState.changeFilter.of((tr) => {
          if (!tr.docChanged || !most || tr.newDoc.length <= most || tr.newDoc.length <= tr.startState.doc.length) return true;
          state(`一份文稿最多${most}字，没有放进来`, true);
          return false;
        }),
        ViewPlugin.define(() => ({ update: (u) => { if (u.docChanged) { soon(); state(""); } if (u.docChanged || u.selectionSet || u.transactions.some((t) => t.effects.some((x) => x.is(again)))) later(); } })),
        EditorView.domEventObservers({ // before `over` takes away what is written over
          compositionstart: () => { composing = true; },
          compositionend: () => { setTimeout(() => { if (!view.composing) { composing = false; view.dispatch({ effects: again.of(null) }); } }, 40); },
        }),
      ],
    }),
  });
  const bar = el("div", "pn-bar"), keys = el("details", "pn-keys"), t = el("table", "");
  keys.append(el("summary", "btn small quiet", "按键"), t);
  for (const [k, what] of KEYS) { const r = el("tr", ""), c = el("td", ""); for (const one of k.split("、")) c.append(el("kbd", "", one), " "); r.append(c, el("td", "", what)); t.append(r); }
  for (const [name, title, run] of [["上一处", "Shift+F8", () => step(-1)], ["下一处", "F8", () => step(1)], ["查找", "Ctrl+F", () => openSearchPanel(view)]] as [string, string, () => void][]) {
    const b = el("button", "btn small quiet", name) as HTMLButtonElement;
    b.type = "button";
    b.title = title;
    b.addEventListener("click", run);
    bar.append(b);
  }
  bar.append(status, keys);
  side.append(head, list);
  area.before(bar, mount);
  form.after(side);
  root.classList.add("pen-on");
  (root as HTMLElement & { desk?: { view: EditorView } }).desk = { view };
  let waiting = false;
  form.addEventListener("submit", (e) => {
    area.value = view.state.doc.toString();
    if (!busy) { left = true; return; }
    // a saving is on its way: what it changes at the server is not yet what this form says that it knows, and would be taken for somebody else's
    e.preventDefault();
    if (waiting) return;
    waiting = true;
    const look = (): void => { if (busy) { setTimeout(look, 50); return; } waiting = false; form.requestSubmit(e.submitter); };
    look();
  });
  window.addEventListener("pageshow", () => { left = false; });
  // a window that is closed just now: small texts still go (browsers take 64 KB then), and what does not is asked about
  window.addEventListener("pagehide", () => {
    const now = view.state.doc.toString(), body = new URLSearchParams({ csrf: $<HTMLInputElement>("input[name=csrf]", form)!.value, act: "keep", of: of.value, text: now });
    if (!left && now !== kept && body.toString().length < 60000) void fetch(form.action, { method: "POST", body, keepalive: true, headers: { Accept: "application/json" } }).catch(() => undefined);
  });
  window.addEventListener("beforeunload", (e) => { if (!left && view.state.doc.toString() !== kept) e.preventDefault(); });
  draw();
  view.focus();

  // ---- more paper, without leaving what is typed ----
  root.addEventListener("submit", (e) => {
    const f = (e.target as Element).closest<HTMLFormElement>("form[data-pen-paper]");
    if (!f) return;
    const b = (e as SubmitEvent).submitter as HTMLButtonElement | null, body = new FormData(f), box = $("[data-pen-paperbox]", root)!, why = $("[data-pen-why]", box);
    e.preventDefault();
    if (b?.name) body.append(b.name, b.value);
    if (b) b.disabled = true;
    if (why) { why.textContent = b?.name ? "正在撤下…" : "正在传，几页的要等一会儿…"; why.classList.remove("bad"); }
    void (async () => {
      let bad = "线路不通，没有传上";
      try {
        const r = await fetch(f.action, { method: "POST", body }), next = new DOMParser().parseFromString(await r.text(), "text/html"), fresh = $("[data-pen-paperbox]", next);
        bad = $(".note.bad", next)?.textContent?.trim() || (fresh ? "" : `没有传上（${r.status}）`);
        if (r.ok && fresh) {
          box.replaceWith(fresh);
          root.classList.toggle("has-paper", !!$("[data-sheet]", fresh));
          papers(root);
          view.requestMeasure();
          return;
        }
      } catch { /* the line is broken */ }
      if (b) b.disabled = false;
      if (why) { why.textContent = bad; why.classList.add("bad"); }
    })();
  });
}

for (const m of $$("[data-pen]")) open(m);
