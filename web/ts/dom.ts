// Small helpers. `composing` is true while an input method has an unfinished word: nothing may fire then.
export const $ = <T extends Element = HTMLElement>(s: string, root: ParentNode = document): T | null => root.querySelector<T>(s);
export const $$ = <T extends Element = HTMLElement>(s: string, root: ParentNode = document): T[] => Array.from(root.querySelectorAll<T>(s));

let open = false;
document.addEventListener("compositionstart", () => { open = true; }, true);
// The Enter that ends a word comes after compositionend in some browsers: stay closed until it has passed.
document.addEventListener("compositionend", () => { setTimeout(() => { open = false; }, 0); }, true);
export const composing = (e?: Event): boolean => open || !!(e && (e as KeyboardEvent).isComposing) || !!(e && (e as KeyboardEvent).keyCode === 229);

export const typing = (t: EventTarget | null): boolean =>
  t instanceof HTMLElement && (/^(INPUT|TEXTAREA|SELECT)$/.test(t.tagName) ? !/^(checkbox|radio|button|submit|file)$/.test((t as HTMLInputElement).type) : t.isContentEditable);

/** The cursor is in no field, and nobody is bothered by putting it somewhere. */
export const nowhere = (): boolean => !document.activeElement || document.activeElement === document.body;

export function el(tag: string, cls: string, text?: string): HTMLElement {
  const e = document.createElement(tag);
  if (cls) e.className = cls;
  if (text !== undefined) e.textContent = text;
  return e;
}
export const busy = (on: boolean): void => { $("#busy")?.classList.toggle("on", on); };
