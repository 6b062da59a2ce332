// An urgent matter that stands open shows each step as it is made: /live says that the item moved, the page is asked again, its part is put in.
import { $ } from "./dom";

const AGAIN_MS = 3000; // after an answer that did not come

const box = $("[data-climb]");
if (box && "EventSource" in window) {
  let source: EventSource | null = null, timer = 0, asked = 0;
  const held = (): boolean => !!$("details[open], form[data-sending], .note.line", box);
  const again = (): void => { clearTimeout(timer); timer = window.setTimeout(() => { if (!document.hidden) void refresh(); }, AGAIN_MS); };
  const refresh = async (): Promise<void> => {
    clearTimeout(timer);
    // not under the hand of who is choosing, nor over an answer that is on its way or says that it has not arrived: when he is done
    if (held()) { again(); return; }
    const mine = ++asked;
    let fresh: HTMLElement | null = null;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (answer.ok) fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector<HTMLElement>("[data-climb]");
      if (answer.status >= 500) again();
    } catch { // the line is broken: what moved meanwhile is not told a second time, so the page asks until it knows
      if (mine === asked) again();
      return;
    }
    if (!fresh || mine !== asked) return; // a later question's answer is the newer one
    if (held()) { again(); return; }
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
