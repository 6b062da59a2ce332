// What is typed survives: a closed tab, a session that ended, a line that broke. One mechanism for all forms with data-keep:
// - the words stay on this device, per person and form, until the server says that it has them (cookie "sent"), the person signs out
//   or somebody else signs in (ui.ts), or a week has passed. Of 工作秘密 nothing is kept: the page says so, or the level chosen in it.
// - each sending bears a key ("once"), so that what arrives twice is done once. Other words are another sending.
// - on a phone, and wherever the browser knows that it has no line, the form is sent from behind the page: if it does not get
//   through it stays as it is, says so, and goes again by a tap or when the line is back.
import { $, $$, busy, el } from "./dom";

type Box = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;
interface Kept { rev: string; v: Record<string, string>; at: number; once: string }
interface State { once: string; tried: boolean; sending: boolean; by: HTMLElement | null; timer: number; wait: number }

const WEEK = 7 * 86400000, ANSWER_MS = 30000, FILES_MS = 300000, AGAIN_MS = 4000, AGAIN_MAX_MS = 60000;
const page = $("#main"), who = page?.dataset.who || "";
const states = new WeakMap<HTMLFormElement, State>();
const of = (f: HTMLFormElement): State => {
  let s = states.get(f);
  if (!s) states.set(f, s = { once: "", tried: false, sending: false, by: null, timer: 0, wait: AGAIN_MS });
  return s;
};

// ---- keeping ----
const path = (f: HTMLFormElement): string => new URL(f.getAttribute("action") || "", location.href).pathname;
const place = (f: HTMLFormElement): string => "keep:" + who + ":" + path(f) + "#" + (f.id || f.dataset.keep || "");
const closed = (f: HTMLFormElement): boolean => !who || page?.dataset.closed !== undefined || $<Box>("[name=level]", f)?.value === "2";
const revision = (f: HTMLFormElement): string => $<HTMLInputElement>("input[name=revision]", f)?.value || "";
const ticked = (i: Box): i is HTMLInputElement => i.type === "radio" || i.type === "checkbox";
const now = (i: Box): string => ticked(i) ? (i.checked ? "1" : "") : i.value;
const given = (i: Box): string => i instanceof HTMLSelectElement
  ? (Array.from(i.options).find((o) => o.defaultSelected) || i.options[0])?.value || "" : ticked(i) ? (i.defaultChecked ? "1" : "") : i.defaultValue;

// the cells of a table share their names: the third of a name is kept as the third. What confirms is ticked anew.
function fields(f: HTMLFormElement): [string, Box][] {
  const seen: Record<string, number> = {};
  return $$<Box>("input.in, textarea:not([readonly]), select, input[type=radio], input[type=checkbox]", f)
    .filter((i) => i.name && !i.closest(".pickd, .sure, [data-known]") && !/^(despite|anyway|sure)$/.test(i.name))
    .map((i) => [i.name + "#" + (seen[i.name] = (seen[i.name] || 0) + 1), i]);
}

export function forget(f: HTMLFormElement): void {
  try { localStorage.removeItem(place(f)); } catch { /* off */ }
  of(f).once = "";
}

function store(f: HTMLFormElement): void {
  if (f.dataset.keep === undefined) return;
  const v: Record<string, string> = {};
  for (const [k, i] of fields(f)) if (now(i) !== given(i)) v[k] = now(i);
  if (closed(f) || !Object.keys(v).length) { try { localStorage.removeItem(place(f)); } catch { /* off */ } return; }
  try { localStorage.setItem(place(f), JSON.stringify({ rev: revision(f), v, at: Date.now(), once: of(f).once })); } catch { /* full or off */ }
}

function restore(f: HTMLFormElement): void {
  if (closed(f)) { forget(f); return; }
  let had: Kept | null = null;
  try { had = JSON.parse(localStorage.getItem(place(f)) || "null"); } catch { /* off, or not ours */ }
  if (!had) return;
  if (Date.now() - had.at > WEEK) { forget(f); return; }
  let any = false;
  // on a page that others changed meanwhile only what would stand empty is filled
  for (const [k, i] of fields(f)) {
    const w = had.v[k];
    if (typeof w !== "string" || w === now(i) || (had.rev !== revision(f) && now(i))) continue;
    if (ticked(i)) i.checked = w === "1"; else i.value = w;
    any = true;
  }
  if (!any) return;
  of(f).once = had.once;
  f.hidden = false;
  const d = new Date(had.at), say = el("div", "note calm kept"), drop = el("button", "linkbtn", "不要了") as HTMLButtonElement;
  drop.type = "button";
  drop.addEventListener("click", () => { forget(f); f.reset(); say.remove(); });
  say.append(el("span", "", (had.once ? "没有送到的内容还在" : "没有送出的内容还在") + `（${d.getMonth() + 1}月${d.getDate()}日 ${d.toTimeString().slice(0, 5)}填），接着办就行${$("input[type=file]", f) ? "，文件和照片要重新选" : ""}。`), drop);
  f.prepend(say);
}

// ---- sending ----
const small = matchMedia("(pointer: coarse), (max-width: 820px)");
const key = (): string => Array.from(crypto.getRandomValues(new Uint8Array(16)), (n) => n.toString(16).padStart(2, "0")).join("");
const carries = (f: HTMLFormElement): boolean => $$<HTMLInputElement>("input[type=file]", f).some((i) => i.files?.length);

function mark(f: HTMLFormElement, on: boolean): void {
  const s = of(f);
  s.sending = on;
  f.toggleAttribute("data-sending", on);
  s.by?.toggleAttribute("data-going", on);
  busy(on);
}

function hidden(f: HTMLFormElement, name: string, value: string): HTMLInputElement {
  const i = document.createElement("input");
  i.type = "hidden"; i.name = name; i.value = value;
  f.append(i);
  return i;
}

// As the browser itself sends: what was refused is shown by the page that the server makes of it, at its own address.
function plainly(f: HTMLFormElement): void {
  const s = of(f), by = s.by as HTMLButtonElement | null, was = f.getAttribute("action") || "";
  const added = [hidden(f, "once", s.once)];
  if (by?.name) added.push(hidden(f, by.name, by.value));
  if (by?.hasAttribute("formaction")) f.action = by.formAction;
  HTMLFormElement.prototype.submit.call(f);
  setTimeout(() => { for (const i of added) i.remove(); f.setAttribute("action", was); }, 0);
}

function go(to: string): void {
  const u = new URL(to, location.href);
  if (u.pathname + u.search !== location.pathname + location.search) { location.assign(to); return; }
  history.replaceState(null, "", to); // only the place within the page differs: it is loaded nevertheless
  location.reload();
}

function broken(f: HTMLFormElement, why: string): void {
  const s = of(f);
  f.querySelector(".line")?.remove();
  const say = el("div", "note bad line"), again = el("button", "btn go", "再送一次") as HTMLButtonElement;
  say.setAttribute("role", "alert");
  again.type = "button";
  again.addEventListener("click", () => void send(f));
  say.append(el("span", "", `${why}，没有送到。填的都在，没有丢；线路恢复后自动再送。${closed(f) || carries(f) ? "请不要关这一页。" : ""}`), again);
  f.append(say);
  say.scrollIntoView({ block: "nearest" });
  s.timer = window.setTimeout(() => { if (!document.hidden) void send(f); }, s.wait);
  s.wait = Math.min(s.wait * 2, AGAIN_MAX_MS);
}

async function send(f: HTMLFormElement): Promise<void> {
  const s = of(f), by = s.by as HTMLButtonElement | null;
  clearTimeout(s.timer);
  if (s.sending) return;
  if (!navigator.onLine) { broken(f, "线路断了"); return; }
  mark(f, true);
  const b = new FormData(f), stop = new AbortController();
  if (by?.name) b.append(by.name, by.value);
  b.set("once", s.once);
  const body = f.enctype === "multipart/form-data" ? b : new URLSearchParams(Array.from(b.entries()).map(([k, v]) => [k, String(v)]));
  const late = window.setTimeout(() => stop.abort(), carries(f) ? FILES_MS : ANSWER_MS);
  let r: Response | null = null;
  try {
    r = await fetch(by?.hasAttribute("formaction") ? by.formAction : f.action, { method: "POST", body, headers: { "X-Line": "1" }, redirect: "manual", signal: stop.signal });
  } catch { /* no line, or no answer in time */ }
  clearTimeout(late);
  const to = r?.headers.get("X-Go");
  if (to) { forget(f); go(to); return; } // the button works on until the next page is there
  if (r && r.status > 0 && r.status < 500 && r.status !== 408 && r.status !== 429) {
    // refused, or the session has ended: the words wait here, or for 工作秘密 in the page that asks for the password
    if (r.status === 401 && !closed(f)) location.assign("/login?next=" + encodeURIComponent(location.pathname + location.search));
    else plainly(f);
    return;
  }
  mark(f, false);
  broken(f, r && r.status >= 500 ? "服务器暂时没有答复" : "线路断了");
}

document.addEventListener("submit", (e) => {
  const f = e.target as HTMLFormElement, by = (e as SubmitEvent).submitter;
  if (e.defaultPrevented || f.method !== "post" || (f.dataset.keep === undefined && f.dataset.line === undefined && f.dataset.itemform === undefined)) return;
  const s = of(f);
  if (s.sending) { e.preventDefault(); return; } // a second tap sends nothing
  if (s.by !== by) s.once = ""; // another button is another act
  s.by = by;
  s.once = s.once || key();
  s.tried = true;
  s.wait = AGAIN_MS;
  store(f);
  if (small.matches || !navigator.onLine) { e.preventDefault(); void send(f); return; }
  const added = hidden(f, "once", s.once);
  mark(f, true);
  setTimeout(() => added.remove(), 0); // what is saved while one types is not this sending
  setTimeout(() => mark(f, false), 10000); // the answer was no page
});

function typed(e: Event): void {
  const f = (e.target as Element).closest?.("form");
  if (!f) return;
  const s = of(f);
  if (s.tried || s.once) { // other words: another sending, and not before it is asked for
    clearTimeout(s.timer);
    s.once = "";
    s.tried = false;
  }
  store(f);
}
document.addEventListener("input", typed);
document.addEventListener("change", typed);
addEventListener("pageshow", (e) => { if (e.persisted) for (const f of $$<HTMLFormElement>("form[data-sending]")) mark(f, false); });
const resend = (): void => { for (const l of $$(".line")) { const f = l.closest("form"); if (f && of(f).tried) void send(f); } };
addEventListener("online", resend);
document.addEventListener("visibilitychange", () => { if (!document.hidden) resend(); }); // while the phone was in the pocket nothing was sent

// What was refused for a secrecy mark, or belongs to 工作秘密, goes from this device, whatever page says so.
if (page?.dataset.closed !== undefined) try {
  for (const k of Object.keys(localStorage)) if (k.startsWith("keep:" + who + ":" + location.pathname + "#")) localStorage.removeItem(k);
} catch { /* off */ }
for (const f of $$<HTMLFormElement>("form[data-keep]")) restore(f);
