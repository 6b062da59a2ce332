// Small things of every page; and the larger script, fetched only where a list is filtered.
import { $, $$ } from "./dom";

function fonts(): void {
  const bar = $("[data-fonts]"), doc = $("#doc");
  if (!bar || !doc) return;
  const set = (f: string): void => {
    doc.className = "doc " + f;
    for (const b of $$("button", bar)) b.classList.toggle("on", b.dataset.font === f);
  };
  bar.hidden = false;
  set(localStorage.getItem("font") || "");
  bar.addEventListener("click", (e) => {
    const f = (e.target as HTMLElement).dataset.font;
    if (f === undefined) return;
    localStorage.setItem("font", f);
    set(f);
  });
}

for (const d of $$<HTMLDetailsElement>("details[data-wide-open]")) d.open = innerWidth > 820;
fonts();
document.addEventListener("click", (e) => {
  const t = e.target as Element;
  if (t.closest("[data-back]") && history.length > 1) { e.preventDefault(); history.back(); }
  for (const d of $$<HTMLDetailsElement>("details.me[open], details.danger[open], details.ruleset[open]")) if (!d.contains(t)) d.open = false;
});
const live = $("script[data-live]")?.dataset.live;
if (live && $("form[data-filters]")) {
  const load = (): void => { const s = document.createElement("script"); s.src = live; document.head.append(s); };
  addEventListener("load", () => setTimeout(load, 0));
  document.addEventListener("change", (e) => { const f = (e.target as Element).closest<HTMLElement>("form[data-filters]"); if (f) f.dataset.early = ""; });
}
// Back in the middle of a page, what was just done is said where one looks, until one has read it.
const said = $(".note.ok[role=status]");
if (said) {
  const until = Date.now() + 8000, gone = (): void => { said.classList.remove("pinned"); clearInterval(timer); };
  const timer = setInterval(() => { // the browser goes to the place when the page has its height, on a phone some time later
    if (Date.now() > until) gone();
    else if (said.getBoundingClientRect().bottom < 60) said.classList.add("pinned");
  }, 100);
  said.addEventListener("click", gone);
}
// The portal stands alone: what the next page will want is fetched once there is nothing else to do.
const next = $("script[data-next]")?.dataset.next;
if (next) addEventListener("load", () => setTimeout(() => {
  for (const href of next.split(" ")) { const l = document.createElement("link"); l.rel = "prefetch"; l.href = href; document.head.append(l); }
}, 3000));
// Words kept on this device (keep.ts) go when the server has them, and are one person's: gone when he signs out, or somebody else signs in.
function sweep(but: string): void {
  const sent = /(?:^|; )sent=(\w+)/.exec(document.cookie);
  try {
    for (const k of Object.keys(localStorage))
      if (k.startsWith("keep:") && (!but || !k.startsWith(but) || (sent && localStorage.getItem(k)!.includes(sent[1])))) localStorage.removeItem(k);
  } catch { /* off */ }
}
const person = $("#main")?.dataset.who;
if (person) sweep("keep:" + person + ":");
document.addEventListener("submit", (e) => { if ((e.target as Element).getAttribute("action") === "/logout") sweep(""); });
