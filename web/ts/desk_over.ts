// What is typed over a selection, or joined to the line in front, by the browser's own hand: it keeps the looks of the words that went as inline
// style, which the pages' policy refuses and reports. Such an input is made an edit here, before the browser makes it; what an input method composes
// cannot be, and for it the marks in the text have neither colour nor ground of their own (desk.css).
import { EditorView } from "@codemirror/view";

const ANDROID = /Android/.test(navigator.userAgent);

/** The span that an input replaces, as the browser sees it; where it is the editor's own selection, that. */
function span(e: InputEvent, view: EditorView): { from: number; to: number } {
  const r = e.getTargetRanges?.()[0], { from, to } = view.state.selection.main;
  if (!r || !view.contentDOM.contains(r.startContainer) || !view.contentDOM.contains(r.endContainer)) return { from, to };
  return { from: view.posAtDOM(r.startContainer, r.startOffset), to: view.posAtDOM(r.endContainer, r.endOffset) };
}

export const over = EditorView.domEventHandlers({
  // A selection goes before its first letter comes: where a mark or a widget went with it, that letter would stay behind the finished word.
  compositionstart(_e, view) {
    const { main } = view.state.selection;
    if (!main.empty && !view.state.readOnly) view.dispatch({ changes: main, selection: { anchor: main.from }, userEvent: "delete.selection" });
    return false;
  },
  beforeinput(e, view) {
    const away = e.inputType.startsWith("delete"), typed = /^insert(Text|ReplacementText)$/.test(e.inputType);
    if (!e.cancelable || e.isComposing || view.composing || view.state.readOnly || !(typed || (away && !ANDROID))) return false;
    const { from, to } = span(e, view), insert = away ? "" : e.data ?? e.dataTransfer?.getData("text/plain") ?? "";
    if (from >= to || (!away && !insert)) return false;
    e.preventDefault();
    view.dispatch({ changes: { from, to, insert: view.state.toText(insert) }, selection: { anchor: from + view.state.toText(insert).length }, userEvent: away ? "delete.selection" : "input.type", scrollIntoView: true });
    return true;
  },
});
