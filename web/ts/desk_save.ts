// Saving by whole text, where nothing quicker does it: when the writing rests, by Ctrl+S, and when the line is back. What others wrote
// meanwhile is merged by the server; where both changed one place, its page shows both. What was not saved stays on the device.
import { EditorView, keymap } from "@codemirror/view";
import { ask, quiet, Refused } from "./desk_ask";
import type { Desk } from "./desk";

interface Page { seq: number; text: string }
const REST_MS = 2000, AGAIN_MS = 8000;

export function saving(mount: HTMLElement, desk: () => Desk, start: string, keep: string) {
  const path = `/manuscripts/${mount.dataset.id}`;
  let seq = Number(mount.dataset.seq || 0), saved = start, again = 0;
  const text = (): string => desk().view.state.doc.toString();
  const hold = (on: boolean): void => { try { if (keep) { if (on) localStorage.setItem(keep, JSON.stringify({ seq, text: text(), at: Date.now() })); else localStorage.removeItem(keep); } } catch { /* full or off */ } };

  /** What the server made of both, as the smallest change. */
  const merge = (now: string): void => {
    const mine = text();
    let a = 0, b = 0;
    if (now === mine) return;
    while (a < mine.length && a < now.length && mine[a] === now[a]) a++;
    while (b < mine.length - a && b < now.length - a && mine[mine.length - 1 - b] === now[now.length - 1 - b]) b++;
    desk().view.dispatch({ changes: { from: a, to: mine.length - b, insert: now.slice(a, now.length - b) }, userEvent: "merge" });
  };

  const run = quiet(REST_MS, async () => {
    const mine = text();
    clearTimeout(again);
    if (mine === saved) { hold(false); desk().status("已保存"); return; }
    desk().status("正在保存…");
    try {
      await ask<unknown>(path, { seq, text: mine });
      const r = await fetch(path, { headers: { Accept: "application/json" } }), page = (await r.json()).data as Page;
      seq = page.seq;
      saved = page.text;
      if (page.text !== mine && text() === mine) merge(page.text);
      if (text() === saved) hold(false); else run.soon();
      desk().status("已保存 " + new Date().toTimeString().slice(0, 5));
    } catch (e) {
      const why = e instanceof Refused ? e : new Refused(0, "线路不通");
      hold(true);
      if (why.status === 409) {
        desk().status("有人改了同一处", true);
        desk().told("有人改了同一处：按 Ctrl+S 到对照页，两个人写的都在", true);
      } else if (why.status === 0) {
        desk().status("线路不通，写的都在，没有丢", true);
        again = window.setTimeout(() => run.now(), AGAIN_MS);
      } else {
        if (/标志/.test(why.message)) hold(false);
        desk().status("没有保存", true);
        desk().told(why.message, true);
      }
    }
  });
  window.addEventListener("online", () => run.now());
  window.addEventListener("beforeunload", (e) => { if (text() !== saved) { hold(true); e.preventDefault(); } });

  return [
    EditorView.updateListener.of((u) => { if (u.docChanged) { run.soon(); desk().status("有修改，还没有保存"); } }),
    keymap.of([{ key: "Mod-s", preventDefault: true, run: () => {
      if (desk().root.querySelector(".dk-status")?.textContent === "有人改了同一处") mount.querySelector<HTMLFormElement>("form")?.requestSubmit(); else run.now();
      return true;
    } }]),
  ];
}
