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
