// Plain text, Markdown, HTML and mail; and the encoding of GB18030, which Node can only decode.
import { lines } from "./source.mjs";
import { esc } from "./docx.mjs";

const cells = (b) => b.cells.join("\t");
const flat = (b) => (b.kind === "row" ? cells(b) : (b.label ?? "") + b.text);
const INDENT = new Set(["para", "h1", "h2", "h3", "article", "attach", "note"]);

export function txt(doc) {
  return lines(doc).map((b) => (INDENT.has(b.kind) ? "　　" : "") + flat(b)).join("\n") + "\n";
}

export function md(doc) {
  const out = [];
  let rows = 0;
  for (const b of lines(doc)) {
    if (b.kind !== "row" && rows) {
      out.push("");
      rows = 0;
    }
    if (b.kind === "row") {
      out.push(`| ${b.cells.join(" | ")} |`);
      if (!rows++) out.push(`|${b.cells.map(() => " --- |").join("")}`);
    } else if (b.kind === "title") out.push(`# ${b.text}`, "");
    else if (isHeading(b)) out.push(`## ${flat(b)}`, "");
    else out.push(flat(b), "");
  }
  return out.join("\n").replace(/\n*$/, "\n");
}

/** A numbered sentence is no heading. */
export const isHeading = (b) => (b.kind === "h1" || b.kind === "chapter") && !b.text.endsWith("。");
const TAG = { title: "h1", h1: "h2", chapter: "h2", mark: "p", docno: "p" };
/** `site`: with what stands around an article on a public page. */
export function html(doc, site) {
  const out = [];
  let open = false;
  for (const b of lines(doc)) {
    if (open !== (b.kind === "row")) out.push((open = !open) ? "<table>" : "</table>");
    if (b.kind === "row") out.push(`<tr>${b.cells.map((c) => `<td>${esc(c)}</td>`).join("")}</tr>`);
    else {
      const tag = b.kind === "h1" && !isHeading(b) ? "p" : TAG[b.kind] ?? "p";
      out.push(`<${tag} class="${b.kind}">${esc(flat(b))}</${tag}>`);
    }
  }
  const title = esc(doc.head.titles.join(""));
  const before = site ? `<nav><a href="#">首页</a> <a href="#">政务公开</a> <a href="#">政策文件</a></nav><div class="meta">来源：${esc(site)}　发布日期：${esc(doc.head.date)}　字号：<a href="#">大</a> <a href="#">中</a></div>` : "";
  const after = site ? `<footer>主办：${esc(site)}　技术支持：演示</footer><script>var visits = 0; function count() { visits++; }</script>` : "";
  return `<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="UTF-8"><title>${title}</title>${site ? "<style>nav{background:#eee}</style>" : ""}</head><body>\n${before}\n<article>\n${out.join("\n")}\n</article>\n${after}\n</body></html>\n`;
}

const b64 = (bytes) => Buffer.from(bytes).toString("base64").replace(/(.{76})/g, "$1\r\n");
const word = (s) => `=?UTF-8?B?${Buffer.from(s).toString("base64")}?=`;

/** attachments: [[name, type, bytes], ...] */
export function eml(doc, attachments) {
  const h = doc.head, mark = "=_demo_boundary_1";
  const text = doc.blocks.map(flat).concat(h.sign ? [h.sign] : [], h.date ? [h.date] : [], "（演示材料，内容虚构）").join("\r\n");
  const parts = [
    `Content-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${b64(text)}`,
    ...attachments.map(([name, type, bytes]) =>
      `Content-Type: ${type}; name="${word(name)}"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment;\r\n filename*=UTF-8''${encodeURIComponent(name)}\r\n\r\n${b64(bytes)}`),
  ];
  return [
    `From: ${word(h.from)} <office@demo.invalid>`, `To: ${word(h.mailto)} <dwbgs@demo.invalid>`,
    `Subject: ${word(h.titles.join(""))}`, `Date: ${h.maildate}`, "Message-ID: <demo-1@demo.invalid>",
    "MIME-Version: 1.0", `Content-Type: multipart/mixed; boundary="${mark}"`, "",
    ...parts.flatMap((p) => [`--${mark}`, p]), `--${mark}--`, "",
  ].join("\r\n");
}

let toGb;
export function gb18030(s) {
  if (!toGb) {
    toGb = new Map();
    const dec = new TextDecoder("gb18030");
    for (let a = 0x81; a <= 0xfe; a++)
      for (let b = 0x40; b <= 0xfe; b++) {
        const t = dec.decode(Uint8Array.of(a, b));
        if (t.length === 1 && t !== "\ufffd" && !toGb.has(t)) toGb.set(t, [a, b]);
      }
  }
  return Buffer.from([...s].flatMap((c) => {
    if (c.charCodeAt(0) < 0x80) return [c.charCodeAt(0)];
    const two = toGb.get(c);
    if (!two) throw new Error(`no two-byte GB18030 for ${c}`);
    return two;
  }));
}
