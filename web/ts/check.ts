// The check: dropping a file, walking through the findings beside the text, deciding without leaving the page.
import { $, $$, busy, composing, typing } from "./dom";

// ---- handing in ----
for (const form of $$<HTMLFormElement>("form[data-check]")) {
  const input = $<HTMLInputElement>("input[type=file]", form)!, label = $("[data-file-name]", form)!, text = $<HTMLTextAreaElement>("textarea", form)!;
  const shown = label.textContent!;
  const named = () => { label.textContent = input.files?.[0]?.name || shown; };
  input.addEventListener("change", () => { named(); if (input.files?.length) form.requestSubmit(); });
  for (const n of ["dragenter", "dragover"]) form.addEventListener(n, (e) => { e.preventDefault(); form.classList.add("over"); });
  for (const n of ["dragleave", "drop"]) form.addEventListener(n, () => form.classList.remove("over"));
  form.addEventListener("drop", (e) => {
    const files = (e as DragEvent).dataTransfer?.files;
    e.preventDefault();
    if (files?.length) { input.files = files; named(); form.requestSubmit(); }
  });
  text.addEventListener("input", () => text.setCustomValidity(""));
  form.addEventListener("submit", (e) => {
    if (!input.files?.length && !text.value.trim()) { e.preventDefault(); text.focus(); return; }
    const most = Number(text.dataset.most), over = !input.files?.length && text.value.length > most;
    text.setCustomValidity(over ? `粘贴的文字有${text.value.length}字，一次最多${most}字，请存成文件再检查` : "");
    if (over) { e.preventDefault(); text.reportValidity(); return; }
    const go = $<HTMLButtonElement>("button.go", form)!;
    go.textContent = input.files?.length ? "正在读取和检查…" : "正在检查…";
    go.disabled = true;
    busy(true);
  });
}

// ---- the result ----
const list = $("[data-findings]");
if (list) {
  const items = (): HTMLElement[] => $$(".fi", list).filter((i) => !i.hidden);
  const mark = (i: HTMLElement): HTMLElement | null => document.getElementById("f" + i.dataset.i);
  let at: HTMLElement | null = null;

  const select = (i: HTMLElement | null, scroll: "text" | "list" | "both"): void => {
    if (!i) return;
    at?.classList.remove("at");
    if (at) mark(at)?.classList.remove("at");
    at = i;
    at.classList.add("at");
    const m = mark(at);
    m?.classList.add("at");
    if (m && scroll !== "list") m.scrollIntoView({ block: "center" });
    if (scroll !== "text") at.scrollIntoView({ block: "nearest" });
  };
  const step = (by: number): void => {
    const v = items(), n = at ? v.indexOf(at) : -1;
    select(v[Math.max(0, Math.min(v.length - 1, n + by))] || null, "both");
  };
  const left = (): void => { const o = $("[data-open]"); if (o) o.textContent = String($$(".fi:not(.done)", list).length); };

  const decide = async (form: HTMLFormElement, verdict: string): Promise<void> => {
    const item = form.closest<HTMLElement>(".fi")!, data = new URLSearchParams();
    if (item.dataset.going !== undefined) return; // once
    item.dataset.going = "";
    new FormData(form).forEach((v, k) => data.append(k, String(v)));
    data.set("verdict", verdict);
    busy(true);
    if (verdict && (at === item || !at)) { at = item; step(1); } // on at once: the next key is meant for the next one, and a late answer moves nobody
    try {
      const r = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "application/json" } });
      if (!r.ok) throw new Error(String(r.status));
      const names: Record<string, string> = { accepted: "已采纳", once: "已忽略", here: "本文不再提示", never: "不再提示" };
      const same = verdict === "here" || verdict === "never"
        ? items().filter((i) => $<HTMLInputElement>("[name=rule]", i)!.value === $<HTMLInputElement>("[name=rule]", item)!.value && $<HTMLInputElement>("[name=words]", i)!.value === $<HTMLInputElement>("[name=words]", item)!.value)
        : [item];
      for (const i of same) {
        i.classList.toggle("done", verdict !== "");
        mark(i)?.classList.toggle("done", verdict !== "");
        $("[data-verdict-name]", i)!.textContent = names[verdict] || "";
        $("[data-by]", i)!.textContent = "";
      }
      left();
    } catch { form.submit(); } finally { delete item.dataset.going; busy(false); }
  };
  list.addEventListener("submit", (e) => {
    const form = e.target as HTMLFormElement, by = (e as SubmitEvent).submitter as HTMLButtonElement | null;
    if (!form.matches("[data-decide]") || !by) return;
    e.preventDefault();
    void decide(form, by.value);
  });
  list.addEventListener("click", (e) => {
    const i = (e.target as Element).closest<HTMLElement>(".fi");
    if (!i || (e.target as Element).closest("button, summary, .fi-src a")) return;
    if ((e.target as Element).closest(".fi-msg")) e.preventDefault();
    select(i, "text");
  });
  $("#doc")?.addEventListener("click", (e) => {
    const m = (e.target as Element).closest<HTMLElement>("[data-f]");
    if (m) select(document.getElementById("i" + m.dataset.f), "list");
  });
  document.addEventListener("keydown", (e) => {
    if (composing(e) || e.ctrlKey || e.metaKey || e.altKey || typing(e.target) || $("dialog[open]")) return;
    if (e.key === "j") step(1);
    else if (e.key === "k") step(-1);
    else if ((e.key === "a" || e.key === "i") && at) {
      const form = $<HTMLFormElement>("[data-decide]", at)!;
      if (at.classList.contains("done")) step(1); else void decide(form, e.key === "a" ? "accepted" : "once");
    } else return;
    e.preventDefault();
  });

  // Filters without going back to the server: class and level together.
  const chosen: Record<string, string> = {};
  const apply = (): void => {
    for (const i of $$(".fi", list)) {
      i.hidden = Object.keys(chosen).some((k) => chosen[k] && i.dataset[k] !== chosen[k]);
      mark(i)?.classList.toggle("off", i.hidden);
    }
    for (const c of $$("[data-filter]")) {
      const [k, v] = c.dataset.filter!.split(":");
      c.classList.toggle("on", k ? chosen[k] === v : !Object.values(chosen).some(Boolean));
    }
  };
  const served = new URLSearchParams(location.search);
  if (!served.has("class") && !served.has("level")) {
    for (const c of $$("[data-filter]")) c.addEventListener("click", (e) => {
      const [k, v] = c.dataset.filter!.split(":");
      e.preventDefault();
      if (!k) for (const n of Object.keys(chosen)) delete chosen[n];
      else chosen[k] = chosen[k] === v ? "" : v;
      apply();
    });
    apply();
  }
}
for (const b of $$("[data-print]")) b.addEventListener("click", () => window.print());
