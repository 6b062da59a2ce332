// An urgent matter that stands open shows each step as it is made: /live says that the item moved, the page is asked again, its part is put in.
import { $ } from "./dom";

const AGAIN_MS = 3000; // after an answer that did not come

const box = $("[data-climb]");
if (box && "EventSource" in window) {
  let source: EventSource | null = null, timer = 0;
  const refresh = async (): Promise<void> => {
    clearTimeout(timer);
    let fresh: HTMLElement | null = null;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (answer.ok) fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector<HTMLElement>("[data-climb]");
    } catch { // the line is broken: what moved meanwhile is not told a second time, so the page asks until it knows
      timer = window.setTimeout(() => { if (!document.hidden) void refresh(); }, AGAIN_MS);
      return;
    }
    // not under the hand of who is choosing, nor over an answer that is on its way or says that it has not arrived
    if (!fresh || $("details[open], form[data-sending], .note.line", box)) return;
    box.dataset.revision = fresh.dataset.revision;
    box.innerHTML = fresh.innerHTML;
  };
  const open = (): void => {
    if (source || document.hidden) return;
    source = new EventSource("/live?item=" + box.dataset.climb);
    source.addEventListener("item", (e) => { if ((e as MessageEvent).data !== box.dataset.revision) void refresh(); });
  };
  const shut = (): void => { source?.close(); source = null; clearTimeout(timer); };
  document.addEventListener("visibilitychange", () => { if (document.hidden) shut(); else { void refresh(); open(); } });
  addEventListener("pagehide", shut);
  open();
}
