// Suggestions while typing: the server's own fragment under the box. Never while a word is being composed.
import { $$, composing } from "./dom";

function attach(input: HTMLInputElement): void {
  const box = input.parentElement!;
  let timer = 0, asked = "", run = 0, at = -1;
  const list = (): HTMLAnchorElement[] => $$<HTMLAnchorElement>(".sug a", box);
  const close = (): void => { run++; asked = ""; at = -1; box.querySelector(".sug")?.remove(); input.setAttribute("aria-expanded", "false"); };

  async function ask(): Promise<void> {
    const q = input.value.trim();
    if (composing() || q === asked) return;
    if (!q) { close(); return; }
    asked = q;
    const mine = ++run;
    try {
      const r = await fetch("/search/suggest?q=" + encodeURIComponent(q), { headers: { Accept: "text/html" }, redirect: "error" });
      const html = r.ok ? await r.text() : "";
      if (mine !== run || document.activeElement !== input) return;
      box.querySelector(".sug")?.remove();
      at = -1;
      box.insertAdjacentHTML("beforeend", html);
      input.setAttribute("aria-expanded", String(list().length > 0));
    } catch { close(); }
  }
  const later = (): void => { clearTimeout(timer); timer = window.setTimeout(ask, 90); };

  input.setAttribute("role", "combobox");
  input.setAttribute("aria-expanded", "false");
  input.addEventListener("input", (e) => { if (!composing(e)) later(); });
  input.addEventListener("compositionend", () => setTimeout(later, 0));
  input.addEventListener("blur", () => setTimeout(close, 150));
  input.addEventListener("keydown", (e) => {
    if (composing(e)) { if (e.key === "Enter") e.stopPropagation(); return; }
    const all = list();
    if (e.key === "Escape") { close(); return; }
    if ((e.key === "ArrowDown" || e.key === "ArrowUp") && all.length) {
      e.preventDefault();
      at = (at + (e.key === "ArrowDown" ? 1 : all.length)) % all.length;
      all.forEach((a, i) => a.classList.toggle("at", i === at));
      input.value = all[at].dataset.text || input.value;
      asked = input.value;
    } else if (e.key === "Enter" && at >= 0 && all[at]) {
      e.preventDefault();
      location.href = all[at].href;
    }
  });
}
for (const i of $$<HTMLInputElement>("input[data-suggest]")) attach(i);
