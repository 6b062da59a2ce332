// Words that go into a chat group: one press, or y. A page that is not https has no clipboard of its own: then the marked
// text is copied as a person would, and where even that is forbidden it stays marked for Ctrl+C.
import { $, $$, composing, el, typing } from "./dom";

async function copy(text: HTMLTextAreaElement, said: HTMLElement): Promise<void> {
  let done = false;
  text.focus();
  text.select();
  try {
    if (navigator.clipboard) { await navigator.clipboard.writeText(text.value); done = true; } else done = document.execCommand("copy");
  } catch {
    done = document.execCommand("copy");
  }
  said.textContent = done ? "已复制，到群里粘贴" : "已经选中，请按 Ctrl+C 复制";
}

for (const text of $$<HTMLTextAreaElement>("textarea[data-copy]")) {
  const b = el("button", "btn small", "复制") as HTMLButtonElement, said = el("span", "mute small"), row = el("span", "row copyrow");
  b.type = "button";
  said.setAttribute("role", "status");
  b.addEventListener("click", () => void copy(text, said));
  row.append(b, said);
  (text.closest("label") || text).after(row);
}

document.addEventListener("keydown", (e) => {
  const text = $<HTMLTextAreaElement>("textarea[data-copy]");
  if (e.key !== "y" || !text || composing(e) || e.ctrlKey || e.metaKey || e.altKey || typing(e.target) || $("dialog[open]")) return;
  e.preventDefault();
  const fold = text.closest("details");
  if (fold) fold.open = true;
  (text.closest("label, details") || text).parentElement!.querySelector<HTMLButtonElement>(".copyrow button")?.click();
});
