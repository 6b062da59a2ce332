// 收文登记 without the mouse: Enter goes on, F2 registers, F4 chooses files; what is chosen together is read ahead, one file
// behind the other, and fills the form for correction. Nothing is taken that was not seen.
import { forget } from "./keep";
import { $, $$, composing, el } from "./dom";

interface Known { why: string; number: string; title: string; sender: string; day: string; link: string }
interface Page {
  file: string | null; file_name: string; scanned: boolean; note: string; subject: string; sender: string; docno: string; written: string; genre: string;
  urgencies: { value: string; chosen: boolean }[]; due: string; known: Known[]; senders: { name: string; initials: string }[]; last: string; today: number; problem: string;
  rows: { number: string; title: string; sender: string; link: string; slips: string }[];
}
type Answer = { status: number; page: Page };
type Field = HTMLInputElement | HTMLSelectElement;
const FILLED = ["subject", "sender", "docno", "written", "genre"] as const;

function attach(form: HTMLFormElement): void {
  const steps = $$<Field>("[data-step]", form);
  const field = (name: string): Field => form.elements.namedItem(name) as Field;
  const chooser = $<HTMLInputElement>("input[type=file]", form)!, shown = $("[data-file-name]", form)!, noteLine = $("[data-note]", form)!;
  const known = $("[data-known]", form)!, say = $("[data-say]")!, hint = $("[data-drop-hint]", form)!;
  const queue: { file: File; answer: Promise<Answer> | null }[] = [];
  let saving = false, shownAt = 0, chosen = 0, taken = 0;

  async function send(path: string, data: FormData): Promise<Answer> {
    const r = await fetch(path, { method: "POST", body: data, headers: { Accept: "application/json" }, redirect: "error" });
    const j = await r.json();
    return { status: r.status, page: j.data };
  }
  function tell(text: string, good: boolean): void {
    say.replaceChildren();
    if (!text) return;
    const n = el("div", "note " + (good ? "ok" : "bad"), text);
    n.setAttribute("role", good ? "status" : "alert");
    say.append(n);
  }

  // ---- what is there already ----
  let asked = "", run = 0;
  function showKnown(list: Known[]): void {
    run++; // what is still asked about an earlier form says nothing of this one
    known.replaceChildren();
    known.hidden = !list.length;
    shownAt = list.length ? Date.now() : 0; // shown is asked: the next F2 registers all the same, unless it was on its way already
    if (!list.length) return;
    const ul = el("ul", "");
    for (const k of list) {
      const li = el("li", "");
      li.append(el("b", "", k.why + "　"));
      const what = (k.number + " " + k.title).trim() || "有一份您无权查看的";
      if (k.link) {
        const a = el("a", "", what) as HTMLAnchorElement;
        a.href = k.link;
        a.target = "_blank";
        li.append(a);
      } else li.append(what);
      li.append(el("small", "mute", " " + k.sender + " " + k.day));
      ul.append(li);
    }
    known.append(el("p", "strong", "可能已经登记过，请核对；不是重复的再按一次 F2"), ul);
  }
  async function same(): Promise<void> {
    const q = new URLSearchParams({ subject: field("subject").value.trim(), docno: field("docno").value.trim(), file: field("file").value });
    if (asked === q.toString() || (!q.get("subject") && !q.get("docno"))) return;
    asked = q.toString();
    const mine = ++run;
    try {
      const r = await fetch("/register/same?" + q, { headers: { Accept: "application/json" }, redirect: "error" });
      if (r.ok && mine === run && !saving) showKnown((await r.json()).data.known);
    } catch { asked = ""; }
  }
  for (const n of ["subject", "docno"]) field(n).addEventListener("change", same);

  // ---- files ----
  let typed = false; // since the reading began
  for (const f of steps) f.addEventListener("input", () => { typed = true; });
  let sat = false; // the copies were set by hand: they hold for the sitting
  field("copies").addEventListener("input", () => { sat = true; });
  function readAhead(): void {
    const q = queue.find((x) => !x.answer), busy = queue.some((x) => x.answer && x !== queue[0]);
    if (!q || (busy && q !== queue[0])) return;
    const d = new FormData();
    d.append("csrf", field("csrf").value);
    for (const n of ["received", "copies"]) d.append(n, field(n).value);
    d.append("upload", q.file, q.file.name);
    q.answer = send("/register/read", d);
    q.answer.catch(() => undefined);
  }
  function fill(a: Page): void {
    field("file").value = a.file || "";
    for (const n of FILLED) {
      const f = field(n) as HTMLInputElement;
      if (f.value.trim()) continue; // typed before the file was chosen
      f.value = a[n];
      f.classList.toggle("readin", !!a[n]);
    }
    if (!sat) field("copies").value = a.scanned ? "1" : "0"; // a scan was paper, a file need not have been
    field("urgency").value = a.urgencies.find((u) => u.chosen)?.value || "0";
    asked = "";
    showKnown(a.known);
  }
  async function next(): Promise<void> {
    const q = queue[0], was = document.activeElement;
    if (!q) { shown.textContent = ""; return; }
    typed = false;
    readAhead();
    shown.textContent = `第 ${taken + 1}/${chosen} 个：${q.file.name}，正在读取…`;
    form.classList.add("reading");
    try {
      const a = await q.answer!;
      if (a.status !== 200) {
        tell(q.file.name + "：" + a.page.problem, false);
        queue.shift();
        taken++;
        form.classList.remove("reading");
        return next();
      }
      fill(a.page);
      shown.textContent = (chosen > 1 ? `第 ${taken + 1}/${chosen} 个：` : "") + a.page.file_name + "　";
      if (a.page.scanned) shown.append(el("span", "tag held", "识别文字，待核"));
      noteLine.textContent = a.page.note;
      noteLine.hidden = !a.page.note;
    } catch {
      q.answer = null; // kept: F2 and a new choice try again
      shown.textContent = q.file.name + "：没有读成，可能断了网；可以照件填写";
    }
    form.classList.remove("reading");
    queue.shift();
    taken++;
    readAhead();
    // who has begun to write elsewhere meanwhile writes on there
    if (!steps.includes(document.activeElement as Field) || (document.activeElement === was && !typed)) first();
  }
  function add(files: FileList | File[]): void {
    const idle = !queue.length && !form.classList.contains("reading");
    if (idle) { chosen = 0; taken = 0; }
    for (const f of Array.from(files)) { queue.push({ file: f, answer: null }); chosen++; }
    if (idle && !field("file").value) void next();
    else if (queue.length) { shown.textContent = `这一件登记后，接着读 ${queue.length} 个文件`; readAhead(); }
  }
  chooser.addEventListener("change", () => { add(Array.from(chooser.files || [])); chooser.value = ""; });
  chooser.multiple = true;
  form.addEventListener("dragover", (e) => e.preventDefault());
  form.addEventListener("drop", (e) => { if (e.dataTransfer?.files.length) { e.preventDefault(); add(e.dataTransfer.files); } });
  document.addEventListener("paste", (e) => { if (e.clipboardData?.files.length) { e.preventDefault(); add(e.clipboardData.files); } });
  $("[data-plain]", form)!.hidden = true;
  hint.hidden = false;

  // ---- going on ----
  function first(): void {
    const f = steps[0] as HTMLInputElement;
    f.focus();
    f.setSelectionRange?.(0, 0);
    f.scrollLeft = 0;
  }
  function clear(): void {
    for (const f of steps) {
      if (f instanceof HTMLSelectElement) f.selectedIndex = 0;
      else { f.value = ""; f.classList.remove("readin"); }
    }
    field("file").value = "";
    noteLine.hidden = true;
    asked = "";
    showKnown([]);
    forget(form);
  }
  function rows(p: Page): void {
    $("[data-last]")!.textContent = p.last;
    $("[data-today]")!.textContent = String(p.today);
    const body = el("tbody", "");
    for (const r of p.rows) {
      const tr = el("tr", ""), n = el("td", "nowrap"), t = el("td", "title"), s = el("td", "num nowrap"), a = el("a", "", r.title) as HTMLAnchorElement;
      a.href = r.link;
      n.append(el("b", "", r.number));
      t.append(a, el("div", "faint", r.sender));
      if (r.slips) { const l = el("a", "", "印条") as HTMLAnchorElement; l.href = r.slips; s.append(l); }
      tr.append(n, t, s);
      body.append(tr);
    }
    const table = el("table", "stack");
    table.append(body);
    $("[data-registered]")!.replaceChildren(table);
    const list = $("#senders", form)!;
    list.replaceChildren(...p.senders.map((x) => { const o = document.createElement("option"); o.value = x.name; o.dataset.i = x.initials; return o; }));
  }
  async function save(): Promise<void> {
    if (saving || form.classList.contains("reading")) return;
    const empty = steps.find((f) => f.required && !f.value.trim());
    if (empty) { tell("没有填写" + (empty.closest("label")?.querySelector("span")?.firstChild?.textContent || ""), false); empty.focus(); return; }
    saving = true;
    const d = new FormData(form);
    d.delete("upload");
    d.delete("sure");
    if (shownAt && Date.now() - shownAt > 600) d.append("sure", "1");
    try {
      const a = await send("/register", d);
      if (a.status === 200) {
        rows(a.page);
        tell("已登记 " + a.page.last, true);
        clear();
        first();
        saving = false;
        if (queue.length) void next(); else { shown.textContent = ""; if (!sat) field("copies").value = "1"; }
        return;
      }
      tell(a.page.problem, false);
      if (a.status === 409) showKnown(a.page.known);
      if (/期限|需答复/.test(a.page.problem)) field("due").focus();
    } catch { tell("没有登记：连不上服务器，填的都在，网络恢复后再按 F2", false); }
    saving = false;
  }
  form.addEventListener("submit", (e) => { e.preventDefault(); void save(); });

  // ---- completing by pinyin initials: what the list holds is in the page, so that nothing is waited for ----
  function complete(input: HTMLInputElement): void {
    const list = $("#" + input.dataset.complete, form)!;
    input.removeAttribute("list");
    input.setAttribute("role", "combobox");
    const box = input.parentElement!;
    let at = -1;
    const menu = (): HTMLElement[] => $$(".sug a", box);
    const close = (): void => { box.querySelector(".sug")?.remove(); at = -1; };
    const mark = (): void => menu().forEach((a, i) => a.classList.toggle("at", i === at));
    const found = (): string[] => {
      const q = input.value.trim().toLowerCase(), latin = /^[a-z]+$/.test(q);
      if (!q) return [];
      const all = $$<HTMLOptionElement>("option", list).map((o) => ({ v: o.value, i: o.dataset.i || "" }));
      const good = all.filter((o) => (latin && o.i.startsWith(q)) || o.v.startsWith(q));
      const fair = all.filter((o) => !good.includes(o) && ((latin && o.i.includes(q)) || o.v.includes(q)));
      return [...good, ...fair].slice(0, 8).map((o) => o.v).filter((v) => v !== input.value);
    };
    const open = (): void => {
      close();
      const v = found();
      if (!v.length) return;
      const s = el("div", "sug");
      s.setAttribute("role", "listbox");
      for (const x of v) {
        const a = el("a", "", "");
        a.append(el("span", "", x));
        a.setAttribute("role", "option");
        a.addEventListener("mousedown", (e) => { e.preventDefault(); input.value = x; close(); });
        s.append(a);
      }
      box.append(s);
      if (/^[a-z]+$/i.test(input.value.trim())) at = 0; // initials are nobody's name: Enter takes the first
      mark();
    };
    input.addEventListener("input", (e) => { if (!composing(e)) open(); });
    input.addEventListener("blur", close);
    input.addEventListener("keydown", (e) => {
      if (composing(e)) return;
      const all = menu();
      if (e.key === "Escape" && all.length) { e.stopPropagation(); close(); }
      else if ((e.key === "ArrowDown" || e.key === "ArrowUp") && all.length) {
        e.preventDefault();
        at = (at + (e.key === "ArrowDown" ? 1 : all.length + (at < 0 ? 0 : -1))) % all.length;
        mark();
      } else if ((e.key === "Enter" || e.key === "F2" || e.key === "Tab") && at >= 0 && all[at]) {
        input.value = all[at].textContent || "";
        close();
      }
    });
  }
  for (const i of $$<HTMLInputElement>("input[data-complete]", form)) complete(i);
  for (const f of steps) f.addEventListener("input", () => f.classList.remove("readin"));

  document.addEventListener("keydown", (e) => {
    if (composing(e) || e.ctrlKey || e.altKey || e.metaKey || $("dialog[open]")) return;
    if (e.key === "F2") { e.preventDefault(); void save(); }
    else if (e.key === "F4") { e.preventDefault(); chooser.click(); }
    else if (e.key === "Enter") {
      const at = steps.indexOf(e.target as Field), sit = (e.target as Element).matches?.("[data-sit]");
      if (at < 0 && !sit) return;
      e.preventDefault();
      if (sit) first();
      else if (e.shiftKey) steps[Math.max(0, at - 1)].focus();
      else if (at === steps.length - 1) void save();
      else { steps[at + 1].focus(); if (steps[at + 1] instanceof HTMLInputElement) (steps[at + 1] as HTMLInputElement).select(); }
    }
  });
  if (!field("file").value) first();
}
for (const f of $$<HTMLFormElement>("form[data-register]")) attach(f);
