// The page and the form of an item: what is conditional, pickers, rows of a table, saving while one types, opening what can be
// done. The page works without it.
import { $, $$, composing, el, typing } from "./dom";

// ---- conditional fields ----
interface Term { or: boolean; field: string; op: string; type: string; values: string[] }

function valueOf(form: HTMLFormElement, name: string): string {
  if ($(`[data-field="${name}"][data-off]`, form)) return ""; // what is not there counts as empty
  const all = $$<HTMLInputElement>(`[name="${name}"]`, form).filter((i) => !/^(radio|checkbox)$/.test(i.type) || i.checked);
  return all.map((i) => i.value.trim()).filter(Boolean).join("\n") || $<HTMLInputElement>(`[name="${name}.text"]`, form)?.value.trim() || "";
}

function holds(form: HTMLFormElement, terms: Term[]): boolean {
  let all = true;
  for (const t of terms) {
    if (t.or) { if (all) return true; all = true; }
    const v = valueOf(form, t.field);
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

// ---- pickers ----
interface Choice { id: string; text: string; note: string }

/** The list under a box while one types: never while a word is being composed. */
function suggest(input: HTMLInputElement, from: string, take: (c: Choice) => void): void {
  const box = input.parentElement!;
  let timer = 0, run = 0, at = -1;
  const list = (): HTMLAnchorElement[] => $$<HTMLAnchorElement>(".sug a", box);
  const close = (): void => { clearTimeout(timer); run++; at = -1; box.querySelector(".sug")?.remove(); input.setAttribute("aria-expanded", "false"); };
  const choose = (a: HTMLAnchorElement): void => {
    take({ id: a.dataset.id || "", text: a.dataset.text || "", note: a.dataset.note || "" });
    close();
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };
  async function ask(): Promise<void> {
    const q = input.value.trim();
    if (composing()) return;
    if (!q) { close(); return; }
    const mine = ++run;
    try {
      const r = await fetch(from + "?q=" + encodeURIComponent(q), { headers: { Accept: "text/html" }, redirect: "error" });
      const html = r.ok ? await r.text() : "";
      if (mine !== run || document.activeElement !== input) return;
      box.querySelector(".sug")?.remove();
      box.insertAdjacentHTML("beforeend", html);
      at = list().length ? 0 : -1;
      list()[0]?.classList.add("at");
      input.setAttribute("aria-expanded", String(list().length > 0));
    } catch { close(); }
  }
  const later = (): void => { clearTimeout(timer); timer = window.setTimeout(ask, 90); };
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-expanded", "false");
  input.addEventListener("input", (e) => { if (!composing(e)) later(); });
  input.addEventListener("compositionend", () => setTimeout(later, 0));
  input.addEventListener("blur", () => setTimeout(close, 150));
  box.addEventListener("mousedown", (e) => { if ((e.target as Element).closest(".sug")) e.preventDefault(); });
  box.addEventListener("click", (e) => {
    const a = (e.target as Element).closest<HTMLAnchorElement>(".sug a");
    if (a) { e.preventDefault(); choose(a); input.focus(); }
  });
  input.addEventListener("keydown", (e) => {
    if (composing(e)) return;
    const all = list();
    if (e.key === "Escape") { close(); return; }
    if ((e.key === "ArrowDown" || e.key === "ArrowUp") && all.length) {
      e.preventDefault();
      at = (at + (e.key === "ArrowDown" ? 1 : all.length - 1)) % all.length;
      all.forEach((a, i) => a.classList.toggle("at", i === at));
    } else if (e.key === "Enter" && !e.ctrlKey && !e.metaKey && (all[at] || input.value.trim())) {
      e.preventDefault(); // never sends the form half-way
      if (all[at]) choose(all[at]);
    }
  });
}

function picks(box: HTMLElement): void {
  const input = $<HTMLInputElement>("input.in", box)!, name = box.dataset.name || "", many = "many" in box.dataset;
  const chips = (): HTMLElement[] => $$(".pickd", box);
  box.classList.add("live");
  suggest(input, box.dataset.picks || "", (c) => {
    if (!many) chips().forEach((p) => p.remove());
    input.value = "";
    if (chips().some((p) => $<HTMLInputElement>("input", p)!.value === c.id)) return;
    const chip = el("label", "pickd"), check = document.createElement("input"), text = el("span", "", c.text);
    check.type = "checkbox";
    check.name = name;
    check.value = c.id;
    check.checked = true;
    if (c.note) text.append(" ", el("i", "", c.note.split("　")[0]));
    chip.append(check, text);
    $(".pickbox", box)!.before(chip);
  });
  box.addEventListener("change", (e) => {
    const t = e.target as HTMLInputElement;
    if (t.type === "checkbox" && !t.checked) { t.closest(".pickd")?.remove(); box.dispatchEvent(new Event("change", { bubbles: true })); input.focus(); }
  });
  input.addEventListener("keydown", (e) => {
    if (e.key !== "Backspace" || input.value || composing(e)) return;
    chips().pop()?.remove();
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

function cellPick(box: HTMLElement): void {
  const hidden = $<HTMLInputElement>("input[type=hidden]", box)!, input = $<HTMLInputElement>("input.in", box)!;
  input.addEventListener("input", () => { hidden.value = ""; });
  suggest(input, box.dataset.cellpick || "", (c) => { hidden.value = c.id; input.value = c.text; });
}

function docPick(box: HTMLElement): void {
  const input = $<HTMLInputElement>("input.in", box)!;
  suggest(input, "/items/pick/documents", (c) => { input.value = c.text; });
}

// ---- files: sent as they are chosen, so that nothing is lost when the form comes back ----
function files(box: HTMLElement): void {
  const input = $<HTMLInputElement>("input[type=file]", box)!, name = box.dataset.upload || "", form = input.form!;
  const tell = (text: string, bad = false): void => { let n = $(".upsaid", box); if (!n) { n = el("small", "upsaid"); box.append(n); } n.textContent = text; n.classList.toggle("bad", bad); };
  box.classList.add("live");
  box.addEventListener("change", (e) => {
    const t = e.target as HTMLInputElement;
    if (t.type === "checkbox" && !t.checked) { t.closest(".pickd")?.remove(); form.dispatchEvent(new Event("change")); }
  });
  input.addEventListener("change", async () => {
    if (!input.files?.length) return;
    const b = new FormData();
    b.append("csrf", $<HTMLInputElement>("[name=csrf]", form)!.value);
    for (const f of Array.from(input.files)) b.append("file", f);
    tell("正在上传…");
    try {
      const r = await fetch("/items/upload", { method: "POST", body: b, headers: { Accept: "application/json" }, redirect: "error" });
      const a = await r.json();
      if (!r.ok) { tell(a.data?.text || "没有传上，请重试", true); input.value = ""; return; }
      for (const f of a.data.files as Choice[]) {
        const chip = el("label", "pickd"), check = document.createElement("input"), text = el("span", "", f.text);
        check.type = "checkbox"; check.name = name; check.value = f.id; check.checked = true;
        text.append(" ", el("i", "", f.note));
        chip.append(check, text);
        input.before(chip);
      }
      input.value = "";
      tell("");
      form.dispatchEvent(new Event("change"));
    } catch { tell("没有传上，网络恢复后再选一次；提交时也会一起传", true); }
  });
}

// ---- tables ----
function table(t: HTMLTableElement): void {
  const body = t.tBodies[0], most = Number(t.dataset.table) || 1000;
  const add = el("button", "btn small addrow", "加一行") as HTMLButtonElement;
  add.type = "button";
  const wire = (row: Element): void => $$("[data-cellpick]", row).forEach(cellPick);
  $$("tr", body).forEach(wire);
  const model = body.rows[body.rows.length - 1].cloneNode(true) as HTMLTableRowElement;
  for (const i of $$<HTMLInputElement>("input, select", model)) { i.value = ""; i.removeAttribute("role"); i.removeAttribute("aria-expanded"); }
  add.addEventListener("click", () => {
    if (body.rows.length >= most) return;
    const row = model.cloneNode(true) as HTMLTableRowElement;
    body.append(row);
    wire(row);
    $<HTMLElement>("input.in, select", row)?.focus();
  });
  t.after(add);
}

// ---- saved as one types ----
const SAVE_AFTER = 2500;

function autosave(form: HTMLFormElement): void {
  const to = form.dataset.unsent || "", shown = $("[data-saved]"), hidden = $<HTMLInputElement>("[name=unsent]", form);
  if (!to || !hidden) return;
  let timer = 0, busy = false, again = false, sent = false;
  const body = (): URLSearchParams => {
    const b = new URLSearchParams();
    new FormData(form).forEach((v, k) => { if (typeof v === "string") b.append(k, v); });
    return b;
  };
  let last = body().toString();
  async function save(): Promise<void> {
    if (sent) return;
    if (busy) { again = true; return; }
    const b = body();
    if (b.toString() === last) return;
    busy = true;
    try {
      const r = await fetch(to, { method: "POST", body: b, headers: { Accept: "application/json" }, redirect: "error" });
      if (!r.ok) throw new Error(String(r.status));
      const a = (await r.json()).data as { id: string; saved: string };
      hidden!.value = a.id;
      last = body().toString();
      b.set("unsent", a.id);
      if (b.toString() !== last) again = true;
      if (shown) { shown.textContent = "已自动保存 " + a.saved; shown.classList.remove("bad"); }
      const url = new URL(location.href);
      if (url.searchParams.get("unsent") !== a.id && /\/(new|edit)$/.test(url.pathname)) { // a page loaded again goes on from here
        if (!url.searchParams.get("kind") && url.pathname.endsWith("/new")) url.searchParams.set("kind", $<HTMLInputElement>("[name=kind]", form)!.value);
        url.searchParams.set("unsent", a.id);
        history.replaceState(null, "", url);
      }
    } catch {
      if (shown) { shown.textContent = "没有存上，网络恢复后会再存"; shown.classList.add("bad"); }
      again = true;
    }
    busy = false;
    if (again) { again = false; later(); }
  }
  const later = (): void => { clearTimeout(timer); timer = window.setTimeout(save, SAVE_AFTER); };
  const goesOn = (): void => { sent = false; later(); }; // also after a sending that did not get through
  form.addEventListener("input", goesOn);
  form.addEventListener("change", goesOn);
  form.addEventListener("submit", () => { sent = true; clearTimeout(timer); });
  addEventListener("pageshow", () => { sent = false; });
  addEventListener("pagehide", () => { // what the timer has not sent yet goes now
    if (sent || body().toString() === last) return;
    void fetch(to, { method: "POST", body: body(), headers: { Accept: "application/json" }, keepalive: true });
  });
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
  const r = await fetch("/account/phrases", { method: "POST", body, headers: { Accept: "application/json" } });
  b.textContent = r.ok ? "已存为常用语" : "没有存上：最多200个字、100条";
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
for (const p of $$("[data-picks]")) picks(p);
for (const p of $$("[data-docpick]")) docPick(p);
for (const t of $$<HTMLTableElement>("[data-table]")) table(t);
for (const b of $$("[data-upload]")) files(b);
for (const f of $$<HTMLFormElement>("[data-itemform]")) autosave(f);
for (const p of $$("[data-phrases]")) p.hidden = false;
for (const t of $$<HTMLTextAreaElement>("textarea[data-grow]")) grow(t);
