// The pages' policy takes no style element without a file of its own. The editor's rules are therefore adopted as a constructed sheet,
// which no policy of style-src speaks of, in front of nothing and behind desk.css by its place alone.
import { StyleModule } from "style-mod";

const sheet = new CSSStyleSheet(), mounted: StyleModule[] = [];
const host = document as Document & { adoptedStyleSheets: CSSStyleSheet[] };

StyleModule.mount = (_root, modules) => {
  const before = mounted.length;
  for (const m of Array.isArray(modules) ? modules : [modules]) if (!mounted.includes(m)) mounted.push(m);
  if (mounted.length === before) return;
  // the first ones weigh most among equals (style-mod): they stand last
  (sheet as unknown as { replaceSync(text: string): void }).replaceSync(mounted.slice().reverse().map((m) => m.getRules()).join("\n"));
  if (!host.adoptedStyleSheets.includes(sheet)) host.adoptedStyleSheets = [...host.adoptedStyleSheets, sheet];
};
