// The mark that stands behind a place to be filled in (【开场】。) is not doubled by whoever writes a whole sentence into it: typed in front of the same
// mark it steps over that, as a bracket does in an editor for programs.
import { EditorView } from "@codemirror/view";
import { addPart } from "./desk_part";

const STOPS = "。；";

addPart(() => [EditorView.inputHandler.of((view, from, to, text) => {
  const stop = text.slice(-1), next = view.state.sliceDoc(to, to + 1);
  if (!stop || !STOPS.includes(stop) || next !== stop || view.state.readOnly) return false;
  const insert = text.slice(0, -1);
  view.dispatch({ changes: { from, to, insert }, selection: { anchor: from + insert.length + 1 }, userEvent: "input.type", scrollIntoView: true });
  return true;
})]);
