// Filters and paging exchange #results alone (htmx).
import htmx from "htmx.org";
import { $, $$, composing } from "./dom";

htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.historyCacheSize = 0;
htmx.config.defaultSwapStyle = "outerHTML";

function partial(e: Element): void {
  e.setAttribute("hx-target", "#results");
  e.setAttribute("hx-select", "#results");
  e.setAttribute("hx-swap", "outerHTML show:none");
  e.setAttribute("hx-push-url", "true");
  e.setAttribute("hx-sync", "#main:queue last"); // one behind the other: an answer that comes late does not cover a newer one
}

function setup(root: ParentNode): void {
  for (const f of $$<HTMLFormElement>("form[data-filters]", root)) {
    if (f.hasAttribute("hx-get")) continue; // it stands outside of what was exchanged
    partial(f);
    f.setAttribute("hx-get", f.getAttribute("action") || "");
    for (const s of $$("select, input[type=checkbox]", f))
      s.addEventListener("change", () => { if (!composing()) htmx.trigger(f, "submit", {}); });
    f.setAttribute("hx-trigger", "submit");
    htmx.process(f);
    if (f.dataset.early !== undefined) htmx.trigger(f, "submit", {}); // chosen before this was there (ui.ts)
  }
  for (const a of $$<HTMLAnchorElement>("#results .pager a", root)) {
    partial(a);
    a.setAttribute("hx-get", a.getAttribute("href") || "");
    a.setAttribute("hx-swap", "outerHTML show:window:top");
    htmx.process(a);
  }
}

setup(document);
document.addEventListener("htmx:afterSwap", () => setup($("#results")?.parentElement || document));
// A server that is restarting or a session that has ended: say so instead of silence.
document.addEventListener("htmx:responseError", (e) => {
  const x = (e as CustomEvent).detail.xhr as XMLHttpRequest;
  if (x.status === 401 || x.status === 403) location.reload();
});
// A page answered by a redirect to the sign-in has no #results: go there whole.
document.addEventListener("htmx:beforeSwap", (e) => {
  const d = (e as CustomEvent).detail;
  if (typeof d.serverResponse === "string" && !d.serverResponse.includes('id="results"')) { d.shouldSwap = false; location.href = d.xhr.responseURL; }
});
