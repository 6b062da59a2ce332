// What a manuscript's template asks for and the text lacks, and passages that repeat earlier texts of the section: asked late and seldom, when the
// writing rests, told in the margin and under the outline.
import { StateEffect, StateField } from "@codemirror/state";
import { Decoration, DecorationSet, EditorView, ViewPlugin } from "@codemirror/view";
import { Refused, ask, quiet } from "./desk_ask";
import { Marginal, marginals, remargin } from "./desk_find";
import { Desk, addPart } from "./desk_part";
import { $, el } from "./dom";

interface Lack { what: string; help: string; begin: number; end: number }
interface Reuse { warning: string; sources: { title: string; occasion: string; day: string; link: string; percent: number; warn: boolean; rows: { begin_cp: number; end_cp: number; text: string; chars: number; quoted: boolean }[] }[] }
interface Told { from: number; to: number; kind: "lack" | "reuse"; head: string; words: string; link: string }

const LACK_MS = 2500, REUSE_FIRST_MS = 5000, REUSE_MS = 30000, REUSE_CHARS = 200, REUSE_SHOWN = 12, NEAR = 400;

const put = StateEffect.define<{ kind: Told["kind"]; list: Told[] }>();
const told = StateField.define<{ list: Told[]; deco: DecorationSet }>({
  create: () => ({ list: [], deco: Decoration.none }),
  update(v, tr) {
    let { list, deco } = v;
    if (tr.docChanged && list.length) {
      list = list.map((t) => { const from = tr.changes.mapPos(t.from, 1); return { ...t, from, to: Math.max(from, tr.changes.mapPos(t.to, -1)) }; }).filter((t) => t.to > t.from);
      deco = deco.map(tr.changes);
    }
    for (const e of tr.effects) if (e.is(put)) {
      list = list.filter((t) => t.kind !== e.value.kind).concat(e.value.list);
      deco = Decoration.set(list.filter((t) => t.kind === "reuse" && t.to > t.from).map((t) => Decoration.mark({ class: "lk-reuse", attributes: { title: t.head } }).range(t.from, t.to)), true);
    }
    return list === v.list && deco === v.deco ? v : { list, deco };
  },
  provide: (f) => EditorView.decorations.from(f, (v) => v.deco),
});

function card(t: Told, open: boolean): HTMLElement {
  const c = el("div", `fc lk${open ? " on" : ""}`), head = el("div", "fc-head");
  head.append(el("span", "fc-msg", t.head));
  c.append(head);
  if (!open) return c;
  if (t.words) c.append(el("p", "lk-help", t.words));
  if (t.link) { const a = el("a", "lk-link", "看那一篇") as HTMLAnchorElement; a.href = t.link; a.target = "_blank"; a.rel = "noopener"; c.append(a); }
  return c;
}

/** The place in the text now of what was at `at` of the text that was asked about; -1: it is gone. */
function find(now: string, words: string, at: number): number {
  if (now.startsWith(words, at)) return at;
  const k = now.indexOf(words, Math.max(0, at - NEAR));
  return k >= 0 && k <= at + NEAR ? k : -1;
}

addPart((mount, desk: () => Desk) => {
  const { id, templated } = mount.dataset;
  if (!id) return [];
  let view!: EditorView, noReuse = false, noLack = templated === undefined, asked = "", box: HTMLElement | null = null;

  const show = (kind: Told["kind"], list: Told[]): void => {
    if (view.composing) { setTimeout(() => show(kind, list), 500); return; }
    const n = view.state.doc.length;
    view.dispatch({ effects: [put.of({ kind, list: list.filter((t) => t.from >= 0 && t.to <= n && t.to > t.from) }), remargin.of(null)] });
  };
  const go = (from: number, to: number): void => {
    view.dispatch({ selection: { anchor: from, head: to }, effects: EditorView.scrollIntoView(from, { y: "center" }) });
    $<HTMLElement>("[data-show=text]", desk().root)?.click();
    view.focus();
  };

  const lacks = quiet(LACK_MS, async () => {
    if (noLack) return;
    const text = view.state.doc.toString();
    try {
      const a = await ask<{ name: string; rows: Lack[] }>("/desk/lacks", { manuscript: id, text }), now = view.state.doc.toString();
      const rows = a.rows.map((r) => { const words = text.slice(r.begin, r.end), at = words ? find(now, words, r.begin) : -1; return { ...r, begin: at, end: at + words.length }; });
      show("lack", rows.filter((r) => r.begin >= 0).map((r) => ({ from: r.begin, to: r.end, kind: "lack", head: r.what, words: r.help, link: "" })));
      if (!box) { box = el("section", "dk-lacks"); $(".dk-outline", desk().root)?.after(box); }
      box.textContent = "";
      box.hidden = !rows.length;
      box.append(el("h2", "", `模板“${a.name}”还缺 ${rows.length}`));
      for (const r of rows) {
        const b = el("button", "", r.what) as HTMLButtonElement;
        b.type = "button";
        b.title = r.help;
        if (r.help) b.append(el("span", "mute", r.help));
        b.addEventListener("click", () => { const k = view.state.doc.toString().indexOf(text.slice(r.begin, r.end)); if (r.begin >= 0 && k >= 0) { const t = view.state.field(told).list.find((x) => x.kind === "lack" && x.head === r.what); if (t) go(t.from, t.to); } else go(view.state.doc.length, view.state.doc.length); });
        box.append(b);
      }
    } catch (e) { if (e instanceof Refused && e.status >= 400 && e.status < 500) noLack = true; else lacks.soon(60000); }
  });

  const reuse = quiet(REUSE_MS, async () => {
    const text = view.state.doc.toString();
    if (noReuse || text.length < REUSE_CHARS || text === asked || document.hidden) return;
    asked = text;
    try {
      const a = await ask<Reuse>("/desk/reuse", { manuscript: id, text }), now = view.state.doc.toString(), list: Told[] = [], chars = Array.from(text);
      for (const s of a.sources.filter((v) => v.warn)) for (const r of s.rows.filter((v) => !v.quoted)) {
        const begin = chars.slice(0, r.begin_cp).join("").length, words = chars.slice(r.begin_cp, r.end_cp).join(""), at = find(now, words, begin);
        if (at >= 0 && list.length < REUSE_SHOWN) list.push({ from: at, to: at + words.length, kind: "reuse", head: `与${s.day.slice(0, 4)}年的稿子重复`, words: `《${s.title}》${s.occasion ? `（${s.occasion}）` : ""}，${s.day}。这一段${r.chars}字相同或相近，全篇重复${s.percent}%。`, link: s.link });
      }
      show("reuse", list);
    } catch (e) { if (e instanceof Refused && e.status >= 400 && e.status < 500) noReuse = true; else asked = ""; }
  });

  // a place that is not filled in is a finding already: its help comes with the cursor
  marginals.push((s, from, to) => s.field(told).list.filter((t) => t.from <= to && t.to >= from && (t.kind === "reuse" || (t.from <= s.selection.main.head && s.selection.main.head <= t.to))).map((t): Marginal => ({ from: t.from, to: t.to, wanted: t.kind === "lack", card: (open) => card(t, open), show: () => go(t.from, t.to) })));
  return [told, ViewPlugin.define((v) => {
    view = v;
    queueMicrotask(() => { if (!noLack) lacks.soon(300); reuse.soon(REUSE_FIRST_MS); });
    return { update: (u) => { if (u.docChanged) { if (!noLack) lacks.soon(); reuse.soon(); } } };
  })];
});
