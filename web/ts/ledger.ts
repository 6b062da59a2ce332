// Columns of a ledger: moved up and down with buttons instead of numbers. The numbers stay in the form and are what is sent.
import { $$, el } from "./dom";

const renumber = (list: HTMLElement): void => { $$<HTMLInputElement>("input.at", list).forEach((n, i) => { n.value = String(i + 1); }); };

function step(list: HTMLElement, up: boolean, name: string): HTMLElement {
  const b = el("button", `btn quiet small ${up ? "up" : "down"}`, up ? "↑" : "↓") as HTMLButtonElement;
  b.type = "button";
  b.setAttribute("aria-label", `${name}${up ? "上移" : "下移"}`);
  b.addEventListener("click", () => {
    const row = b.closest("li")!;
    const other = up ? row.previousElementSibling : row.nextElementSibling;
    if (!other) return;
    if (up) other.before(row); else other.after(row);
    renumber(list);
    b.focus();
  });
  return b;
}

for (const list of $$("[data-columns]")) {
  for (const row of $$("li", list)) {
    const name = row.textContent?.trim() ?? "";
    for (const n of $$<HTMLInputElement>("input.at", row)) n.hidden = true;
    row.append(step(list, true, name), step(list, false, name));
  }
}
