// Paper beside what is typed from it: one sheet at a time, on a canvas so that a photograph can be turned. Nothing here is needed to see the sheets;
// without script they stand one below the other. Keys work while the text has the focus, so none of them is one of the editor's.
import { $, $$, composing, el, typing } from "./dom";

const ZOOMS = [100, 130, 170, 220, 300], STEP = 140;

/** How a sheet was turned here, in quarters. */
const turned = (id: string): number => { try { return Number(localStorage.getItem(`paper:turn:${id}`)) || 0; } catch { return 0; } };
const keepTurn = (id: string, n: number): void => { try { if (n) localStorage.setItem(`paper:turn:${id}`, String(n)); else localStorage.removeItem(`paper:turn:${id}`); } catch { /* no room: it is turned again */ } };

function open(box: HTMLElement): void {
  const sheets = $$<HTMLElement>("[data-sheet]", box);
  if (!sheets.length) return;
  const bar = el("div", "pp-bar"), view = el("div", "pp-view"), canvas = document.createElement("canvas"), says = el("span", "pp-says");
  const img = new Image();
  let at = 0, zoom = 0, quarter = 0;

  function draw(): void {
    const lying = quarter % 2 === 1, w = img.naturalWidth, h = img.naturalHeight, g = canvas.getContext("2d");
    if (!w || !g) return;
    canvas.width = lying ? h : w;
    canvas.height = lying ? w : h;
    g.translate(canvas.width / 2, canvas.height / 2);
    g.rotate(quarter * Math.PI / 2);
    g.drawImage(img, -w / 2, -h / 2);
    canvas.dataset.drawn = `${at + 1}:${quarter}`;
    const cap = $("figcaption b", sheets[at])?.textContent || "";
    canvas.setAttribute("aria-label", cap);
  }
  function say(): void {
    says.textContent = `第 ${at + 1} 页，共 ${sheets.length} 页`;
    sheets.forEach((s, i) => s.classList.toggle("on", i === at));
    $<HTMLButtonElement>("[data-pp=prev]", bar)!.disabled = at === 0;
    $<HTMLButtonElement>("[data-pp=next]", bar)!.disabled = at === sheets.length - 1;
    $<HTMLButtonElement>("[data-pp=out]", bar)!.disabled = zoom === 0;
    $<HTMLButtonElement>("[data-pp=in]", bar)!.disabled = zoom === ZOOMS.length - 1;
  }
  function show(to: number): void {
    if (to < 0 || to >= sheets.length) return;
    at = to;
    quarter = turned(sheets[at].dataset.sheet!);
    img.src = $<HTMLImageElement>("img", sheets[at])!.src;
    view.scrollTop = view.scrollLeft = 0;
    say();
  }
  function scale(to: number): void {
    zoom = Math.max(0, Math.min(ZOOMS.length - 1, to));
    // what stood in the middle stays there
    const x = (view.scrollLeft + view.clientWidth / 2) / Math.max(1, view.scrollWidth), y = (view.scrollTop + view.clientHeight / 2) / Math.max(1, view.scrollHeight);
    canvas.style.width = `${ZOOMS[zoom]}%`;
    view.scrollLeft = x * view.scrollWidth - view.clientWidth / 2;
    view.scrollTop = y * view.scrollHeight - view.clientHeight / 2;
    say();
  }
  function turn(by: number): void {
    quarter = (quarter + by + 4) % 4;
    keepTurn(sheets[at].dataset.sheet!, quarter);
    draw();
  }
  const deeds: Record<string, () => void> = {
    prev: () => show(at - 1), next: () => show(at + 1), in: () => scale(zoom + 1), out: () => scale(zoom - 1), left: () => turn(-1), right: () => turn(1),
    up: () => view.scrollBy(0, -STEP), down: () => view.scrollBy(0, STEP), west: () => view.scrollBy(-STEP, 0), east: () => view.scrollBy(STEP, 0), fit: () => scale(0),
  };
  const button = (what: string, name: string, title: string): HTMLElement => {
    const b = el("button", "btn small quiet", name) as HTMLButtonElement;
    b.type = "button";
    b.dataset.pp = what;
    b.title = title;
    return b;
  };
  bar.append(button("prev", "上一页", "Alt+PgUp"), says, button("next", "下一页", "Alt+PgDn"), button("out", "缩小", "Alt+-"), button("in", "放大", "Alt+="), button("left", "左转", "Alt+Shift+T"), button("right", "右转", "Alt+T"));
  says.setAttribute("aria-live", "polite");
  view.tabIndex = 0;
  view.setAttribute("role", "region");
  view.setAttribute("aria-label", "纸稿");
  canvas.setAttribute("role", "img");
  view.append(canvas);
  box.prepend(bar, view);
  box.classList.add("pp-on");
  img.addEventListener("load", draw);
  img.addEventListener("error", () => { says.textContent = `第 ${at + 1} 页没有取到，请刷新页面`; });
  bar.addEventListener("click", (e) => { const b = (e.target as Element).closest<HTMLElement>("[data-pp]"); if (b) deeds[b.dataset.pp!](); });

  // ---- keys ----
  const KEYS: Record<string, string> = { PageUp: "prev", PageDown: "next", ArrowUp: "up", ArrowDown: "down", ",": "west", ".": "east", "=": "in", "+": "in", "-": "out", "0": "fit", t: "right", T: "left" };
  document.addEventListener("keydown", (e) => {
    const what = KEYS[e.key];
    if (composing(e) || !what || e.ctrlKey || e.metaKey) return;
    if (!e.altKey && (typing(e.target) || e.target !== view || /^Arrow/.test(e.key))) return; // with the sheet in focus Alt is not needed
    e.preventDefault();
    e.stopPropagation();
    deeds[what]();
  }, true);

  // ---- pulled about with the mouse ----
  let from: { x: number; y: number; left: number; top: number } | null = null;
  view.addEventListener("pointerdown", (e) => { if (e.pointerType === "mouse" && e.button === 0) { from = { x: e.clientX, y: e.clientY, left: view.scrollLeft, top: view.scrollTop }; view.setPointerCapture(e.pointerId); } });
  view.addEventListener("pointermove", (e) => { if (from) { view.scrollLeft = from.left - (e.clientX - from.x); view.scrollTop = from.top - (e.clientY - from.y); } });
  view.addEventListener("pointerup", () => { from = null; });
  view.addEventListener("dblclick", () => scale(zoom ? 0 : 2));

  scale(0);
  show(Math.max(0, sheets.findIndex((s) => s.dataset.fresh !== undefined)));
}

/** Anew after more came. */
export const papers = (root: ParentNode = document): void => { for (const b of $$("[data-paper]", root)) if (!b.classList.contains("pp-on")) open(b); };
papers();
