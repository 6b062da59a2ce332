// Remarks of leaders: what the words are is shown while they are typed; y and n when they are verified; printing.
import { $, composing, typing } from "./dom";

const form = $<HTMLFormElement>("form[data-remark]");
if (form) {
  const words = $<HTMLTextAreaElement>("[data-read]", form)!, fresh = $("[data-fresh-read]", form)!;
  let timer = 0, asked = 0;
  const read = async (): Promise<void> => {
    const turn = ++asked, body = new URLSearchParams();
    for (const name of ["csrf", "words", "day", "leader"]) body.set(name, (form.elements.namedItem(name) as HTMLInputElement | null)?.value || "");
    body.set("act", "read");
    try {
      const r = await fetch(form.action, { method: "POST", body, headers: { "X-Line": "1" } });
      const part = new DOMParser().parseFromString(await r.text(), "text/html").querySelector("[data-fresh-read]");
      if (r.ok && part && turn === asked) fresh.replaceChildren(...Array.from(part.childNodes));
    } catch { /* the line is broken: it is read when it is entered */ }
  };
  words.addEventListener("input", (e) => { clearTimeout(timer); if (!composing(e)) timer = window.setTimeout(read, 400); });
  words.addEventListener("compositionend", () => { clearTimeout(timer); timer = window.setTimeout(read, 400); });
}

const verify = $<HTMLFormElement>("form[data-verify]");
if (verify)
  document.addEventListener("keydown", (e) => {
    if (composing(e) || e.ctrlKey || e.metaKey || e.altKey || typing(e.target) || $("dialog[open]")) return;
    const note = $<HTMLInputElement>("[name=text]", verify)!;
    if (e.key === "y") verify.querySelector<HTMLButtonElement>("[value='1']")!.click();
    else if (e.key === "n") note.value ? verify.querySelector<HTMLButtonElement>("[value='0']")!.click() : note.focus();
    else return;
    e.preventDefault();
  });
verify?.querySelector<HTMLInputElement>("[name=text]")?.addEventListener("keydown", (e) => {
  if (composing(e) || e.key !== "Enter") return;
  e.preventDefault(); // a note says what is wrong: Enter does not mean that it is right
  verify.querySelector<HTMLButtonElement>("[value='0']")!.click();
});

document.addEventListener("keydown", (e) => {
  if (composing(e) || typing(e.target) || e.ctrlKey || e.metaKey || e.altKey || e.key !== "d") return;
  const a = $<HTMLAnchorElement>("[data-key=d]");
  if (a) { e.preventDefault(); a.click(); }
});
