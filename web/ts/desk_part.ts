// What others add to the desk (co-editing, notes): an extension of the editor, made before it opens. A part's file calls addPart when it
// is loaded, and desk.ts imports it.
import { ChangeDesc, Extension, StateEffect } from "@codemirror/state";
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

/** Suggestions that this editor accepted: the server wrote them into the text under this name (desk_notes.ts, desk_sync.ts). As an effect of the
 * update, so that it stands in the history with it. */
export const accepted = StateEffect.define<string>();
/** The same taken back by “undo”. */
export const unaccepted = StateEffect.define<string>();

/** What is unresolved besides places to be filled in and findings: listed in a projection, each with a card of its own. */
export interface Unsettled { from: number; to: number; card(): HTMLElement }
export const unsettled: (() => Unsettled[])[] = [];

export interface Span { from: number; to: number }
/** Where a span stands behind changes: as the server follows it, change set by change set (manuscript_span.c). */
export function follow(x: Span, changes: ChangeDesc): Span {
  const to = changes.mapPos(x.to, -1);
  return { from: x.to > x.from ? Math.min(changes.mapPos(x.from, 1), to) : to, to };
}
