// Reads the text sources of the demonstration documents (format: demo/README.md) into one model.
import fs from "node:fs";
import path from "node:path";

export const CLOSING = "（演示材料，内容虚构）";

const DIGITS = "零一二三四五六七八九";
/** 1..999 in Chinese counting: 10 十, 11 十一, 105 一百零五. */
export function han(n) {
  if (n < 10) return DIGITS[n];
  if (n < 20) return "十" + (n % 10 ? DIGITS[n % 10] : "");
  if (n < 100) return DIGITS[Math.floor(n / 10)] + "十" + (n % 10 ? DIGITS[n % 10] : "");
  const rest = n % 100;
  const head = DIGITS[Math.floor(n / 100)] + "百";
  if (!rest) return head;
  if (rest < 10) return head + "零" + DIGITS[rest];
  return head + (rest < 20 ? "一" : "") + han(rest);
}

const MARKS = [
  ["### ", "h3"],
  ["## ", "h2"],
  ["# ", "h1"],
  ["@ch ", "chapter"],
  ["@art ", "article"],
  ["= ", "title"],
  ["> ", "centre"],
  ["! ", "attach"],
];

function parseLine(line) {
  if (line.startsWith("|"))
    return { kind: "row", cells: line.split("|").slice(1, -1).map((c) => c.trim()) };
  for (const [mark, kind] of MARKS)
    if (line.startsWith(mark)) return { kind, text: line.slice(mark.length) };
  return { kind: "para", text: line };
}

/** Gives every automatically numbered line its visible label, as a reader would see it. */
function number(blocks) {
  let n = { h1: 0, h2: 0, h3: 0, chapter: 0, article: 0 };
  for (const b of blocks) {
    if (b.kind === "title") n = { h1: 0, h2: 0, h3: 0, chapter: 0, article: 0 };
    if (!(b.kind in n)) continue;
    n[b.kind]++;
    if (b.kind === "h1") n.h2 = n.h3 = 0;
    if (b.kind === "h2") n.h3 = 0;
    b.n = n[b.kind];
    b.label = {
      h1: `${han(b.n)}、`,
      h2: `（${han(b.n)}）`,
      h3: `${b.n}.`,
      chapter: `第${han(b.n)}章　`,
      article: `第${han(b.n)}条　`,
    }[b.kind];
  }
}

/** Applies the lines "- old" / "+ new" of a later version to the text of the earlier one. */
function patch(name, base, lines) {
  let text = base;
  for (let i = 0; i < lines.length; i++) {
    if (!lines[i].trim()) continue;
    if (!lines[i].startsWith("- ")) throw new Error(`${name}: expected "- old": ${lines[i]}`);
    const old = lines[i].slice(2);
    const fresh = lines[i + 1]?.startsWith("+") ? lines[++i].slice(2) : null;
    if (text.split(old).length !== 2) throw new Error(`${name}: not exactly once: ${old}`);
    // no "+": the whole line goes
    text = fresh === null
      ? text.split("\n").filter((l) => !l.includes(old)).join("\n")
      : text.replace(old, () => fresh.replaceAll("\\n", "\n"));
  }
  return text;
}

export function readSource(dir, name) {
  const raw = fs.readFileSync(path.join(dir, name), "utf8");
  const cut = raw.indexOf("\n\n");
  const head = { titles: [], attach: [], out: [] };
  for (const line of raw.slice(0, cut).split("\n")) {
    const m = /^([a-z]+): ?(.*)$/.exec(line);
    if (!m) throw new Error(`${name}: bad header line: ${line}`);
    if (m[1] === "title") head.titles.push(m[2]);
    else if (m[1] === "attach" || m[1] === "out") head[m[1]].push(m[2]);
    else head[m[1]] = m[2];
  }
  let body = raw.slice(cut + 2).replace(/\n+$/, "");
  if (head.base) {
    const base = readSource(dir, head.base + ".txt");
    body = patch(name, base.body, body.split("\n"));
  }
  const blocks = body.split("\n").filter((l) => l.trim()).map(parseLine);
  number(blocks);
  return { name, head, body, blocks };
}

/** The visible lines of a document in reading order: text formats print these. */
export function lines(doc) {
  const { head, blocks } = doc;
  const out = [];
  const add = (kind, text) => text && out.push({ kind, text });
  add("line", head.mark);
  add("mark", head.org);
  add("docno", head.no ? (head.signer ? `${head.no}　　签发人：${head.signer}` : head.no) : "");
  head.titles.forEach((t) => add("title", t));
  add("sub", head.sub);
  add("to", head.to ? head.to + "：" : "");
  const tail = () => {
    add("sign", head.sign);
    add("date", head.date);
    add("note", head.note ? `（${head.note}）` : "");
  };
  let signed = false;
  for (const b of blocks) {
    if (b.kind === "title" && !signed) {
      signed = true;
      tail();
    }
    if (b.kind === "row") out.push(b);
    else out.push({ kind: b.kind, label: b.label, n: b.n, text: b.text });
  }
  if (!signed) tail();
  add("cc", head.cc ? `抄送：${head.cc}。` : "");
  add("print", head.print);
  add("closing", CLOSING);
  return out;
}
