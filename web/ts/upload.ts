// Uploading with progress: files one after another, each with its own outcome; by choice or by dropping.
import { $, $$, el } from "./dom";

interface Row { name: string; outcome: string; outcome_class: string; reason: string; link: string; title: string }
const MAX = 256 << 20;

function attach(form: HTMLFormElement): void {
  const zone = $(".dropzone", form)!, input = $<HTMLInputElement>("input[type=file]", form)!, out = $("[data-upload-list]", form)!;
  const queue: { file: File; row: HTMLElement }[] = [];
  let working = false;

  const table = el("table", "stack"), body = el("tbody", "");
  table.append(body);
  out.append(table);
  $("[data-drop-hint]", zone)!.hidden = false;
  input.required = false;
  form.classList.add("js");
  $("[data-plain-submit]", form)!.hidden = true; // files are sent as soon as they are chosen

  function cells(row: HTMLElement, r: Row): void {
    const t = el("td", "title"), o = el("td", "nowrap"), why = el("td", "", r.reason);
    if (r.link) {
      const a = el("a", "", r.title || r.name) as HTMLAnchorElement;
      a.href = r.link;
      t.append(a);
      if (r.title) t.append(el("div", "faint", r.name));
    } else t.textContent = r.name;
    o.append(el("span", "tag " + r.outcome_class, r.outcome));
    row.replaceChildren(t, o, why);
  }
  const failed = (name: string, why: string): Row => ({ name, outcome: "失败", outcome_class: "failed", reason: why, link: "", title: "" });

  function send(file: File, row: HTMLElement): Promise<void> {
    return new Promise((done) => {
      const x = new XMLHttpRequest(), data = new FormData(form), bar = document.createElement("progress");
      data.delete("file");
      data.append("file", file, file.name);
      bar.max = file.size || 1;
      bar.value = 0;
      const o = el("td", "nowrap"), say = el("td", "mute", "上传中");
      o.append(bar);
      row.replaceChildren(el("td", "title", file.name), o, say);
      x.upload.onprogress = (e) => { bar.value = e.loaded; if (e.loaded >= e.total) say.textContent = "正在读取"; };
      x.onload = () => {
        try {
          const j = JSON.parse(x.responseText);
          const rows: Row[] = j.data.rows || [];
          if (x.status !== 200 || !rows.length) cells(row, failed(file.name, j.data.text || "服务器没有受理"));
          rows.forEach((r, i) => {
            const to = i ? body.insertBefore(el("tr", ""), row.nextSibling) as HTMLElement : row;
            cells(to, r);
          });
        } catch { cells(row, failed(file.name, "服务器没有受理（" + x.status + "）")); }
        done();
      };
      x.onerror = () => { cells(row, failed(file.name, "连接中断，请重试")); done(); };
      x.open("POST", form.action);
      x.setRequestHeader("Accept", "application/json");
      x.send(data);
    });
  }

  async function work(): Promise<void> {
    if (working) return;
    working = true;
    for (let next = queue.shift(); next; next = queue.shift()) await send(next.file, next.row);
    working = false;
  }

  function add(files: FileList | null): void {
    for (const file of Array.from(files || [])) {
      const row = el("tr", "");
      row.append(el("td", "title", file.name), el("td", "mute nowrap", "等待"), el("td", ""));
      body.append(row);
      out.hidden = false;
      if (file.size > MAX) cells(row, failed(file.name, "超过256 MB"));
      else queue.push({ file, row });
    }
    void work();
  }

  form.addEventListener("submit", (e) => { e.preventDefault(); add(input.files); input.value = ""; });
  input.addEventListener("change", () => { add(input.files); input.value = ""; });
  for (const n of ["dragenter", "dragover"]) zone.addEventListener(n, (e) => { e.preventDefault(); zone.classList.add("over"); });
  for (const n of ["dragleave", "drop"]) zone.addEventListener(n, () => zone.classList.remove("over"));
  zone.addEventListener("drop", (e) => { e.preventDefault(); add((e as DragEvent).dataTransfer?.files || null); });
  window.addEventListener("beforeunload", (e) => { if (working) { e.preventDefault(); e.returnValue = ""; } });
}
for (const f of $$<HTMLFormElement>("form[data-upload]")) attach(f);
