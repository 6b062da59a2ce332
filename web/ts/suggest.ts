// Suggestions while typing: the server's own fragment under the box. Never while a word is being composed.
import { $$, composing } from "./dom";

// data-suggest: whom to ask ("" the search). data-pick: the hidden field that takes the id of what is chosen; the
// choice then stays in the form instead of leading away.
function attach(input: HTMLInputElement): void {
  const from = input.dataset.suggest || "/search/suggest?q=";
  const hidden = input.dataset.pick ? input.form?.querySelector<HTMLInputElement>("[name=" + input.dataset.pick + "]") : null;
  const box = input.parentElement!;
  let timer = 0, asked = "", run = 0, at = -1;
  const list = (): HTMLAnchorElement[] => $$<HTMLAnchorElement>(".sug a", box);
  const close = (): void => { clearTimeout(timer); run++; asked = ""; at = -1; box.querySelector(".sug")?.remove(); input.setAttribute("aria-expanded", "false"); };

  async function ask(): Promise<void> {
    const q = input.value.trim();
    if (composing() || q === asked) return;
    if (!q) { close(); return; }
    asked = q;
    const mine = ++run;
    try {
      const r = await fetch(from + encodeURIComponent(q), { headers: { Accept: "text/html" }, redirect: "error" });
      const html = r.ok ? await r.text() : "";
      if (mine !== run || document.activeElement !== input) return;
      box.querySelector(".sug")?.remove();
      at = -1;
      box.insertAdjacentHTML("beforeend", html);
      input.setAttribute("aria-expanded", String(list().length > 0));
    } catch { close(); }
  }
  const later = (): void => { clearTimeout(timer); timer = window.setTimeout(ask, 90); };

  const take = (a: HTMLAnchorElement): void => {
    if (!hidden) { location.href = a.href; return; }
    input.value = a.dataset.text || "";
    hidden.value = a.dataset.id || "";
    close();
    asked = input.value.trim();
  };

  if (hidden) input.addEventListener("focus", () => input.select());
  if (hidden) box.addEventListener("click", (e) => {
    const a = (e.target as Element).closest<HTMLAnchorElement>(".sug a");
    if (a) { e.preventDefault(); take(a); }
  });
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-expanded", "false");
  input.addEventListener("input", (e) => { if (hidden) hidden.value = ""; if (!composing(e)) later(); });
  input.addEventListener("compositionend", () => setTimeout(later, 0));
  input.addEventListener("blur", () => setTimeout(() => { if (document.activeElement !== input) close(); }, 150));
  input.addEventListener("keydown", (e) => {
    if (composing(e)) { if (e.key === "Enter") e.stopPropagation(); return; }
    const all = list();
    if (e.key === "Escape") { close(); return; }
    if ((e.key === "ArrowDown" || e.key === "ArrowUp") && all.length) {
      e.preventDefault();
      at = (at + (e.key === "ArrowDown" ? 1 : all.length)) % all.length;
      all.forEach((a, i) => a.classList.toggle("at", i === at));
      if (!hidden) input.value = all[at].dataset.text || input.value;
      if (!hidden) asked = input.value;
    } else if (e.key === "Enter" && at >= 0 && all[at]) {
      e.preventDefault();
      take(all[at]);
    }
  });
}
for (const i of $$<HTMLInputElement>("input[data-suggest]")) attach(i);
