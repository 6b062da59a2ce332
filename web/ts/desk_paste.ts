// What comes from WPS, Word or a page of the net: paragraphs as lines, tables as lines with tabs, numbering as the words it shows.
import { EditorView } from "@codemirror/view";

const BLOCK = /^(P|DIV|H[1-6]|LI|TR|UL|OL|TABLE|SECTION|ARTICLE|BLOCKQUOTE|DD|DT|BODY|PRE)$/;
const clean = (s: string): string => s.replace(/[\u200b\ufeff]/g, "").replace(/[ \t\r\n\u00a0]+/g, " ");
const line = (s: string): string => s.replace(/^[\s　]+|[\s　]+$/g, "");

function cells(row: HTMLTableRowElement, below: Map<number, number>): string[] {
  const out: string[] = [];
  const covered = (): void => { while ((below.get(out.length) || 0) > 0) { below.set(out.length, below.get(out.length)! - 1); out.push(""); } };
  for (const c of Array.from(row.cells)) {
    covered();
    const at = out.length;
    out.push(line(clean(c.textContent || "")));
    for (let k = 1; k < Math.min(c.colSpan || 1, 60); k++) out.push("");
    for (let k = at; k < out.length; k++) if ((c.rowSpan || 1) > 1) below.set(k, c.rowSpan - 1);
  }
  covered();
  return out;
}

const HAN = "一二三四五六七八九十";
function marker(ol: Element, n: number): string {
  const style = (ol.getAttribute("data-style") || "") + " " + (ol.getAttribute("type") || "");
  return /cjk|chinese|ideograph/.test(style) && n <= 10 ? HAN[n - 1] + "、" : `${n}.`;
}

function walk(node: Node, out: string[]): void {
  for (const c of Array.from(node.childNodes)) {
    if (c.nodeType === Node.TEXT_NODE) out[out.length - 1] += clean(c.textContent || "");
    if (c.nodeType !== Node.ELEMENT_NODE) continue;
    const e = c as HTMLElement;
    if (/^(STYLE|SCRIPT|HEAD|TITLE|META|LINK|XML)$/.test(e.tagName) || /display:\s*none/.test(e.getAttribute("data-style") || "")) continue;
    if (e.tagName === "BR") { out.push(""); continue; }
    if (e.tagName === "TABLE") {
      const below = new Map<number, number>();
      for (const row of Array.from((e as HTMLTableElement).rows)) out.push(cells(row, below).join("\t"));
      out.push("");
      continue;
    }
    const block = BLOCK.test(e.tagName);
    if (block) out.push("");
    if (e.tagName === "LI" && e.parentElement?.tagName === "OL") {
      const ol = e.parentElement as HTMLOListElement, n = (ol.start || 1) + Array.from(ol.children).filter((x) => x.tagName === "LI").indexOf(e);
      out[out.length - 1] += marker(ol, n);
    }
    walk(e, out);
    if (block) out.push("");
  }
}

/** Behind a number Word puts blanks, up to its tab stop. */
const LABEL = /^([一二三四五六七八九十百]+、|[（(][一二三四五六七八九十百\d]+[）)]|\d{1,3}[.．、])[ 　]+/;

/** Lines of text. `style` would be refused by the pages' policy as soon as it is read, so it is read under another name. */
export function fromHtml(html: string): string {
  const safe = html.replace(/<style[\s\S]*?<\/style>/gi, "").replace(/<!--[\s\S]*?-->/g, "").replace(/<!\[[^\]]*\]>/g, "")
    .replace(/(<[a-z][^>]*?)\sstyle\s*=/gi, "$1 data-style=").replace(/<\/?(img|v:[a-z]+|o:[a-z]+)\b[^>]*>/gi, "");
  const out = [""];
  walk(new DOMParser().parseFromString(safe, "text/html").body, out);
  return out.map((s) => (s.includes("\t") ? s : line(s).replace(LABEL, "$1"))).filter((s) => s).join("\n");
}

export const fromText = (s: string): string => s.replace(/\r\n?|\u2028|\u2029|\v/g, "\n").replace(/\u00a0/g, " ").split("\n").map((l) => (l.includes("\t") ? l : l.replace(/^[ 　]+|[ 　]+$/g, ""))).join("\n");

export const paste = (told: (what: string) => void) => EditorView.domEventHandlers({
  paste(e, view) {
    const data = e.clipboardData, html = data?.getData("text/html") || "", plain = data?.getData("text/plain") || "";
    if (!data || view.state.readOnly || (!html && !plain)) {
      if (data?.files.length) told("没有贴进来，这里只收文字、表格和 png、jpg 图片");
      return !!data?.files.length;
    }
    // only what has structure is worth its HTML: other editors colour plain lines
    const text = /<(table|ol|li|p|h[1-6])\b/i.test(html) ? fromHtml(html) : fromText(plain);
    e.preventDefault();
    view.dispatch(view.state.replaceSelection(text), { userEvent: "input.paste", scrollIntoView: true });
    if (/<img\b|<v:imagedata\b/i.test(html)) told("文字和表格贴进来了，图片没有带过来");
    else if (text.includes("\t")) told(`贴进来${text.split("\n").filter((l) => l.includes("\t")).length}行表格，各格之间是制表符`);
    return true;
  },
});
