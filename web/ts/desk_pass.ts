// Findings that were passed over (略过): kept by the server (office/manuscript_pass.h) and the same for everybody at the manuscript. Another's
// arrive by the stream ("passed"). A finding is the same one while its rule, its words and what stands around them in their line are.
import { EditorState } from "@codemirror/state";
import { Refused, ask } from "./desk_ask";
import type { Placed } from "./desk_find";
import { $, el } from "./dom";

export interface Place { rule: string; before: string; words: string; after: string }
interface Row extends Place { id: string; name: string; level: string; error: boolean; throughout: boolean; said: string; why: string; by: string }
interface Answer { rows: Row[]; writes: boolean; problem: string }
interface Stored { rule: string; words: string; around: string; here: boolean; why: string }

const AROUND = 8, LOOK_MS = 60000, BRING = 50;
const last = (s: string): string => Array.from(s).slice(-AROUND).join(""), first = (s: string): string => Array.from(s).slice(0, AROUND).join("");

export function placeOf(s: EditorState, p: Placed): Place {
  const to = p.f.begin === p.f.end ? p.from : p.to, a = s.doc.lineAt(p.from), b = s.doc.lineAt(to);
  return {
    rule: p.f.rule, before: last(s.sliceDoc(Math.max(a.from, p.from - 2 * AROUND), p.from)), words: s.sliceDoc(p.from, to),
    after: first(s.sliceDoc(to, Math.min(b.to, to + 2 * AROUND))),
  };
}

/** What a browser had kept of its own: eight units on either side, over line ends. */
function ofStored(x: Stored): Omit<Row, "id" | "name" | "level" | "error" | "said" | "by"> {
  const cut = x.around?.[AROUND] === "|" ? AROUND : (x.around || "|").indexOf("|");
  const before = x.here ? x.around.slice(0, cut) : "", after = x.here ? x.around.slice(cut + 1) : "";
  return { rule: x.rule, words: x.words, before: last(before.slice(before.lastIndexOf("\n") + 1)), after: first(after.split("\n")[0]), throughout: !x.here, why: x.why };
}

export class Passes {
  rows: Row[] = [];
  writes = false;
  private readonly path: string; private readonly had: string;
  private looking = false; private again = false; private seen = false; private drawn: () => void = () => undefined;

  /** told: what could not be done; changed: others are passed over now, `back`: some no longer. */
  constructor(mount: HTMLElement, private readonly told: (what: string) => void, private readonly changed: (back: boolean) => void) {
    const id = mount.dataset.id || "", main = $("#main");
    this.path = `/manuscripts/${id}/passes`;
    this.had = `desk:passed:${main?.dataset.who || ""}:${id}`;
    mount.addEventListener("passed", () => void this.look());
    window.setInterval(() => { if (!document.hidden) void this.look(); }, LOOK_MS); // of another node nothing is told
    document.addEventListener("visibilitychange", () => { if (!document.hidden) void this.look(); });
  }

  async start(): Promise<void> {
    await this.look();
    await this.bring();
  }

  has(p: Place): boolean { return this.rows.some((r) => r.rule === p.rule && r.words === p.words && (r.throughout || (r.before === p.before && r.after === p.after))); }

  /** What of it stands in this text. */
  standing(text: string): Row[] { return this.rows.filter((r) => text.includes(r.before + r.words + r.after)); }

  private take(a: Answer): void {
    const back = this.rows.some((o) => o.id && !a.rows.some((r) => r.id === o.id));
    this.rows = a.rows;
    this.writes = a.writes;
    this.seen = true;
    this.drawn();
    this.changed(back);
  }

  private async look(): Promise<void> {
    if (this.looking) { this.again = true; return; }
    this.looking = true;
    try {
      const r = await fetch(this.path, { headers: { Accept: "application/json" } }), j = await r.json().catch(() => null);
      if (r.ok && j?.data?.rows) this.take(j.data as Answer);
    } catch { /* no line: the desk says so elsewhere */ } finally { this.looking = false; }
    if (this.again) { this.again = false; await this.look(); }
  }

  private async act(fields: Record<string, string | number>): Promise<boolean> {
    try { await ask(this.path, fields); } catch (e) {
      this.told(e instanceof Refused && e.status ? e.message : "线路不通，没有记下");
      this.rows = this.rows.filter((r) => r.id);
      await this.look();
      this.changed(true);
      return false;
    }
    await this.look();
    return true;
  }

  async add(p: Place, what: { said: string; level: string; why: string; throughout: boolean }): Promise<boolean> {
    const { rule, before, words, after } = p, { said, level, why, throughout } = what;
    this.rows = [{ id: "", rule, before: throughout ? "" : before, words, after: throughout ? "" : after, throughout, said, why, name: "", level: "", error: false, by: "" }, ...this.rows];
    return this.act({ act: "pass", rule, before, words, after, said, level, why, ...(throughout ? { throughout: 1 } : {}) });
  }
  back(id: string): Promise<boolean> { return this.act({ act: "back", pass: id }); }

  /** Kept in this browser before the server did: brought there once, and no second place is left. */
  private async bring(): Promise<void> {
    let had: Stored[] = [];
    try { had = JSON.parse(localStorage.getItem(this.had) || "[]"); } catch { /* off, or not ours */ }
    const gone = (): void => { try { localStorage.removeItem(this.had); } catch { /* off */ } };
    if (!this.seen) return; // no line: next time
    if (!Array.isArray(had) || !this.writes) had = [];
    for (let i = 0; i < had.length; i += BRING) {
      try { await ask(this.path, { act: "bring", rows: JSON.stringify(had.slice(i, i + BRING).map(ofStored)) }); } catch (e) {
        if (e instanceof Refused && e.status >= 400 && e.status < 500) break; // it will not be taken another time
        return; // next time
      }
    }
    gone();
    if (had.length) await this.look();
  }

  /** The list of them, over the margin; a second time: away with it. */
  list(box: HTMLElement, text: () => string, show: (from: number, to: number) => void): void {
    const had = $(".ps-list", box), d = el("div", "ps-list"), leave = (): void => { d.remove(); this.drawn = () => undefined; };
    if (had) { had.remove(); this.drawn = () => undefined; return; }
    this.drawn = (): void => {
      const rows = this.standing(text());
      d.textContent = "";
      if (!rows.length) leave();
      for (const r of rows) d.append(this.one(r, () => { const at = text().indexOf(r.before + r.words + r.after) + r.before.length; show(at, at + r.words.length); }));
    };
    d.tabIndex = -1;
    d.addEventListener("keydown", (e) => { if (e.key === "Escape") { e.stopPropagation(); leave(); show(-1, -1); } });
    box.append(d);
    this.drawn();
    d.focus();
  }

  private one(r: Row, go: () => void): HTMLElement {
    const c = el("div", `ps-one${r.error ? " error" : ""}`), words = el("button", "ps-at") as HTMLButtonElement;
    words.type = "button";
    words.append(el("span", "mute", r.before), el("b", "", r.words || "（此处）"), el("span", "mute", r.after));
    words.addEventListener("click", go);
    c.append(words, el("p", "", `${r.level ? r.level + "　" : ""}${r.said || r.name || r.rule}`));
    c.append(el("p", "mute", `${r.by}略过${r.throughout ? "（整份文稿）" : ""}${r.why ? "：" + r.why : ""}`));
    if (this.writes && r.id) {
      const b = el("button", "btn small quiet", "恢复提示") as HTMLButtonElement;
      b.type = "button";
      b.addEventListener("click", () => { b.disabled = true; void this.back(r.id); });
      c.append(b);
    }
    return c;
  }
}

// ---- why ----

export const REASONS: [string, boolean][] = [["原文如此，这一处不改", false], ["规则不适用于这里", false], ["整份文稿里都不再提示", true]];

/** Behind 略过…: a reason in words, which an error wants, and how far it reaches. 1 to 3 choose; where words are missing they are asked for. */
export function choices(error: boolean, pass: (why: string, throughout: boolean) => void, away: () => void): HTMLDetailsElement {
  const menu = el("details", "fc-pass") as HTMLDetailsElement, list = el("div", "fc-reasons"), why = el("input", "in") as HTMLInputElement;
  let chosen = 0;
  why.maxLength = 200;
  why.placeholder = error ? "错误一级，请写明理由" : "理由，可以不写";
  why.setAttribute("aria-label", why.placeholder);
  const go = (i: number): void => {
    const words = why.value.trim(), [name, throughout] = REASONS[i];
    chosen = i;
    if (error && !words) { why.classList.add("missing"); why.focus(); return; }
    pass(words || (throughout ? "" : name), throughout);
  };
  menu.append(el("summary", "btn small quiet", "略过…"), list);
  list.append(why);
  REASONS.forEach(([name], i) => {
    const b = el("button", "", `${i + 1}　${name}`) as HTMLButtonElement;
    b.type = "button";
    b.addEventListener("click", () => go(i));
    list.append(b);
  });
  // the last one of a long column opens upwards
  menu.addEventListener("toggle", () => { const m = menu.closest(".dk-margin"); list.classList.remove("up"); if (menu.open && m) list.classList.toggle("up", list.getBoundingClientRect().bottom > m.getBoundingClientRect().bottom); });
  menu.addEventListener("keydown", (e) => {
    const n = Number(e.key), inside = e.target === why;
    if (e.isComposing) return;
    if (inside && e.key === "Enter") { e.preventDefault(); go(chosen); }
    if (!inside && n >= 1 && n <= REASONS.length) { e.preventDefault(); go(n - 1); }
    if (e.key === "Escape") { menu.open = false; away(); }
  });
  return menu;
}
