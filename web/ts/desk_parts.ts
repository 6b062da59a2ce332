// Whose part the cursor stands in, and until when: one line over the text. The panel of parts below the desk is the list, which stands there without
// script as well; its places are those of the text the page brought, and follow every change as the server's do (office/manuscript_part.c).
import { EditorView, ViewPlugin, ViewUpdate } from "@codemirror/view";
import { $, $$, el } from "./dom";
import { Desk, addPart } from "./desk_part";

interface Part { from: number; to: number; name: string; who: string; due: string; state: string; mine: boolean; late: boolean }

const said = (li: HTMLElement, what: string): string => $(what, li)?.textContent?.trim() || "";
const read = (): Part[] => $$("[data-part]").map((li) => ({
  from: Number(li.dataset.from), to: Number(li.dataset.to), name: said(li, "b"), who: said(li, "[data-who]"), due: said(li, "[data-due]"),
  state: said(li, "[data-state]"), mine: li.dataset.mine !== undefined, late: li.dataset.late !== undefined,
}));

addPart((_mount: HTMLElement, desk: () => Desk) => {
  const list = read();
  if (!list.length) return [];
  let strip: HTMLElement | null = null, shown = "";

  function show(view: EditorView): void {
    if (!strip) {
      const bar = $(".dk-bar", desk().root);
      if (!bar) return;
      strip = el("div", "dk-part");
      strip.setAttribute("aria-live", "polite");
      bar.after(strip);
    }
    const at = view.state.doc.lineAt(view.state.selection.main.head).from;
    let here: Part | undefined;
    for (const p of list) if (p.to > p.from && view.state.doc.lineAt(Math.min(p.from, view.state.doc.length)).from <= at) here = p;
    const key = here ? `${here.from}:${here.name}` : "-";
    if (key === shown) return;
    shown = key;
    strip.textContent = "";
    strip.classList.toggle("mine", !!here?.mine);
    if (!here) { strip.append("这里归拟稿人，不在哪一部分"); return; }
    strip.append(here.mine ? "您写的部分：" : `${here.who}写的部分：`, el("b", "", here.name));
    if (here.state === "已交稿") strip.append("　已交稿");
    if (here.due) strip.append("　", el("span", here.late ? "partlate" : "", here.due.includes("逾期") ? here.due : `${here.due} 前交`));
  }

  return ViewPlugin.fromClass(class {
    constructor(view: EditorView) { setTimeout(() => show(view)); }
    update(u: ViewUpdate): void {
      if (u.docChanged) for (const p of list) { const to = u.changes.mapPos(p.to, -1); p.from = u.changes.mapPos(p.from, 1); p.to = Math.max(p.from, to); }
      if (u.docChanged || u.selectionSet) show(u.view);
    }
  });
});
