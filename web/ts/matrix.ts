// Trees of receipts and the matrix: boxes of a whole row or table, how many are chosen, printing, and what others
// do meanwhile. Without script the boxes are ticked one by one and the page is loaded again by hand.
import { $, $$ } from "./dom";

const boxes = (root: ParentNode): HTMLInputElement[] => $$<HTMLInputElement>('input[type=checkbox][name="ask"]', root);

function count(form: HTMLFormElement): void {
  const n = boxes(form).filter((b) => b.checked).length;
  for (const s of $$("[data-n]", form)) s.textContent = n ? "（" + n + "）" : "";
}

function setup(root: ParentNode): void {
  for (const all of $$<HTMLInputElement>('input[data-all="ask"]', root)) (all.parentElement as HTMLElement).hidden = false;
  for (const b of $$<HTMLButtonElement>("[data-print]", root)) b.hidden = false;
}
setup(document);

document.addEventListener("change", (e) => {
  const t = e.target as HTMLInputElement, form = t.form;
  if (!form || t.type !== "checkbox") return;
  if (t.dataset.all === "ask") for (const b of boxes(form)) b.checked = t.checked;
  count(form);
});
document.addEventListener("click", (e) => {
  const t = e.target as HTMLElement;
  if (t.closest("[data-print]")) print();
  // the name of a unit takes all that can be reminded in its row
  const head = t.closest(".mx th.u[scope=row]"), row = head?.closest("tr"), form = head?.closest("form");
  if (!row || !form) return;
  const own = boxes(row), on = own.some((b) => !b.checked);
  for (const b of own) b.checked = on;
  count(form);
});

// Parts of the page that others change (data-fresh), from the page as it is now; what is ticked stays ticked.
const AGAIN_MS = 3000;
let asked = 0, timer = 0;
async function fresh(box: HTMLElement, revision: string): Promise<void> {
  const mine = ++asked;
  let got: Document;
  clearTimeout(timer);
  try {
    const answer = await fetch(box.dataset.from || location.pathname + "/live", { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return;
    got = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch { // the line is broken: what moved is not told a second time
    if (mine === asked) timer = window.setTimeout(() => { if (!document.hidden) void fresh(box, revision); }, AGAIN_MS);
    return;
  }
  if (mine !== asked) return; // a later question's answer is the newer one
  for (const part of $$("[data-fresh]")) {
    const now = got.getElementById(part.id);
    const ticked = new Set(boxes(part).filter((b) => b.checked).map((b) => b.value));
    if (now) part.replaceChildren(...Array.from(now.childNodes));
    for (const b of boxes(part)) b.checked = ticked.has(b.value);
    setup(part);
  }
  box.dataset.revision = revision;
  $("[data-moved]")?.removeAttribute("hidden");
}

const box = $("[data-item][data-revision]");
if (box && $("[data-fresh]") && "EventSource" in window) {
  let source: EventSource | null = null;
  const open = (): void => {
    if (source || document.hidden) return;
    source = new EventSource("/live?item=" + box.dataset.item);
    source.addEventListener("item", (e) => { const r = (e as MessageEvent).data as string; if (r !== box.dataset.revision) void fresh(box, r); });
  };
  const shut = (): void => { source?.close(); source = null; };
  document.addEventListener("visibilitychange", () => { if (document.hidden) shut(); else open(); });
  addEventListener("pagehide", shut);
  addEventListener("pageshow", open);
}
