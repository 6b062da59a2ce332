// What each line of a text is, told as a secretary reads it: by how it begins and where it stands. The server decides for the page
// (office/typeset.c); this is the quick eye of the editor, for its colours, its outline and its panel of elements.
import { EditorState, RangeSetBuilder, StateField, Text } from "@codemirror/state";
import { Decoration, DecorationSet, EditorView, ViewPlugin, ViewUpdate } from "@codemirror/view";

export type LineKind = "blank" | "front" | "head" | "title" | "sub" | "to" | "h1" | "h2" | "h3" | "h4" | "para" | "row" | "picture" | "part"
  | "note" | "sign" | "date" | "remark" | "annex" | "annextitle" | "record" | "carried" | "carriedword";

export const FRONT = /^(版式|份号|紧急程度|发文机关|标志|签发人|编印日期|编印|用印|讲话人|文号)[：:]/;
const NUM = "[一二三四五六七八九十百零〇]+";
const LOCAL: [LineKind, RegExp][] = [
  ["front", FRONT],
  ["row", /\t/],
  ["picture", /^\[图：[^\]]*\]$/],
  ["annex", /^附件\s*(\d{1,2}|[一二三四五六七八九十]{1,3})?\s*[：:]?$/],
  ["note", /^附件[：:]/],
  ["record", /^(抄送|主送|印发机关|发送|分送)[：:]|\d{4}年\d{1,2}月\d{1,2}日印发$/],
  ["date", /^(\d{4}|二[〇零○]..)年(\d{1,2}|[一二三四五六七八九十]{1,2})月(\d{1,3}|[一二三四五六七八九十]{1,3})日$/],
  ["part", new RegExp(`^第${NUM}[编章节]`)],
  ["h1", new RegExp(`^${NUM}[、.．]`)],
  ["h2", new RegExp(`^[（(]${NUM}[）)]`)],
  ["h4", /^[（(]\d{1,3}[）)]/],
  ["h3", /^\d{1,3}(?:[．、]|\.(?!\d))/],
];
const HEAD = /^(\d{6}|特急|加急|平急|特提|.*〔\d{4}〕\d+号|签发人：.*|.{2,40}文件|第\d+期|（第?\d+期?）)$/;
const TITLE_END = /(通知|通报|意见|决定|决议|报告|请示|批复|函|纪要|公告|通告|命令|令|公报|议案|办法|规定|细则|方案|计划|规划|要点|总结|讲话|致辞|发言|主持词|简报|提纲|汇报)(（.*）)?$/;

// A text that the document carries (印发件): of 关于印发《…》的通知 and the like, and of orders. As src/text/carried.c tells it, without its last doubts.
const CARRIES = /(印发|转发|批转|发布|公布|颁布|颁发|下发|制发)/;
const CARRIER = /(通知|函|决定|公告|通告|命令|令|通报|意见|决议|批复|报告)(（.*）)?$/;
const CARRIED_WORD = /^(印发件|转发件)[：:]?$/;
const ORGAN = /^[^。；，：（《]{2,36}(公司|集团|委员会|党委|党组|办公室|办公厅|部|厅|局|院|中心|工会|处|委)$/;
const bare = (s: string): string => s.replace(/[\s　《》〈〉<>]/g, "").replace(/（(试行|暂行)）$/, "");
/** What stands between outermost 《 and 》. */
function marked(s: string): string[] {
  const out: string[] = [];
  for (let i = 0, depth = 0, from = 0; i < s.length; i++)
    if (s[i] === "《" && depth++ === 0) from = i + 1;
    else if (s[i] === "》" && depth && --depth === 0) out.push(bare(s.slice(from, i)));
  return out.filter((x) => x.length > 3);
}
class Carrier {
  names: string[] = [];
  carrying = false;
  closed = false;
  fresh = false;
  annexes = false;
  found = 0;
  constructor(title: string) { this.title(title); }
  title(s: string): void {
    const own = s.replace(/《.*》/, "");
    this.carrying = CARRIER.test(s) && CARRIES.test(own);
    this.closed = this.fresh = this.annexes = false;
    if (!this.carrying) return;
    const rest = s.slice(s.search(CARRIES) + 2), some = marked(rest);
    this.names.push(...(some.length ? some : [bare(rest.replace(/的[^的]*$/, ""))]));
  }
  /** The text itself names what it carries. */
  text(s: string): void { if (!this.closed && s.includes("现") && CARRIES.test(s)) this.names.push(...marked(s)); }
  /** How many lines from i on are the title of what is carried; 0: none begins here. */
  begins(text: string[], v: LineKind[], i: number, below: boolean): number {
    let key = "", like = 0;
    for (let n = 1; n <= 4 && v[i + n - 1] === "para" && short(text[i + n - 1], 60) && !/[：:，]$/.test(text[i + n - 1].trim()) && !/^[（(]/.test(text[i + n - 1].trim()); n++) {
      key += bare(text[i + n - 1]);
      const at = this.names.findIndex((x) => x === key || (this.closed && key.length > 4 && x.length > 4 && (x.endsWith(key) || key.endsWith(x))));
      if (at >= 0 && (this.closed || below || this.found)) { this.names.splice(at, 1); return n; }
      if (!like && TITLE_END.test(key)) like = n;
    }
    return key.length > 4 && this.carrying && this.fresh && !this.annexes ? like || 1 : 0;
  }
}

const memo = new Map<string, LineKind>();
function local(s: string): LineKind {
  if (!s) return "blank";
  let k = memo.get(s);
  if (k) return k;
  k = "para";
  const t = s.trim();
  if (!t) k = "blank";
  else for (const [kind, re] of LOCAL) if (re.test(kind === "row" ? s : t)) { k = kind; break; }
  if (memo.size > 20000) memo.clear();
  memo.set(s, k);
  return k;
}

const short = (s: string, most: number): boolean => s.trim().length <= most && !/[。；！？]/.test(s);

/** The kinds of all lines, from 0. */
export function kinds(doc: Text): LineKind[] {
  const text: string[] = [], v: LineKind[] = [];
  for (const s of doc.iterLines()) { text.push(s); v.push(local(s)); }
  let i = 0;
  const n = v.length;
  while (i < n && (v[i] === "front" || v[i] === "blank")) i++;
  for (let k = i; k < n; k++) if (v[k] === "front") v[k] = "para"; // further down it is text
  for (; i < n && (v[i] === "blank" || HEAD.test(text[i].trim())) && !TITLE_END.test(text[i].trim()); i++) if (v[i] !== "blank") v[i] = "head";
  // the title, which somebody may have cut into lines
  let first = -1;
  for (let lines = 0; i < n && lines < 4; i++, lines++) {
    const t = text[i].trim();
    if (v[i] === "blank" && first >= 0) break;
    if (v[i] === "blank") continue;
    if (first >= 0 && (/[：:]$/.test(t) || !short(t, 40) || v[i] !== "para" || /^[（(]/.test(t) || TITLE_END.test(text[i - 1].trim()))) break;
    if (first < 0 && (v[i] === "row" || v[i] === "picture")) break;
    first = first < 0 ? i : first;
    v[i] = "title";
  }
  const speech = first >= 0 && /(讲话|致辞|发言|主持词|提纲)(（.*）)?$/.test(text[Math.max(first, i - 1)].trim());
  for (; i < n; i++) { // below the title: the day in brackets, who speaks
    const t = text[i].trim();
    if (v[i] === "blank") continue;
    if ((/^[（(].*[）)]$/.test(t) && t.length <= 40) || (speech && short(t, /[ 　]/.test(t) ? 40 : 12) && !/[：:]$/.test(t) && v[i] === "para")) { v[i] = "sub"; continue; }
    break;
  }
  if (i < n && v[i] === "para" && /[：:]$/.test(text[i].trim()) && short(text[i], 120)) v[i++] = "to";
  let annex = false, signed = false, above = -1;
  const carrier = new Carrier(v.map((x, k) => (x === "title" ? text[k].trim() : "")).join("")), order = first < 0 || !carrier.carrying;
  if (order && first >= 0) for (let k = 0; k < i; k++) carrier.text(text[k]); // an order: its text may have been taken for a title
  for (let k = i; k < n; k++) {
    const said = v[k] === "para" && CARRIED_WORD.test(text[k].trim()), below = above >= 0 && /。$/.test(text[above].trim());
    if (v[k] === "blank") continue;
    if (said) {
      v[k] = "carriedword";
      do k++; while (k < n && v[k] === "blank");
    }
    let rows = k < n && (!annex || carrier.found) && v[Math.max(0, above)] !== "annex" ? carrier.begins(text, v, k, below) : 0;
    if (said && !rows && k < n && v[k] === "para") rows = 1;
    if (rows) {
      const end = k + rows;
      carrier.title(text.slice(k, end).map((t) => t.trim()).join(""));
      carrier.found++;
      annex = signed = false;
      for (; k < end; k++) v[k] = "carried";
      for (; k < n && (v[k] === "blank" || (v[k] === "para" && /^[（(].*[）)]$/.test(text[k].trim())) || HEAD.test(text[k].trim())); k++) if (v[k] !== "blank") v[k] = "sub";
      if (k < n && v[k] === "para" && /[：:]$/.test(text[k].trim()) && short(text[k], 120)) v[k++] = "to";
      above = --k;
      continue;
    }
    if (k >= n) break;
    above = k;
    carrier.text(text[k]);
    if (v[k] === "date" || (below && !carrier.closed && v[k] === "para" && ORGAN.test(text[k].trim()))) carrier.closed = carrier.fresh = true;
    else if (carrier.fresh && !/^[（(].*[）)]$/.test(text[k].trim())) carrier.fresh = false;
    if (v[k] === "annex") {
      carrier.annexes = true;
      annex = true;
      let t = k + 1;
      while (t < n && v[t] === "blank") t++;
      if (t < n && v[t] === "para" && short(text[t], 60)) v[t] = "annextitle";
    } else if (v[k] === "note") {
      while (k + 1 < n && (v[k + 1] === "h3" || (v[k + 1] === "para" && /^[　 ]{2,}/.test(text[k + 1]) && short(text[k + 1], 60)))) v[++k] = "note";
    } else if (v[k] === "date" && !annex) {
      let t = k - 1;
      while (t >= i && v[t] === "blank") t--;
      for (let some = 0; t >= i && some < 6 && v[t] === "para" && short(text[t], 36) && !/[：:]$/.test(text[t].trim()); t--, some++) v[t] = "sign";
      signed = true;
    } else if (signed && v[k] === "para" && /^[（(].*[）)]$/.test(text[k].trim())) v[k] = "remark";
    else if (v[k] === "record" && !signed && !annex && /^(主送|发送|分送)/.test(text[k].trim())) v[k] = "para";
  }
  return v;
}

export const lineKinds = StateField.define<LineKind[]>({
  create: (s) => kinds(s.doc),
  update: (v, tr) => (tr.docChanged ? kinds(tr.newDoc) : v),
});
export const kindAt = (s: EditorState, line: number): LineKind => s.field(lineKinds)[line - 1] || "para";

const looks: Record<string, Decoration> = {};
const look = (k: LineKind): Decoration => looks[k] || (looks[k] = Decoration.line({ class: "l-" + k }));
const runIn = Decoration.mark({ class: "l-run" }), label = Decoration.mark({ class: "l-label" });
const RUN_IN = 50;
const ARTICLE = new RegExp(`^[\\s　]*第${NUM}条(?=[\\s　]|$)`);

function colours(view: EditorView): DecorationSet {
  const b = new RangeSetBuilder<Decoration>(), { doc } = view.state;
  for (const { from, to } of view.visibleRanges)
    for (let at = from; at <= to;) {
      const line = doc.lineAt(at), k = kindAt(view.state, line.number);
      if (k !== "blank") b.add(line.from, line.from, look(k));
      if (k === "front") {
        const m = /^[^：:]*[：:]/.exec(line.text);
        if (m) b.add(line.from, line.from + m[0].length, label);
      } else if (k === "para" && ARTICLE.test(line.text)) { // its number alone
        b.add(line.from, line.from + ARTICLE.exec(line.text)![0].length, runIn);
      } else if (/^h[1-4]$/.test(k)) { // the heading in front of its text: up to the first full stop, as on paper
        const stop = line.text.indexOf("。");
        if (stop < 0 || (stop < RUN_IN && stop + 1 < line.length)) b.add(line.from, line.from + (stop < 0 ? line.length : stop + 1), runIn);
      }
      at = line.to + 1;
    }
  return b.finish();
}

export const structure = [lineKinds, ViewPlugin.fromClass(class {
  v: DecorationSet;
  constructor(view: EditorView) { this.v = colours(view); }
  update(u: ViewUpdate) { if (u.docChanged || u.viewportChanged) this.v = colours(u.view); }
}, { decorations: (p) => p.v })];

// ---- what is told from them ----
export interface Heading { line: number; from: number; level: number; text: string }
const LEVEL: Partial<Record<LineKind, number>> = { title: 0, carried: 0, part: 1, h1: 1, h2: 2, h3: 3, annex: 1 };

export function outline(s: EditorState): Heading[] {
  const v = s.field(lineKinds), out: Heading[] = [];
  for (let i = 0; i < v.length; i++) {
    const level = LEVEL[v[i]];
    if (level === undefined) continue;
    const line = s.doc.line(i + 1), stop = line.text.indexOf("。");
    if (v[i] === "h3" && stop < 0 && line.length > 60) continue;
    if (/^h[23]$/.test(v[i]) && /[；;]\s*$/.test(line.text)) continue; // an item of a list
    out.push({ line: i + 1, from: line.from, level, text: (stop > 0 ? line.text.slice(0, stop) : line.text).trim() });
  }
  return out;
}

const count = (s: string): number => s.replace(/[\s　]|[\ud800-\udbff]/g, "").length; // a rare character of two units is one
/** Characters that are no blanks: of the main text (减负规定 speaks of it), and of all but the words in front. The server counts so too
 *  (office/manuscript_count.c). */
export function counts(s: EditorState): { main: number; all: number } {
  const v = s.field(lineKinds);
  let main = 0, all = 0, i = 0, annex = false;
  for (const t of s.doc.iterLines()) {
    const k = v[i++], c = k === "front" || k === "blank" ? 0 : count(t);
    if (k === "annex") annex = true;
    all += c;
    if (!annex && k !== "head" && k !== "record") main += c;
  }
  return { main, all };
}

/** Places that somebody has still to fill in: ××, 【…】, （待定）, ____ . */
export interface Open { from: number; to: number; text: string }
const OPEN = /[×Ｘ]{2,}|\bX{2,}\b|【[^】\n]{0,40}】|[（(]待[^）)\n]{0,20}[）)]|_{2,}|？{2,}/g;
const OPEN_MAX = 200;
export function unresolved(doc: Text): Open[] {
  const out: Open[] = [];
  let at = 0;
  for (const s of doc.iterLines()) {
    for (const m of s.matchAll(OPEN)) if (out.length < OPEN_MAX) out.push({ from: at + m.index!, to: at + m.index! + m[0].length, text: m[0] });
    at += s.length + 1;
  }
  return out;
}
