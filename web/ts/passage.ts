// From a document to a matter: what is selected in the text goes along as a place in its plain text, in characters.
import { $, $$, composing, typing } from "./dom";

const chars = (s: string): number => Array.from(s).length;

/** The elements of the text, one for each of its lines: a line end stands between two of them. */
function lines(doc: HTMLElement): HTMLElement[] {
  return Array.from(doc.children).flatMap((e) => (e.matches(".tw") ? $$("tr", e) : [e as HTMLElement]));
}

/** Cells of a row are parted by one tab. */
const pieces = (line: HTMLElement): HTMLElement[] => (line.matches("tr") ? Array.from((line as HTMLTableRowElement).cells) : [line]);

function placeOf(doc: HTMLElement, node: Node, offset: number): number {
  let at = 0;
  for (const line of lines(doc)) {
    const all = pieces(line);
    for (let i = 0; i < all.length; i++) {
      const part = all[i];
      if (part === node || part.contains(node)) {
        const r = document.createRange();
        r.setStart(part, 0);
        r.setEnd(node, offset);
        return at + chars(r.toString());
      }
      if (part.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_PRECEDING) return at; // between two lines
      at += chars(part.textContent || "") + (i + 1 < all.length ? 1 : 0);
    }
    at += 1;
  }
  return at;
}

function selected(doc: HTMLElement): { begin: number; end: number } | null {
  const s = getSelection();
  if (!s || s.isCollapsed || !s.rangeCount) return null;
  const r = s.getRangeAt(0);
  if (!doc.contains(r.commonAncestorContainer)) return null;
  const begin = placeOf(doc, r.startContainer, r.startOffset), end = placeOf(doc, r.endContainer, r.endOffset);
  return end > begin ? { begin, end } : null;
}

const doc = $("#doc"), bar = $("[data-make]");
if (doc && bar) {
  let last: { begin: number; end: number } | null = null; // a click on a button takes the selection away in some browsers
  document.addEventListener("selectionchange", () => { const s = selected(doc); if (s || !getSelection()?.isCollapsed) last = s; });
  const go = (a: HTMLAnchorElement): void => {
    const to = new URL(a.href), s = selected(doc) || last;
    if (s) { to.searchParams.set("begin", String(s.begin)); to.searchParams.set("end", String(s.end)); }
    to.searchParams.set("back", location.pathname + location.search);
    location.href = to.href;
  };
  doc.addEventListener("mousedown", () => { last = null; });
  bar.addEventListener("click", (e) => {
    const a = (e.target as Element).closest<HTMLAnchorElement>("a[href^='/items/new']");
    if (a && !e.ctrlKey && !e.metaKey) { e.preventDefault(); go(a); }
  });
  let g = 0; // "g c" goes to the calendar (keys.ts)
  document.addEventListener("keydown", (e) => {
    const second = Date.now() - g < 1200;
    g = e.key === "g" ? Date.now() : 0;
    if (second || composing(e) || e.ctrlKey || e.metaKey || e.altKey || typing(e.target) || $("dialog[open]")) return;
    const a = /^[dc]$/.test(e.key) ? $<HTMLAnchorElement>(`[data-key=${e.key}]`, bar) : null;
    if (a) { e.preventDefault(); go(a); }
  });
}
