// Counts and imports stay true while a page stands open: /live says what changed. Only while the page is looked at.
import { $, $$ } from "./dom";

function counts(data: string): void {
  const v = JSON.parse(data) as Record<string, number>;
  for (const b of $$("[data-count]")) {
    const n = v[b.dataset.count || ""];
    // of what waits behind a bell nothing is no figure
    const text = n < 0 ? "10000+" : n === 0 && b.closest(".bell") ? "" : String(n);
    if (n === undefined || b.textContent === text) continue;
    b.textContent = text;
    if (b.closest(".boxes a.on")) $("[data-stale]")?.removeAttribute("hidden");
    if (b.dataset.count !== "documents") b.closest("a")?.classList.toggle("hot", n > 0);
  }
}

// The first rows of 待办; not under the hand of who is choosing one of them.
function todo(html: string): void {
  const box = $('[data-live="todo"]');
  if (!box || box.querySelector("tr.at, :focus")) return;
  box.innerHTML = html;
}

// The rows come as the page itself writes them.
function jobs(html: string): void {
  const got = new DOMParser().parseFromString(html, "text/html");
  for (const box of $$("[data-jobs]")) {
    const table = got.querySelector("table")?.cloneNode(true) as HTMLElement | undefined;
    if (!table || !table.querySelector("[data-job]")) continue;
    $$("tr[data-job]", table).slice(Number(box.dataset.jobs)).forEach((r) => r.remove());
    if (box.innerHTML.trim() !== table.outerHTML) box.replaceChildren(table);
  }
  const one = $("[data-follow]"), row = one && got.querySelector<HTMLElement>('[data-job="' + one.dataset.follow + '"]');
  if (!one || !row) return;
  for (const n of $$("[data-of]", one)) n.textContent = row.querySelector('[data-l="' + n.dataset.of + '"]')?.textContent || "0";
  if (row.dataset.running === undefined) location.reload(); // done: the page with what was not taken
}

if ($("[data-watch]") && "EventSource" in window) {
  let source: EventSource | null = null;
  const open = (): void => {
    if (source || document.hidden) return;
    source = new EventSource("/live");
    source.addEventListener("counts", (e) => counts((e as MessageEvent).data));
    source.addEventListener("todo", (e) => todo((e as MessageEvent).data));
    source.addEventListener("jobs", (e) => jobs((e as MessageEvent).data));
  };
  const shut = (): void => { source?.close(); source = null; };
  document.addEventListener("visibilitychange", () => { if (document.hidden) shut(); else open(); });
  addEventListener("pagehide", shut);
  addEventListener("pageshow", open);
}
