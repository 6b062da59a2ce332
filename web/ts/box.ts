// Lists of items: coming back to the row behind the one that was done, x to choose, a filter that sends itself, printing.
import { $, $$, composing, typing } from "./dom";

const here = location.hash && document.getElementById(location.hash.slice(1));
if (here && here.matches("[data-rows] tbody > tr")) {
  here.classList.add("at");
  here.scrollIntoView({ block: "center" });
}
for (const f of $$<HTMLFormElement>("form[data-submit]"))
  for (const s of $$("select", f)) s.addEventListener("change", () => { if (!composing()) f.requestSubmit(); });
const all = $<HTMLButtonElement>("[data-markall]"), marks = (): HTMLInputElement[] => $$<HTMLInputElement>("input[form=mark]");
if (all) {
  all.hidden = false;
  all.addEventListener("click", () => { const on = marks().some((m) => !m.checked); for (const m of marks()) m.checked = on; });
}
document.addEventListener("keydown", (e) => {
  if (e.key !== "x" || e.ctrlKey || e.metaKey || e.altKey || composing(e) || typing(e.target)) return;
  const m = $<HTMLInputElement>("tr.at input[form=mark]");
  if (!m) return;
  m.checked = !m.checked;
  e.preventDefault();
});
document.addEventListener("click", (e) => { if ((e.target as Element).closest("[data-print]")) print(); });
