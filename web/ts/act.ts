// What can be done with an item: opening its forms, what is conditional in them, phrases, texts that grow. The page works without it.
import { $, $$, composing, typing } from "./dom";

// ---- conditional fields ----
interface Term { or: boolean; field: string; with: string; op: string; type: string; values: string[] }

function valueOf(form: HTMLFormElement, name: string): string {
  if ($(`[data-field="${name}"][data-off]`, form)) return ""; // what is not there counts as empty
  const all = $$<HTMLInputElement>(`[name="${name}"]`, form).filter((i) => !/^(radio|checkbox)$/.test(i.type) || i.checked);
  return all.map((i) => i.value.trim()).filter(Boolean).join("\n") || $<HTMLInputElement>(`[name="${name}.text"]`, form)?.value.trim() || "";
}

function holds(form: HTMLFormElement, terms: Term[]): boolean {
  let all = true;
  for (const t of terms) {
    if (t.or) { if (all) return true; all = true; }
    const v = valueOf(form, t.field) || (t.with ? valueOf(form, t.with) : ""); // whoever a table names is in the field too
    const num = t.type === "number";
    const cmp = (w: string): number => num ? Number(v) - Number(w) : v < w ? -1 : v > w ? 1 : 0;
    let is = false;
    if (t.op === "empty") is = v === "";
    else if (t.op === "filled") is = v !== "";
    else if (v === "") is = t.op === "ne";
    else if (t.op === "in") is = t.values.some((w) => cmp(w) === 0);
    else {
      const c = cmp(t.values[0]);
      is = t.op === "eq" ? c === 0 : t.op === "ne" ? c !== 0 : t.op === "lt" ? c < 0 : t.op === "le" ? c <= 0 : t.op === "gt" ? c > 0 : c >= 0;
    }
    all = all && is;
  }
  return all;
}

function conditions(form: HTMLFormElement): void {
  const parts = $$("[data-when]", form).map((e) => ({ e, terms: JSON.parse(e.dataset.when || "[]") as Term[] }));
  if (!parts.length) return;
  form.classList.add("cond");
  const judge = (): void => {
    for (const p of parts) p.e.toggleAttribute("data-off", !holds(form, p.terms));
    const then = $$<HTMLButtonElement>("button[name=then]", form), first = then.find((b) => !b.hasAttribute("data-off"));
    for (const b of then) b.classList.toggle("go", b === first);
  };
  form.addEventListener("input", judge);
  form.addEventListener("change", judge);
  judge();
}

// ---- what can be done ----
function openForm(id: string): void {
  const form = document.getElementById(id);
  if (!form) return;
  for (const f of $$("[data-actform]")) f.hidden = f !== form;
  for (const a of $$("[data-open]")) a.classList.toggle("on", a.dataset.open === id);
  const first = $<HTMLElement>("textarea, input.in, select", form) || $<HTMLElement>("button.go", form);
  first?.focus();
  form.scrollIntoView({ block: "nearest" });
}

document.addEventListener("click", (e) => {
  const a = (e.target as Element).closest<HTMLElement>("[data-open]");
  if (a && !e.ctrlKey && !(e as MouseEvent).metaKey) { e.preventDefault(); openForm(a.dataset.open || ""); return; }
  const chip = (e.target as Element).closest<HTMLElement>("[data-phrases] button");
  if (chip) {
    const area = $<HTMLTextAreaElement>("textarea[name=text]", chip.closest("form")!);
    if (!area) return;
    area.setRangeText(chip.textContent || "", area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
    area.focus();
  }
});

// What stands in the box is kept for other times; the page and what else was typed stay.
document.addEventListener("click", async (e) => {
  const b = (e.target as Element).closest<HTMLButtonElement>("[data-savephrase]");
  if (!b) return;
  e.preventDefault();
  const form = b.closest("form")!, area = $<HTMLTextAreaElement>("textarea[name=text]", form);
  const text = area?.value.trim() || "";
  if (!text) { area?.focus(); return; }
  const body = new URLSearchParams({ csrf: $<HTMLInputElement>("[name=csrf]", form)!.value, act: "add", text });
  try {
    const r = await fetch("/account/phrases", { method: "POST", body, headers: { Accept: "application/json" } });
    b.textContent = r.ok ? "已存为常用语" : "没有存上：最多200个字、100条";
  } catch { b.textContent = "线路断了，没有存上，请再点一次"; }
});

document.addEventListener("keydown", (e) => {
  if (composing(e) || e.ctrlKey || e.metaKey || e.altKey || typing(e.target) || $("dialog[open]") || !$("#act")) return;
  if (e.key === "m") { const a = $("[data-move]") || $("[data-open^=move]"); if (a) { e.preventDefault(); openForm(a.dataset.open || ""); } }
  if (e.key === "r") { e.preventDefault(); openForm("do-remark"); }
  if (e.key === "u") { const a = $<HTMLAnchorElement>("[data-key=u]"); if (a) { e.preventDefault(); a.click(); } }
});

// A text grows with what is typed into it.
function grow(t: HTMLTextAreaElement): void {
  const fit = (): void => { const lines = Math.min(24, t.value.split("\n").reduce((n, l) => n + 1 + Math.floor(l.length / 46), 0)); t.rows = Math.max(t.rows, lines); };
  t.addEventListener("input", fit);
  fit();
}

for (const f of $$<HTMLFormElement>("[data-itemform], [data-actform]")) conditions(f);
for (const p of $$("[data-phrases]")) p.hidden = false;
for (const t of $$<HTMLTextAreaElement>("textarea[data-grow]")) grow(t);
