// An urgent matter that stands open shows each step as it is made: /live says that the item moved, the page is asked again, its part is put in.
import { $ } from "./dom";

const box = $("[data-climb]");
if (box && "EventSource" in window) {
  let source: EventSource | null = null;
  const refresh = async (): Promise<void> => {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector<HTMLElement>("[data-climb]");
    if (!fresh || $("details[open]", box)) return; // not under the hand of who is choosing
    box.dataset.revision = fresh.dataset.revision;
    box.innerHTML = fresh.innerHTML;
  };
  const open = (): void => {
    if (source || document.hidden) return;
    source = new EventSource("/live?item=" + box.dataset.climb);
    source.addEventListener("item", (e) => { if ((e as MessageEvent).data !== box.dataset.revision) void refresh(); });
  };
  const shut = (): void => { source?.close(); source = null; };
  document.addEventListener("visibilitychange", () => { if (document.hidden) shut(); else { void refresh(); open(); } });
  addEventListener("pagehide", shut);
  open();
}
