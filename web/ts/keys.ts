// The keyboard: / j k Enter e g? Ctrl+Enter. Nothing fires while a word is being composed or typed.
import { $, $$, composing, el, typing } from "./dom";

let at = -1, went = 0;
const start = (): number => rows().findIndex((r) => r.classList.contains("at"));

const rows = (): HTMLElement[] => $$("[data-rows] tbody > tr, ol[data-rows] > li, tr[data-change]").filter((r) => !r.matches("tr[data-change].same"));

function move(by: number): void {
  const list = rows();
  if (!list.length) return;
  if (at < 0) at = start();
  list.forEach((r) => r.classList.remove("at"));
  at = Math.max(0, Math.min(list.length - 1, at + by));
  list[at].classList.add("at");
  list[at].scrollIntoView({ block: "nearest" });
}

function help(): void {
  let d = $<HTMLDialogElement>("#keys");
  if (!d) {
    d = document.createElement("dialog");
    d.id = "keys";
    const head = el("header", "row body");
    head.append(el("h2", "", "键盘"));
    const table = el("table", "");
    for (const [k, t] of [["/", "跳到检索框"], ["j  k", "下一行、上一行；对照里下一处、上一处"], ["Enter", "打开选中的一行"],  ["o", "记口头交办，一行"], ["x", "选中这一行，一次标为已阅"], ["a  i", "检查结果里采纳、忽略选中的一处"], ["e", "修改元数据；在事项里修改内容"], ["d  c", "读文件时：据选中的一段（没有选就是整件）立项督办、传达"], ["m  r  u  y", "事项里：办理、留言、返回列表、复制发到工作群的通知"],
      ["g 后 h、t、r、c、i、w、l", "到门户、待办、收文登记、日历、收文、文稿、资料"], ["Ctrl Enter", "提交正在填的表单"], ["F2  F4", "收文登记：登记、选文件"], ["F2", "扫描件登记：勾选“已看过首页”；PgUp、PgDn 翻页，z 放大"], ["?", "显示这张表"], ["Esc", "关闭"]]) {
      const r = el("tr", "");
      const c = el("td", "");
      c.append(el("kbd", "", k));
      r.append(c, el("td", "", t));
      table.append(r);
    }
    d.append(head, table);
    d.addEventListener("click", (e) => { if (e.target === d) d!.close(); });
    document.body.append(d);
  }
  if (d.open) d.close(); else d.showModal();
}

function go(key: string): boolean {
  const to = ({ h: "/", r: "/register", t: "/items?box=todo", c: "/calendar", i: "/import", w: "/check", l: "/library" } as Record<string, string>)[key];
  if (to) location.href = to;
  return !!to;
}

document.addEventListener("keydown", (e) => {
  if (composing(e)) return;
  if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) {
    const f = (document.activeElement as HTMLInputElement | null)?.form || $<HTMLFormElement>("form[data-held]");
    if (f) { e.preventDefault(); f.requestSubmit(f.querySelector<HTMLButtonElement>("button.go") || undefined); }
    return;
  }
  const open = $<HTMLDialogElement>("dialog[open]");
  if (e.ctrlKey || e.metaKey || e.altKey || typing(e.target)) return;
  if (open && e.key !== "?") return;
  if ($("[data-findings]") && /^[jkai]$/.test(e.key) && !went) return; // check.ts walks through the findings
  if (went && Date.now() - went < 1200 && go(e.key)) return;
  went = 0;
  switch (e.key) {
    case "/": { const f = $<HTMLInputElement>(".bigfind input") || $<HTMLInputElement>("[data-main-search]"); f?.focus(); f?.select(); break; }
    case "j": move(1); break;
    case "k": move(-1); break;
    case "g": went = Date.now(); break;
    case "o": { const i = $<HTMLInputElement>("[data-oral]"); if (i) { i.focus(); i.select(); } else location.href = "/oral"; break; }
    case "?": help(); break;
    case "e": { const a = $<HTMLAnchorElement>("[data-key=e]"); if (!a) return; a.click(); break; }
    case "Enter": { if ((e.target as Element).closest?.("a, button, summary, input, label")) return; const a = rows()[at < 0 ? start() : at]?.querySelector<HTMLAnchorElement>("a[href]"); if (!a) return; a.click(); break; }
    default: return;
  }
  e.preventDefault();
});
document.addEventListener("htmx:afterSwap", () => { at = -1; });
