// Typed text survives a closed tab or an ended session: kept in this tab's storage until the form is sent.
import { $$ } from "./dom";

for (const f of $$<HTMLFormElement>("form[data-keep]")) {
  const key = "keep:" + location.pathname + ":" + f.dataset.keep; // a page may have several
  const fields = (): (HTMLInputElement | HTMLTextAreaElement)[] => $$<HTMLInputElement>("input.in, textarea", f);
  const rev = f.querySelector<HTMLInputElement>("input[name=revision]")?.value || "";
  try {
    const had = JSON.parse(sessionStorage.getItem(key) || "null");
    // on a page that others changed meanwhile only what would stand empty is filled
    if (had) for (const i of fields()) if (typeof had.v[i.name] === "string" && (had.rev === rev || !i.value)) i.value = had.v[i.name];
  } catch { /* storage is off */ }
  f.addEventListener("input", () => {
    const v: Record<string, string> = {};
    for (const i of fields()) v[i.name] = i.value;
    try { sessionStorage.setItem(key, JSON.stringify({ rev, v })); } catch { /* full or off */ }
  });
  f.addEventListener("submit", () => { try { sessionStorage.removeItem(key); } catch { /* off */ } });
}
