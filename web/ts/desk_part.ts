// What others add to the desk (co-editing, notes): an extension of the editor, made before it opens. A part's file calls addPart when it
// is loaded, and desk.ts imports it.
import type { Extension } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";

export interface Desk {
  readonly view: EditorView;
  readonly root: HTMLElement;
  /** A line that goes away again. */
  told(what: string, bad?: boolean): void;
  /** What stands in front of the bar: whether the words are kept. */
  status(what: string, bad?: boolean): void;
}
export type Part = (mount: HTMLElement, desk: () => Desk) => Extension;
export const parts: Part[] = [];
export const addPart = (p: Part): void => { parts.push(p); };

/** What is unresolved besides places to be filled in and findings: listed in a projection, each with a card of its own. */
export interface Unsettled { from: number; to: number; card(): HTMLElement }
export const unsettled: (() => Unsettled[])[] = [];
