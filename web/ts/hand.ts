// The scripts of a phone, on the pages that are answered on the move: without keys, and what asks the server while one types
// comes when the first such box is touched. A desk has app.ts and more.ts instead.
import "./ui";
import "./watch";
import "./box";
import "./keep";
import "./act";
import "./matrix";
import "./copy";
import "./remark";
import "./duty";
import { $ } from "./dom";

const self = $("script[data-pick]"), ASKS = "[data-picks], [data-docpick], [data-table], [data-upload], [data-suggest]";

function pick(e: Event): void {
  if (!(e.target as Element).closest?.(ASKS)) return;
  document.removeEventListener("focusin", pick);
  const s = document.createElement("script");
  s.src = self?.dataset.pick || "";
  s.addEventListener("error", () => { s.remove(); document.addEventListener("focusin", pick); }); // no line: names can be written out
  document.head.append(s);
}
document.addEventListener("focusin", pick);

// Paper has styles of its own, which a phone fetches when somebody prints; on a quick line also when there is nothing else to do, for who
// prints by the menu of the browser.
function paper(then: () => void): void {
  const l = document.createElement("link");
  l.rel = "stylesheet";
  l.href = self?.dataset.paper || "";
  l.addEventListener("load", then);
  l.addEventListener("error", () => { l.remove(); then(); });
  document.head.append(l);
}
document.addEventListener("click", (e) => {
  if (!(e.target as Element).closest("[data-print]") || $("link[href='" + self?.dataset.paper + "']")) return;
  e.stopImmediatePropagation();
  paper(print);
}, true);
const line = (navigator as { connection?: { effectiveType?: string; saveData?: boolean } }).connection;
if (line?.effectiveType === "4g" && !line.saveData)
  addEventListener("load", () => setTimeout(() => { if (!$("link[href='" + self?.dataset.paper + "']")) paper(() => {}); }, 5000));

// Where one begins, the styles of all other pages come when it stands and nobody waits for it.
const next = self?.dataset.next;
if (next && !line?.saveData) addEventListener("load", () => setTimeout(() => { fetch(next).catch(() => { /* no line: the next page asks */ }); }, 3000));
