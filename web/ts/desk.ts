// The drafting desk. It takes a mount with a form and a textarea, which works without it, and puts itself in the form's place: elements and
// outline on the left, the text with its margin in the middle, the page beside it. The text is the one truth (docs/design/desk.md).
import "./desk_style";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { highlightSelectionMatches, openSearchPanel, search, searchKeymap } from "@codemirror/search";
import { EditorState, Transaction } from "@codemirror/state";
import { EditorView, KeyBinding, keymap, placeholder } from "@codemirror/view";
import { $, $$, el } from "./dom";
import { Passages, phrases } from "./desk_cite";
import { Findings, margin, placed } from "./desk_find";
import { elements } from "./desk_front";
import { counts, outline, structure, unresolved } from "./desk_lines";
import { nextNumber } from "./desk_number";
import { Pages } from "./desk_pages";
import { Desk, parts, unsettled } from "./desk_part";
import "./desk_parts";
import { over } from "./desk_over";
import { paste } from "./desk_paste";
import "./desk_pen";
import "./desk_lack";
import "./desk_notes";
import "./desk_picture";
import "./desk_speech";
import "./desk_stop";
import { sync } from "./desk_sync";
import { searchCount } from "./desk_search";
import { chinese } from "./desk_words";

/** 《整治形式主义为基层减负若干规定》: characters of the main text. */
const LIMIT_ALL = 5000, LIMIT_ONE = 4000;
const SLOW_MS = 220;

const KEYS: [string, string][] = [
  ["Alt+Enter", "采纳光标处的建议；光标处没有问题时跳到下一处"], ["F8、Shift+F8", "下一处、上一处问题"], ["Alt+Delete", "略过光标处的问题，再按 1～3 选；错误一级要写理由"],
  ["Alt+I", "把“引用”里第一段连出处放进正文"], ["Alt+P", "常用语"], ["Alt+N", "接着编号：写出这一层的下一个序号，再按换到上一层"], ["Ctrl+S", "马上保存（平时随写随存）"], ["Ctrl+F、Ctrl+H", "查找、替换"], ["Tab", "写表格时到下一格；按Esc再按Tab离开正文"], ["Ctrl+Z、Ctrl+Y", "撤销、恢复"],
  ["Alt+1、2、3、4", "右边换到版面、引用、稿件、批注"], ["Alt+M", "批注选中的字"], ["Alt+J、Alt+K", "下一条、上一条批注和建议"], ["Alt+A、Alt+R", "采纳（批注：解决）、不采纳（自己提的：撤回）"], ["Alt+L", "回复"], ["Alt+S", "修改建议模式：写的、删的都先作为建议，再按退出"], ["Alt+O", "跳到提纲，上下选，回车到那里"], ["Alt+Y", "跳到要素"], ["F9", "投屏推稿"], ["Alt+/", "这张按键表"], ["Esc", "回到正文"],
];

function build(mount: HTMLElement) {
  const root = el("div", "dk");
  root.innerHTML = `<div class="dk-bar"><span class="dk-status" role="status" aria-live="polite"></span><span class="dk-say" role="alert"></span><span class="dk-count"></span>
<span class="dk-acts"><button type="button" class="btn small quiet" data-do="find" title="Ctrl+F">查找替换</button><button type="button" class="btn small quiet" data-do="phrase" title="Alt+P">常用语</button><button type="button" class="btn small quiet" data-do="stage" title="F9">投屏</button><button type="button" class="btn small quiet" data-do="keys" title="Alt+/">按键</button></span></div>
<div class="dk-main"><aside class="dk-left"><section class="dk-outline"><h2>提纲</h2><ol></ol></section><section class="dk-elements"><h2>要素</h2><div class="dk-rows"></div></section></aside>
<div class="dk-paper"><div class="dk-text"></div><div class="dk-margin"><p class="dk-mhead"></p><div class="dk-cards"></div></div></div>
<aside class="dk-right"><nav class="dk-tabs"><button type="button" data-tab="left">提纲</button><button type="button" data-tab="pages" class="on">版面</button><button type="button" data-tab="cite">引用<b></b></button><button type="button" data-tab="file">稿件</button></nav>
<div class="dk-pane" data-pane="pages"></div><div class="dk-pane" data-pane="cite" hidden></div><div class="dk-pane" data-pane="file" hidden></div><div class="dk-pane" data-pane="left" hidden></div></aside></div>
<nav class="dk-switch"><button type="button" data-show="text" class="on">正文</button><button type="button" data-show="margin">问题批注<b></b></button><button type="button" data-show="left">提纲要素</button><button type="button" data-show="right">版面引用</button></nav>`;
  mount.prepend(root);
  return root;
}

function open(mount: HTMLElement): void {
  const area = $<HTMLTextAreaElement>("textarea", mount);
  if (!area) return;
  const root = build(mount), text = $(".dk-text", root)!, status = $(".dk-status", root)!, say = $(".dk-say", root)!, count = $(".dk-count", root)!;
  const id = mount.dataset.id || "";
  const canWrite = mount.dataset.writes !== undefined && !area.readOnly;
  const start = area.value.replace(/\r\n?/g, "\n");
  let view!: EditorView, sayTimer = 0, slow = 0, statusSet = false;
  const at = (): EditorView => view;
  const desk: Desk = {
    get view() { return view; }, root,
    told(what, bad = false) { say.textContent = what; say.classList.toggle("bad", bad); clearTimeout(sayTimer); sayTimer = window.setTimeout(() => { say.textContent = ""; }, bad ? 12000 : 6000); },
    status(what, bad = false) { statusSet = true; status.textContent = what; status.classList.toggle("bad", bad); },
  };

  const later = (ms = SLOW_MS): void => { clearTimeout(slow); slow = window.setTimeout(refresh, ms); };
  const found = new Findings(at, mount, (what) => desk.told(what, true), () => later(0));
  const pages = new Pages(at, $("[data-pane=pages]", root)!, () => later(0), id);
  const cites = new Passages(at, $("[data-pane=cite]", root)!, () => { $("[data-tab=cite] b", root)!.textContent = cites.rows.length ? String(cites.rows.length) : ""; });

  const keys: KeyBinding[] = [
    { key: "Alt-Enter", run: () => found.accept() || true },
    { key: "F8", run: () => found.step(1) || true, shift: () => found.step(-1) || true },
    { key: "Alt-Delete", run: () => { const d = $<HTMLDetailsElement>(".fc.on .fc-pass", root); if (d) { d.open = true; $("summary", d)?.focus(); } else desk.told("光标处没有可以略过的问题，按F8到下一处"); return true; } },
    { key: "Alt-i", run: () => { if (!cites.insert(cites.rows[0], true)) desk.told("“引用”里现在没有段落"); return true; } },
    { key: "Alt-n", run: (v) => nextNumber(v) || true },
    { key: "Alt-p", run: () => { void phrases(view, $(".dk-paper", root)!); return true; } },
    { key: "Tab", run: (v) => {
      // A tab parts the cells of a table; at the beginning of a line it would only be an indent, which the layout makes by itself.
      const { from, to } = v.state.selection.main, line = v.state.doc.lineAt(from), before = v.state.sliceDoc(line.from, from);
      const table = line.text.includes("\t") || (line.number > 1 && v.state.doc.line(line.number - 1).text.includes("\t")); // its first cell may be empty
      if (before.trim() || table) v.dispatch(v.state.replaceSelection("\t"), { scrollIntoView: true, userEvent: "input" });
      else if (from === to) desk.told("段首缩进由排版自动加；要做表格，先写第一格再按Tab");
      return true;
    } },
    { key: "Mod-h", run: (v) => { openSearchPanel(v); $<HTMLInputElement>(".cm-search [name=replace]", root)?.focus(); return true; } },
  ];

  view = new EditorView({
    parent: text,
    state: EditorState.create({
      doc: start,
      extensions: [
        keymap.of([...keys, ...searchKeymap, ...historyKeymap, ...defaultKeymap]), history(), EditorView.lineWrapping, EditorState.tabSize.of(8), chinese,
        search({ top: true }), searchCount, highlightSelectionMatches({ minSelectionLength: 2 }), structure, found.extension, margin($(".dk-cards", root)!, found), pages.extension, cites.extension,
        over, paste((what) => desk.told(what)),
        placeholder("第一行写标题，如：关于做好……工作的通知\n下一行写主送，以冒号结尾，然后是正文。"),
        EditorState.readOnly.of(!canWrite), EditorView.editable.of(canWrite),
        EditorView.contentAttributes.of({ "aria-label": "正文", spellcheck: "false", autocorrect: "off", autocapitalize: "off" }),
        EditorState.changeFilter.of((tr) => {
          const most = Number(mount.dataset.most) || 0;
          if (!tr.docChanged || !most || tr.annotation(Transaction.remote) || tr.newDoc.length <= most || tr.newDoc.length <= tr.startState.doc.length) return true;
          desk.told(`一份文稿最多${most}字，没有放进来`, true);
          return false;
        }),
        EditorView.updateListener.of((u) => { if (u.docChanged) later(); else if (u.selectionSet) later(60); }),
        parts.map((p) => p(mount, () => desk)), id ? sync(mount, () => desk) : [],
      ],
    }),
  });
  mount.classList.add("desk-on");
  document.documentElement.classList.add("desking");
  const form = area.closest("form");
  form?.addEventListener("submit", () => { area.value = view.state.doc.toString(); });
  const side = $(".mscside") || $("[data-desk-file]");
  if (side) $("[data-pane=file]", root)!.append(side); else $<HTMLElement>("[data-tab=file]", root)!.hidden = true;
  const drawElements = elements($(".dk-rows", root)!, at);

  // ---- what is shown besides the text: never while a key is on its way ----
  const list = $(".dk-outline ol", root)!;
  const HEAD_ROOM = 40; // px above the heading in hand: the words 提纲, or the one before
  let shownOutline = "", lastHead = -1;
  function refresh(): void {
    const s = view.state, heads = outline(s), here = s.doc.lineAt(s.selection.main.head).number, k = JSON.stringify(heads.map((h) => [h.level, h.text]));
    if (k !== shownOutline) {
      shownOutline = k;
      list.textContent = "";
      for (const h of heads) { const li = el("li", `o${h.level}`), b = el("button", "", h.text) as HTMLButtonElement; b.type = "button"; li.append(b); list.append(li); }
      if (!heads.length) list.append(el("li", "none mute", "写了标题和“一、”“（一）”，这里就有提纲"));
    }
    let on = -1;
    heads.forEach((h, i) => { if (h.line <= here) on = i; });
    Array.from(list.children).forEach((li, i) => { li.classList.toggle("on", i === on); const b = li.firstElementChild as HTMLElement | null; if (b && heads[i]) b.dataset.at = String(heads[i].from); });
    const box = list.parentElement!, mine = on >= 0 ? (list.children[on] as HTMLElement) : null, up = box.scrollTop, top = mine ? mine.getBoundingClientRect().top - box.getBoundingClientRect().top + up : 0;
    if (mine && mine.offsetParent && on !== lastHead) box.scrollTop = Math.max(top + mine.offsetHeight - box.clientHeight, Math.min(up, top - HEAD_ROOM)); // the heading one writes under is in sight
    lastHead = on;
    drawElements(pages.last?.form || "");
    const c = counts(s), p = pages.last, paper = !p || /文件|信函|白头/.test(p.form), over = paper && c.main > LIMIT_ALL ? 2 : paper && c.main > LIMIT_ONE ? 1 : 0;
    count.textContent = `正文${c.main}字` + (c.all - c.main > 0 ? `，连同附件${c.all}字` : "") + (p ? `　${p.pages}页` : "") + (over === 2 ? "　超过减负规定的5000字" : over ? "　专项文件一般不超过4000字" : "");
    count.title = "减负规定：综合性文件一般不超过5000字，专项文件一般不超过4000字；不算空格、附件和版记";
    count.classList.toggle("over", over > 0);
    const v = placed(s), n = v.length, head = $(".dk-mhead", root)!;
    head.textContent = found.state === "off" ? `${found.why}${found.why === "线路不通" ? "，问题没有更新" : ""}` : !found.last ? "正在查…" : n ? `${n}处问题` : s.doc.length ? "没有查出问题" : "";
    head.classList.toggle("bad", found.state === "off");
    const passed = found.passes.rows.length ? found.passes.standing(s.doc.toString()).length : 0;
    if (passed) {
      const b = el("button", "linkbtn", `略过${passed}处`) as HTMLButtonElement;
      b.type = "button";
      b.addEventListener("click", () => found.passes.list($(".dk-margin", root)!, () => view.state.doc.toString(), (from, to) => { if (from >= 0) { view.dispatch({ selection: { anchor: from, head: to }, effects: EditorView.scrollIntoView(from, { y: "center" }) }); show("text"); } view.focus(); }));
      head.append(" ", b);
    }
    $(".dk-switch [data-show=margin] b", root)!.textContent = n ? String(n) : "";
    if (!statusSet && !canWrite) status.textContent = "只能查看";
    const off = [pages.why].filter((w) => w && w !== "线路不通")[0];
    let note = $(".pg-note", root);
    const notes = off ? [off] : !s.doc.length ? [] : (p?.notes || []).map((x) => x.text);
    if (!note) $("[data-pane=pages]", root)!.prepend(note = el("p", "pg-note", ""));
    note.textContent = pages.why === "线路不通" ? "线路不通，版面是先前的" : notes.join("；");
    note.hidden = !note.textContent;
    if (root.classList.contains("stage")) stageList();
  }
  list.addEventListener("click", (e) => { const b = (e.target as Element).closest<HTMLElement>("button"); if (b) go(Number(b.dataset.at)); });
  list.addEventListener("keydown", (e) => {
    const b = (e.target as Element).closest("li"), to = e.key === "ArrowDown" ? b?.nextElementSibling : e.key === "ArrowUp" ? b?.previousElementSibling : null;
    if (to) { e.preventDefault(); (to.firstElementChild as HTMLElement)?.focus(); }
  });
  const go = (pos: number): void => {
    const p = Math.min(pos, view.state.doc.length);
    view.dispatch({ selection: { anchor: p }, effects: EditorView.scrollIntoView(p, { y: "start", yMargin: 40 }) });
    show("text");
    view.focus();
  };

  // ---- panes, phone, projection ----
  const tab = (name: string): void => {
    if (!$(`[data-tab=${name}]`, root)) return;
    for (const b of $$("[data-tab]", root)) b.classList.toggle("on", b.dataset.tab === name);
    for (const p of $$("[data-pane]", root)) p.hidden = p.dataset.pane !== name;
    if (name === "pages") pages.start();
  };
  const show = (name: string): void => {
    root.dataset.shown = name;
    for (const b of $$("[data-show]", root)) b.classList.toggle("on", b.dataset.show === name);
    if (name === "right" && !$("[data-pane=pages]", root)!.hidden) pages.start();
    view.requestMeasure();
  };
  show("text");
  // Where three columns have no room the outline, what the template wants and the elements are a pane on the right.
  const two = matchMedia("(min-width: 821px) and (max-width: 1180px)"), left = $(".dk-left", root)!;
  const fit = (): void => {
    const pane = $("[data-pane=left]", root)!;
    if (two.matches) pane.append(left); else $(".dk-main", root)!.prepend(left);
    if (!two.matches && !pane.hidden) tab("pages");
  };
  two.addEventListener("change", fit);
  fit();
  const toLeft = (what: HTMLElement | null): void => { if (two.matches) tab("left"); else if (!left.offsetParent) show("left"); what?.focus(); };
  let big = 30, panel: HTMLElement | null = null;
  const around = (l: { from: number; to: number; text: string }, from: number, to: number): string => {
    const a = Math.max(l.from, from - 8), b = Math.min(l.to, to + 10);
    return (a > l.from ? "…" : "") + l.text.slice(a - l.from, b - l.from).trim() + (b < l.to ? "…" : "");
  };
  function stageList(): void {
    if (!panel) return;
    if (panel.contains(document.activeElement) && document.activeElement instanceof HTMLInputElement) return; // somebody is writing an answer
    const s = view.state, row = (from: number, to: number, what: string, words: string) => ({ from, card: (): HTMLElement => {
      const b = el("button", "") as HTMLButtonElement;
      b.type = "button";
      b.append(el("b", "", what), el("span", "", words));
      b.addEventListener("click", () => { view.dispatch({ selection: { anchor: from, head: to }, effects: EditorView.scrollIntoView(from, { y: "center" }) }); view.focus(); });
      return b;
    } });
    const open = unresolved(s.doc); // what the check says of a blank is the blank once more
    const v = [...open.map((o) => row(o.from, o.to, "待填", around(s.doc.lineAt(o.from), o.from, o.to))),
      ...placed(s).filter((p) => p.f.level_key !== "hint" && !open.some((o) => p.from < o.to && o.from < p.to)).map((p) => row(p.from, p.to, p.f.level, p.f.message)), ...unsettled.flatMap((f) => f())].sort((a, b) => a.from - b.from);
    panel.textContent = "";
    panel.append(el("h2", "", v.length ? `未决之处 ${v.length}` : "没有未决之处"));
    for (const x of v.slice(0, 60)) panel.append(x.card());
  }
  mount.addEventListener("restage", () => later(60));
  function stage(on = !root.classList.contains("stage")): void {
    root.classList.toggle("stage", on);
    document.documentElement.classList.toggle("staged", on);
    panel?.parentElement?.remove();
    panel = null;
    if (on) {
      const box = el("aside", "stg"), bar = el("div", "stg-bar");
      for (const [name, by] of [["字小些", -2], ["字大些", 2], ["退出投屏（F9）", 0]] as [string, number][]) {
        const b = el("button", "btn small", name) as HTMLButtonElement;
        b.type = "button";
        b.addEventListener("click", () => { if (!by) { stage(false); return; } big = Math.max(20, Math.min(54, big + by)); text.style.setProperty("--big", `${big}px`); view.requestMeasure(); });
        bar.append(b);
      }
      panel = el("div", "stg-list");
      box.append(bar, panel);
      mount.dispatchEvent(new CustomEvent("staged", { detail: bar }));
      $(".dk-main", root)!.append(box);
      text.style.setProperty("--big", `${big}px`);
      stageList();
      void document.documentElement.requestFullscreen?.().catch(() => undefined);
    } else {
      mount.dispatchEvent(new CustomEvent("staged"));
      if (document.fullscreenElement) void document.exitFullscreen();
    }
    view.focus(); // at once: later it would take the cursor out of the bar, and a name being typed there would go into the text
    setTimeout(() => { view.requestMeasure(); view.dispatch({ effects: EditorView.scrollIntoView(view.state.selection.main.head, { y: "center" }) }); }, 60);
  }
  document.addEventListener("fullscreenchange", () => { if (!document.fullscreenElement && root.classList.contains("stage")) stage(false); });

  function help(): void {
    let d = $<HTMLDialogElement>("dialog.dk-keys", root);
    if (!d) {
      d = document.createElement("dialog");
      d.className = "dk-keys";
      d.append(el("header", "", "拟稿台按键"));
      const t = el("table", "");
      for (const [k, what] of KEYS) { const r = el("tr", ""), c = el("td", ""); for (const one of k.split("、")) c.append(el("kbd", "", one), " "); r.append(c, el("td", "", what)); t.append(r); }
      d.append(t);
      d.addEventListener("click", (e) => { if (e.target === d) d!.close(); });
      d.addEventListener("close", () => view.focus());
      root.append(d);
    }
    if (d.open) d.close(); else d.showModal();
  }

  root.addEventListener("click", (e) => {
    const b = (e.target as Element).closest<HTMLElement>("[data-do], [data-tab], [data-show]");
    if (!b) return;
    if (b.dataset.tab) tab(b.dataset.tab);
    if (b.dataset.show) show(b.dataset.show);
    if (b.dataset.do === "find") openSearchPanel(view);
    if (b.dataset.do === "phrase") void phrases(view, $(".dk-paper", root)!);
    if (b.dataset.do === "stage") stage();
    if (b.dataset.do === "keys") help();
  });
  document.addEventListener("keydown", (e) => {
    if (e.isComposing) return;
    const plain = !e.ctrlKey && !e.metaKey && !e.altKey, alt = e.altKey && !e.ctrlKey && !e.metaKey;
    if (plain && e.key === "F9") stage();
    else if (plain && e.key === "Escape" && root.contains(document.activeElement) && !view.hasFocus && !$("dialog[open]")) view.focus();
    else if (alt && /^[1234]$/.test(e.key)) tab(["pages", "cite", "file", "notes"][Number(e.key) - 1]);
    else if (alt && e.key === "/") help();
    else if (alt && e.key === "o") toLeft($(".dk-outline li.on button", root) || $(".dk-outline button", root));
    else if (alt && e.key === "y") toLeft($<HTMLElement>(".dk-rows .in", root));
    else return;
    e.preventDefault();
  });
  (mount as HTMLElement & { desk?: Desk }).desk = desk;
  found.start();
  pages.start();
  refresh();
  if (canWrite) view.focus();
}

for (const m of $$("[data-desk]")) open(m);
