// A speech: how long it takes at the speaker's own pace, and how far from what its task asks. One line beside the count of the text, counted anew when
// typing rests; without script the page says the same below the text.
import { ViewPlugin, ViewUpdate } from "@codemirror/view";
import type { EditorState } from "@codemirror/state";
import { $, el } from "./dom";
import { counts } from "./desk_lines";
import { Desk, addPart } from "./desk_part";

const REST = 300; // ms
const OFF = 0.1; // of what it should be: web/page_speech.c calls the same too much

addPart((mount: HTMLElement, desk: () => Desk) => {
  const words = Number(mount.dataset.words), pace = Number(mount.dataset.pace);
  if (!(words > 0 && pace > 0)) return [];
  let line: HTMLElement | null = null, timer = 0;

  function show(s: EditorState): void {
    if (!line) {
      const count = $(".dk-count", desk().root);
      if (!count) return;
      line = el("span", "dk-count dk-speech");
      line.title = mount.dataset.said || "";
      count.after(line);
    }
    const n = counts(s).main, more = n - words;
    line.textContent = `约${Math.round(n / pace)}分钟，${more > 0 ? `多${more}字` : more < 0 ? `还差${-more}字` : "正好"}（该写${words}字）`;
    line.classList.toggle("over", more > words * OFF);
  }

  return ViewPlugin.fromClass(class {
    constructor(view: { state: EditorState }) { timer = window.setTimeout(() => show(view.state)); }
    update(u: ViewUpdate): void {
      if (!u.docChanged) return;
      clearTimeout(timer);
      timer = window.setTimeout(() => show(u.view.state), REST);
    }
    destroy(): void { clearTimeout(timer); }
  });
});
