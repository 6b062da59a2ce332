// What the desk asks of the server: the text goes along, an answer comes back, nothing is kept there.
import { $ } from "./dom";

export class Refused extends Error {
  constructor(readonly status: number, why: string) { super(why); }
}

const TIMEOUT_MS = 20000;

/** Refused with status 0: no line. */
export async function ask<T>(path: string, fields: Record<string, string | number>): Promise<T> {
  const body = new FormData(), stop = new AbortController(), timer = setTimeout(() => stop.abort(), TIMEOUT_MS);
  for (const [k, v] of Object.entries(fields)) body.append(k, String(v));
  body.append("csrf", $<HTMLInputElement>(".desk input[name=csrf]")?.value || $<HTMLInputElement>("input[name=csrf]")?.value || "");
  try {
    const r = await fetch(path, { method: "POST", body, headers: { Accept: "application/json" }, signal: stop.signal });
    const j = await r.json().catch(() => ({}));
    if (!r.ok) throw new Refused(r.status, j?.data?.text || j?.data?.problem || `没有办成（${r.status}）`);
    return j.data as T;
  } catch (e) {
    if (e instanceof Refused) throw e;
    throw new Refused(0, "线路不通");
  } finally { clearTimeout(timer); }
}

/** Run `fn` once things have been quiet for `ms`; one at a time, again afterwards if it was asked for meanwhile. */
export function quiet(ms: number, fn: () => Promise<void>): { soon(wait?: number): void; now(): void } {
  let timer = 0, running = false, again = false;
  const run = async (): Promise<void> => {
    if (running) { again = true; return; }
    running = true;
    try { await fn(); } finally {
      running = false;
      if (again) { again = false; soon(); }
    }
  };
  const soon = (wait = ms): void => { clearTimeout(timer); timer = window.setTimeout(() => void run(), wait); };
  return { soon, now: () => soon(0) };
}
