// Typed text survives a closed tab or an ended session: kept in this tab's storage until the form is sent.
import { $$ } from "./dom";

for (const f of $$<HTMLFormElement>("form[data-keep]")) {
  const key = "keep:" + location.pathname + ":" + f.dataset.keep; // a page may have several
  // the cells of a table share their names: the third of a name is kept as the third
  const fields = (): [string, HTMLInputElement | HTMLTextAreaElement][] => {
    const seen: Record<string, number> = {};
    return $$<HTMLInputElement>("input.in, textarea:not([readonly])", f).map((i) => [i.name + "#" + (seen[i.name] = (seen[i.name] || 0) + 1), i]);
  };
  const rev = f.querySelector<HTMLInputElement>("input[name=revision]")?.value || "";
  try {
    const had = JSON.parse(sessionStorage.getItem(key) || "null");
    // on a page that others changed meanwhile only what would stand empty is filled
    if (had) for (const [k, i] of fields()) if (typeof had.v[k] === "string" && (had.rev === rev || !i.value)) i.value = had.v[k];
  } catch { /* storage is off */ }
  f.addEventListener("input", () => {
    const v: Record<string, string> = {};
    for (const [k, i] of fields()) v[k] = i.value;
    try { sessionStorage.setItem(key, JSON.stringify({ rev, v })); } catch { /* full or off */ }
  });
  f.addEventListener("submit", () => { try { sessionStorage.removeItem(key); } catch { /* off */ } });
}
