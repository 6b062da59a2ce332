// Registering scans: pages are turned beside the form without losing what is typed in it; every key works while a
// field has the focus. F2 ticks, PageUp and PageDown turn, z or a click looks closer, Ctrl+Enter (keys.ts) registers.
import { $, composing, typing } from "./dom";

const box = $("[data-scan]");
const img = $<HTMLImageElement>("[data-image]");

function attach(box: HTMLElement, img: HTMLImageElement): void {
  const shown = $("[data-page]")!, end = $("[data-end]")!;
  let page = Number(shown.textContent) || 1, last = 0, ended = false;
  const zoom = (): void => { box.classList.toggle("zoom"); };
  const turn = (by: number): void => {
    const to = page + by;
    if (to < 1 || (last && to > last)) return;
    page = to;
    shown.textContent = String(to);
    img.src = img.dataset.image + String(to);
    box.scrollTop = 0;
  };
  // There is no count of pages: the one that cannot be drawn is behind the last.
  img.addEventListener("error", () => {
    if (page <= 1) { end.textContent = "这一页画不出来，请下载后查看或重新扫描"; end.hidden = false; img.hidden = true; return; }
    last = page - 1;
    turn(-1);
    if (!ended) shown.parentElement!.append("（末页）");
    ended = true;
  });
  document.addEventListener("click", (e) => {
    const a = (e.target as Element).closest<HTMLElement>("[data-turn]");
    if (a) { e.preventDefault(); turn(Number(a.dataset.turn)); }
  });
  box.addEventListener("click", zoom);
  document.addEventListener("keydown", (e) => {
    if (composing(e) || e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.key === "PageDown" || e.key === "PageUp") turn(e.key === "PageDown" ? 1 : -1);
    else if (e.key === "F2") { const c = $<HTMLInputElement>("[data-clean]"); if (c) { c.checked = !c.checked; c.focus(); } }
    else if (e.key === "z" && !typing(e.target)) zoom();
    else return;
    e.preventDefault();
  });
  // The next one is read by OCR while this one is looked at, so that it is there at once.
  const next = $("form[data-held]")?.dataset.after;
  if (next) addEventListener("load", () => { void fetch(next, { headers: { Accept: "application/json" } }).catch(() => {}); });
}
// On a phone the form stands below the page: to put the cursor there would scroll past what must be looked at first.
if (innerWidth > 820) $<HTMLInputElement>("[data-first]")?.focus();
if (box && img) attach(box, img);
