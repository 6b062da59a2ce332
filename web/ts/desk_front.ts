// The panel of elements (要素): a view of the lines of the text. What is read from them is shown, what is changed is written as an edit.
import { ChangeSpec, EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { FRONT, lineKinds, LineKind } from "./desk_lines";
import { el } from "./dom";

type How = "front" | "line";
interface Element_ { name: string; how: How; kind?: LineKind; choices?: string[]; hint?: string; suggest?: string[] }

const GENRES = ["通知", "通报", "报告", "请示", "批复", "函", "意见", "决定", "纪要", "公告", "通告", "命令", "公报", "决议", "议案"];
export const ELEMENTS: Element_[] = [
  { name: "版式", how: "front", choices: ["", "文件", "信函", "命令", "纪要", "简报", "讲话稿", "诵读稿", "白头"] },
  { name: "发文机关", how: "front", hint: "联合行文用顿号隔开，主办在前" },
  { name: "标志", how: "front", hint: "不填按版式，如“文件”" },
  { name: "标题", how: "line", kind: "title" },
  { name: "文种", how: "line", choices: ["", ...GENRES] },
  { name: "主送", how: "line", kind: "to" },
  { name: "成文日期", how: "line", kind: "date", hint: "2026年7月13日" },
  { name: "抄送", how: "line", kind: "record" },
  { name: "紧急程度", how: "front", choices: ["", "特急", "加急"] },
  { name: "签发人", how: "front", hint: "上行文才填" },
  { name: "份号", how: "front" },
  { name: "用印", how: "front", choices: ["", "是", "否", "签名章"] },
  { name: "讲话人", how: "front" },
  { name: "编印", how: "front", hint: "简报用" },
];
const ORDER = ["版式", "发文机关", "标志", "份号", "紧急程度", "签发人", "讲话人", "编印", "编印日期", "用印"];

const rows = (s: EditorState): { text: string; kind: LineKind; from: number; to: number }[] => {
  const v = s.field(lineKinds), out = [];
  let at = 0, i = 0;
  for (const t of s.doc.iterLines()) { out.push({ text: t, kind: v[i++], from: at, to: at + t.length }); at += t.length + 1; }
  // elements are those of the document: what it carries has its own, and only 版记 stands behind that
  const carried = v.findIndex((k) => k === "carried" || k === "carriedword");
  return carried < 0 ? out : out.filter((r, k) => k <= carried || r.kind === "record");
};
const named = (t: string, name: string): boolean => FRONT.test(t.trim()) && t.trim().startsWith(name) && /[：:]/.test(t.trim()[name.length] || "");
const after = (t: string): string => t.replace(/^[^：:]*[：:]/, "").trim();
const genreOf = (title: string): string => { const m = new RegExp(`(${GENRES.join("|")})(（.*）)?$`).exec(title); return m ? m[1] : ""; };

export function read(s: EditorState, x: Element_): string {
  const v = rows(s);
  if (x.how === "front") { const l = v.find((r) => r.kind === "front" && named(r.text, x.name)); return l ? after(l.text) : ""; }
  const title = v.filter((r) => r.kind === "title").map((r) => r.text.trim()).join("");
  if (x.name === "标题") return title;
  if (x.name === "文种") return genreOf(title);
  const l = v.find((r) => r.kind === x.kind && (x.name !== "抄送" || /^抄送/.test(r.text.trim())));
  if (!l) return "";
  return x.name === "主送" ? l.text.trim().replace(/[：:]$/, "") : x.name === "抄送" ? after(l.text).replace(/。$/, "") : l.text.trim();
}

const whole = (s: EditorState, r: { from: number; to: number }, insert: string): ChangeSpec =>
  insert ? { from: r.from, to: r.to, insert } : { from: r.from, to: Math.min(s.doc.length, r.to + 1) };

function writeFront(s: EditorState, name: string, value: string): ChangeSpec | null {
  const v = rows(s), had = v.find((r) => r.kind === "front" && named(r.text, name));
  if (had) return after(had.text) === value ? null : whole(s, had, value ? `${name}：${value}` : "");
  if (!value) return null;
  const rank = ORDER.indexOf(name);
  const before = v.filter((r) => r.kind === "front" && ORDER.findIndex((o) => named(r.text, o)) < rank).pop();
  return before ? { from: before.to, insert: `\n${name}：${value}` } : { from: 0, insert: `${name}：${value}\n` };
}

function writeLine(s: EditorState, x: Element_, value: string): ChangeSpec | null {
  const v = rows(s), titles = v.filter((r) => r.kind === "title");
  if (x.name === "文种") {
    const last = titles[titles.length - 1], old = last && genreOf(last.text.trim());
    if (!last || !value || old === value) return null;
    const at = old ? last.text.lastIndexOf(old) : last.text.trimEnd().length;
    return { from: last.from + at, to: last.from + at + old.length, insert: value };
  }
  if (x.name === "标题") {
    if (!titles.length) return value ? { from: v.find((r) => r.kind !== "front" && r.kind !== "blank")?.from ?? s.doc.length, insert: value + "\n" } : null;
    return value ? { from: titles[0].from, to: titles[titles.length - 1].to, insert: value } : null;
  }
  const had = v.find((r) => r.kind === x.kind && (x.name !== "抄送" || /^抄送/.test(r.text.trim())));
  const full = x.name === "主送" ? value && value + "：" : x.name === "抄送" ? value && `抄送：${value}。` : value;
  if (had) return had.text.trim() === full ? null : whole(s, had, full);
  if (!full) return null;
  if (x.name === "主送") { const t = titles[titles.length - 1]; return t ? { from: t.to, insert: "\n" + full } : null; }
  const end = s.doc.length, text = s.doc.sliceString(Math.max(0, end - 1));
  if (x.name === "成文日期") {
    const annex = v.find((r) => r.kind === "annex" || r.kind === "record" || r.kind === "carried" || r.kind === "carriedword");
    return annex ? { from: annex.from, insert: full + "\n" } : { from: end, insert: (text === "\n" || !end ? "" : "\n") + full + "\n" };
  }
  return { from: end, insert: (text === "\n" || !end ? "" : "\n") + full + "\n" };
}

export function write(view: EditorView, x: Element_, value: string): void {
  const v = value.replace(/\s*\n\s*/g, " ").trim(), change = x.how === "front" ? writeFront(view.state, x.name, v) : writeLine(view.state, x, v);
  if (change) view.dispatch({ changes: change, userEvent: "input.element" });
}

/** The panel; returns what is to be called when the text moved. */
export function elements(box: HTMLElement, view: () => EditorView): (form: string) => void {
  const inputs = ELEMENTS.map((x) => {
    const l = el("label", "el-row"), i = document.createElement(x.choices ? "select" : "input");
    i.className = "in";
    i.setAttribute("aria-label", x.name);
    if (i instanceof HTMLSelectElement) for (const c of x.choices!) { const o = document.createElement("option"); o.value = c; o.textContent = c || (x.name === "文种" ? "按标题" : "不写"); i.append(o); }
    else { i.maxLength = 300; if (x.hint) i.placeholder = x.hint; }
    i.addEventListener("change", () => write(view(), x, i.value));
    i.addEventListener("keydown", (e) => {
      const k = e as KeyboardEvent;
      if (k.key === "Enter" && !k.isComposing) { e.preventDefault(); write(view(), x, i.value); view().focus(); }
      if (k.key === "Escape") { i.value = read(view().state, x); view().focus(); }
    });
    l.append(el("span", "", x.name), i);
    box.append(l);
    return { x, i };
  });
  return (form) => {
    for (const { x, i } of inputs) {
      // what the page was taken for, where nobody said it
      if (x.name === "版式" && i instanceof HTMLSelectElement) i.options[0].textContent = form ? `自动（${form}）` : "自动";
      if (document.activeElement === i) continue;
      const now = read(view().state, x);
      if (i instanceof HTMLSelectElement && now && !Array.from(i.options).some((o) => o.value === now)) { const o = document.createElement("option"); o.value = o.textContent = now; i.append(o); }
      if (i.value !== now) i.value = now;
      i.disabled = view().state.readOnly;
      i.parentElement!.classList.toggle("set", !!now);
    }
  };
}
