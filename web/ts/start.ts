// A new text under work: what can be chosen follows what is typed. Down goes into the list, Enter there begins.
import { $, $$, composing } from "./dom";

const form = $<HTMLFormElement>("[data-start]");
if (form) {
  const title = $<HTMLInputElement>("[name=title]", form)!, words = $<HTMLInputElement>("[name=q]", form)!;
  const list = $("[data-start-list]", form)!;
  let timer = 0, run = 0, asked = "\n";
  const radios = (): HTMLInputElement[] => $$<HTMLInputElement>("[name=from]", list);
  const chosen = (): HTMLInputElement | undefined => radios().find((r) => r.checked);
  $<HTMLElement>("[value=find]", form)!.hidden = true;

  async function ask(): Promise<void> {
    const now = title.value.trim() + "\n" + words.value.trim();
    if (now === asked) return;
    asked = now;
    const mine = ++run;
    try {
      const [t, q] = now.split("\n"), r = await fetch("/manuscripts/new?" + new URLSearchParams({ title: t, q }).toString(), { headers: { Accept: "text/html" }, redirect: "error" });
      if (!r.ok || mine !== run) return;
      const next = $("[data-start-list]", new DOMParser().parseFromString(await r.text(), "text/html"));
      if (!next || mine !== run) return;
      // The blank page stays where it is with its form; what was chosen stays chosen as long as it is there.
      const was = chosen()?.value || "", inside = list.contains(document.activeElement);
      $$(".stgroup:not(.stblank)", list).forEach((g) => g.remove());
      $$(".stgroup:not(.stblank)", next).forEach((g) => list.append(g));
      const again = radios().find((x) => x.value === was) || radios()[0];
      again.checked = true;
      if (inside) again.focus();
    } catch { asked = "\n"; }
  }
  const later = (): void => { clearTimeout(timer); timer = window.setTimeout(() => void ask(), 150); };
  for (const at of [title, words]) {
    at.addEventListener("input", (e) => { if (!composing(e)) later(); });
    at.addEventListener("compositionend", () => setTimeout(later, 0));
    at.addEventListener("keydown", (e) => {
      if (composing(e) || (e.key !== "ArrowDown" && !(e.key === "Enter" && at === words))) return;
      e.preventDefault();
      const all = radios(), first = at === words && words.value.trim() ? all[1] || all[0] : chosen() || all[0];
      first.checked = true;
      first.focus();
    });
  }
  if (!title.value) asked = "\n" + words.value.trim();
}
