// The text of a kind: line numbers that follow what is typed, Tab as two blanks (Escape first leaves the field).
import { $, $$, composing } from "./dom";

for (const box of $$("[data-lined]")) {
  const area = $<HTMLTextAreaElement>("textarea", box)!, gutter = $(".gutter", box)!;
  let leaving = false;
  const follow = (): void => {
    const n = area.value.split("\n").length;
    while (gutter.childElementCount > n) gutter.lastElementChild!.remove();
    while (gutter.childElementCount < n) {
      const s = document.createElement("span");
      s.id = "L" + (gutter.childElementCount + 1);
      s.textContent = String(gutter.childElementCount + 1);
      gutter.append(s);
    }
    area.rows = n + 3;
  };
  area.addEventListener("input", follow);
  area.addEventListener("keydown", (e) => {
    if (composing(e)) return;
    if (e.key === "Tab" && !leaving && !e.shiftKey) {
      e.preventDefault();
      document.execCommand("insertText", false, "  ");
    }
    leaving = e.key === "Escape";
  });
  follow();
}
