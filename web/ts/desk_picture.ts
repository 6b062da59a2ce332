// Pictures of the manuscript: chosen, pasted or dropped, they are sent up and their line [图：名称] is put in where they belong.
import { Prec, Transaction } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { $, el, nowhere } from "./dom";
import { addPart, Desk } from "./desk_part";

const IS_PICTURE = /^image\/(png|jpeg)$/, TIMEOUT_MS = 60000;
const pictures = (v: FileList | undefined | null): File[] => Array.from(v || []).filter((f) => IS_PICTURE.test(f.type));

async function send(id: string, file: File, pasted: boolean): Promise<string> {
  const body = new FormData(), stop = new AbortController(), timer = setTimeout(() => stop.abort(), TIMEOUT_MS);
  body.append("csrf", $<HTMLInputElement>(".desk input[name=csrf]")?.value || "");
  if (pasted) body.append("pasted", "1");
  body.append("file", file, file.name || "图.png");
  try {
    const r = await fetch(`/manuscripts/${id}/files`, { method: "POST", body, headers: { Accept: "application/json" }, signal: stop.signal });
    const j = await r.json().catch(() => ({}));
    if (!r.ok) throw new Error(j?.data?.text || `图片没有传上（${r.status}）`);
    return j.data.added as string;
  } catch (e) {
    throw e instanceof TypeError || (e as Error).name === "AbortError" ? new Error("线路不通，图片没有传上") : e;
  } finally { clearTimeout(timer); }
}

/** Where a picture goes: the line where one stood when it was chosen, however the text moves while it is on its way. */
interface Goal { at: number; stands: boolean }

const CALM_MS = 40;
const goals = new Set<Goal>();
let putting = false;
const followed = EditorView.updateListener.of((u) => {
  for (const g of goals) {
    if (u.docChanged) g.at = u.changes.mapPos(g.at, 1);
    if (!putting && (u.selectionSet || u.transactions.some((t) => t.docChanged && !t.annotation(Transaction.remote)))) g.stands = false; // who writes on is not moved
  }
});

/** A line of its own. The cursor goes behind it only where it has stood still: nobody's next word lands elsewhere. */
function putIn(view: EditorView, name: string, goal: Goal): void {
  const { state } = view, line = state.doc.lineAt(goal.at), empty = !line.text.trim(), put = `[图：${name}]`;
  const insert = empty ? put + (line.to === state.doc.length ? "\n" : "") : `\n${put}` + (line.to === state.doc.length ? "\n" : "");
  const from = empty ? line.from : line.to, at = from + insert.length;
  putting = true;
  view.dispatch({ changes: { from, to: line.to, insert }, userEvent: "input.paste", ...(goal.stands ? { selection: { anchor: at }, scrollIntoView: true } : {}) });
  putting = false;
  goal.at = at; // the next one stands below
}

async function take(desk: Desk, id: string, files: File[], pasted: boolean): Promise<void> {
  const { view } = desk, goal: Goal = { at: view.state.selection.main.head, stands: true };
  goals.add(goal);
  try {
    for (const f of files) {
      desk.told("正在传图片…");
      const name = await send(id, f, pasted);
      while (view.composing) await new Promise((done) => setTimeout(done, CALM_MS)); // an input method finds the lines as it left them
      putIn(view, name, goal);
      desk.told(`图片“${name}”放进来了；下一行写“图1　……”就是图题`);
    }
  } catch (e) { desk.told((e as Error).message, true); } finally { goals.delete(goal); }
}

addPart((mount, desk) => {
  const id = mount.dataset.id || "";
  if (!id || mount.dataset.writes === undefined) return [];
  const acts = $(".dk-acts", desk().root), b = el("button", "btn small quiet", "插图") as HTMLButtonElement, pick = document.createElement("input");
  b.type = "button";
  b.title = "png、jpg 图片";
  pick.type = "file";
  pick.accept = "image/png,image/jpeg";
  pick.multiple = true;
  pick.hidden = true;
  pick.setAttribute("aria-label", "图片文件");
  b.addEventListener("click", () => pick.click());
  pick.addEventListener("change", () => { const v = pictures(pick.files); pick.value = ""; void take(desk(), id, v, false).then(() => { if (nowhere() || document.activeElement === b) desk().view.focus(); }); });
  acts?.prepend(b, pick);
  return [followed, Prec.high(EditorView.domEventHandlers({
    paste(e, view) {
      const v = pictures(e.clipboardData?.files);
      // Word lays a picture of the words beside the words: the words are what is meant
      if (!v.length || view.state.readOnly || e.clipboardData?.getData("text/plain").trim()) return false;
      e.preventDefault();
      void take(desk(), id, v, true);
      return true;
    },
    drop(e, view) {
      const v = pictures(e.dataTransfer?.files);
      if (!v.length || view.state.readOnly) return false;
      e.preventDefault();
      const at = view.posAtCoords({ x: e.clientX, y: e.clientY });
      if (at !== null) view.dispatch({ selection: { anchor: at } });
      void take(desk(), id, v, false);
      return true;
    },
  }))];
});
