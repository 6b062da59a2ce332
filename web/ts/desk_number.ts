// The next number: Alt+N writes what follows at the cursor's line, of the level that stands above it; again, the level over that one.
import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { kindAt } from "./desk_lines";

const HAN = "一二三四五六七八九";
export const han = (n: number): string => n < 10 ? HAN[n - 1] : n < 20 ? "十" + (n % 10 ? HAN[n % 10 - 1] : "") : HAN[Math.floor(n / 10) - 1] + "十" + (n % 10 ? HAN[n % 10 - 1] : "");
const value = (s: string): number => {
  if (/^\d+$/.test(s)) return Number(s);
  const [a, b] = s.includes("十") ? s.split("十") : ["", s], one = (c: string): number => HAN.indexOf(c) + 1;
  return s.includes("十") ? (a ? one(a) : 1) * 10 + (b ? one(b) : 0) : one(s);
};
const LABEL = /^\s*(?:[（(]([一二三四五六七八九十]+|\d+)[）)]|([一二三四五六七八九十]+)[、.．]|(\d+)(?:[.．、](?!\d)))\s*/;
export const write = (level: number, n: number): string => level === 1 ? `${han(n)}、` : level === 2 ? `（${han(n)}）` : level === 3 ? `${n}.` : `（${n}）`;

const levelOf = (s: EditorState, line: number): number => { const m = /^h([1-4])$/.exec(kindAt(s, line)); return m ? Number(m[1]) : 0; };

/** The number that would follow at this line in each level, 1 to 4; and the level of the heading above it, 0: none. */
export function following(s: EditorState, line: number): { next: number[]; above: number } {
  const next = [1, 1, 1, 1];
  let above = 0, top = 5;
  for (let i = line - 1; i >= 1 && top > 1; i--) {
    if (kindAt(s, i) === "annex" || kindAt(s, i) === "carried") break;
    const l = levelOf(s, i);
    if (!l) continue;
    if (!above) above = l;
    if (l >= top) continue;
    const m = LABEL.exec(s.doc.line(i).text);
    if (m) next[l - 1] = value(m[1] || m[2] || m[3]) + 1;
    top = l;
  }
  return { next, above };
}

export function nextNumber(view: EditorView): boolean {
  const s = view.state, line = s.doc.lineAt(s.selection.main.head), m = LABEL.exec(line.text), { next, above } = following(s, line.number), now = levelOf(s, line.number);
  if (s.readOnly) return false;
  const start = above || 1, order = [...Array.from({ length: start }, (_, i) => start - i), ...(start < 4 ? [start + 1] : [])];
  const level = now && m ? order[(order.indexOf(now) + 1) % order.length] : start, insert = write(level, Math.min(next[level - 1], 99));
  view.dispatch({ changes: { from: line.from, to: line.from + (now && m ? m[0].length : 0), insert }, userEvent: "input.number", scrollIntoView: true,
    selection: line.text.trim() && !m ? undefined : { anchor: line.from + insert.length } });
  return true;
}
