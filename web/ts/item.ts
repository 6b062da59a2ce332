// The form of an item: pickers, files, rows of a table, saving while one types. The page works without it.
import { $, $$, composing, el } from "./dom";

interface Choice { id: string; text: string; note: string }

// ---- pickers ----
/** The list under a box while one types: never while a word is being composed. */
function suggest(input: HTMLInputElement, from: string, take: (c: Choice) => void): void {
  const box = input.parentElement!;
  let timer = 0, run = 0, at = -1, shown = "", moved = false, wanted = false;
  const list = (): HTMLAnchorElement[] => $$<HTMLAnchorElement>(".sug a", box);
  const close = (): void => { clearTimeout(timer); run++; at = -1; shown = ""; moved = wanted = false; box.querySelector(".sug")?.remove(); input.setAttribute("aria-expanded", "false"); };
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
      shown = q;
      moved = false;
      if (wanted && list()[0]) choose(list()[0]);
      wanted = false;
    } catch { close(); }
  }
  const later = (): void => { clearTimeout(timer); timer = window.setTimeout(ask, 90); };
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-expanded", "false");
  input.addEventListener("input", (e) => { wanted = false; if (!composing(e)) later(); });
  input.addEventListener("compositionend", () => setTimeout(later, 0));
  input.addEventListener("blur", () => setTimeout(() => { if (document.activeElement !== input) close(); }, 150));
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
      moved = true;
      all.forEach((a, i) => a.classList.toggle("at", i === at));
    } else if (e.key === "Enter" && !e.ctrlKey && !e.metaKey && (all[at] || input.value.trim())) {
      e.preventDefault(); // never sends the form half-way
      if (all[at] && (moved || shown === input.value.trim())) choose(all[at]);
      else if (shown !== input.value.trim()) { wanted = true; clearTimeout(timer); void ask(); } // what hangs there is of fewer letters than are typed
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
const SAVE_AFTER = 2500, SAVE_MS = 10000;

function autosave(form: HTMLFormElement): void {
  const to = form.dataset.unsent || "", shown = $("[data-saved]"), hidden = $<HTMLInputElement>("[name=unsent]", form);
  if (!to || !hidden) return;
  let timer = 0, busy = false, again = false, sent = false, waits: { by: HTMLElement | null } | null = null;
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
    const stop = new AbortController(), late = window.setTimeout(() => stop.abort(), SAVE_MS);
    try {
      const r = await fetch(to, { method: "POST", body: b, headers: { Accept: "application/json" }, redirect: "error", signal: stop.signal });
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
    clearTimeout(late);
    busy = false;
    if (waits) { const { by } = waits; waits = null; form.requestSubmit(by); return; }
    if (again) { again = false; later(); }
  }
  const later = (): void => { clearTimeout(timer); timer = window.setTimeout(save, SAVE_AFTER); };
  const goesOn = (): void => { sent = false; later(); }; // also after a sending that did not get through
  form.addEventListener("input", goesOn);
  form.addEventListener("change", goesOn);
  form.addEventListener("submit", (e) => {
    sent = true;
    clearTimeout(timer);
    if (!busy) return;
    // the first saving has not said yet under which number: sent without it, what was saved would stand among what is unsent for ever
    e.preventDefault();
    e.stopImmediatePropagation();
    waits = { by: e.submitter };
  });
  addEventListener("pageshow", () => { sent = false; });
  addEventListener("pagehide", () => { // what the timer has not sent yet goes now
    if (sent || body().toString() === last) return;
    void fetch(to, { method: "POST", body: body(), headers: { Accept: "application/json" }, keepalive: true }).catch(() => undefined); // the page is gone: nobody to tell
  });
}

for (const p of $$("[data-picks]")) picks(p);
for (const p of $$("[data-docpick]")) docPick(p);
for (const t of $$<HTMLTableElement>("[data-table]")) table(t);
for (const b of $$("[data-upload]")) files(b);
for (const f of $$<HTMLFormElement>("[data-itemform]")) autosave(f);
