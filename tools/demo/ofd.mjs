// A document as OFD (GB/T 33190): one text object for each line, fonts named and not embedded.
import { zip } from "./zip.mjs";
import { lines } from "./source.mjs";
import { esc } from "./docx.mjs";

const XML = '<?xml version="1.0" encoding="UTF-8"?>\n';
const NS = 'xmlns:ofd="http://www.ofdspec.org/2016"';
const SIZE = 5.644, PITCH = 10.2, LEFT = 28, TOP = 37, WIDTH = 28, ROWS = 22; // millimetres; characters; lines

/** Wraps to 28 characters; a paragraph begins with two blanks. */
function layout(doc) {
  const out = [];
  for (const b of lines(doc)) {
    if (b.kind === "row") { out.push({ text: b.cells.join("　"), x: 0 }); continue; }
    const centred = ["mark", "docno", "title", "closing"].includes(b.kind), right = ["sign", "date"].includes(b.kind);
    let text = [...(b.label ?? "") + b.text], x = centred || right || b.kind === "to" ? 0 : 2;
    while (text.length) {
      const take = text.splice(0, WIDTH - x);
      const at = centred ? (WIDTH - take.length) / 2 : right ? WIDTH - take.length - 2 : x;
      out.push({ text: take.join(""), x: at });
      x = 0;
    }
  }
  return out;
}

export function ofd(doc) {
  const rows = layout(doc), pages = [];
  for (let i = 0; i < rows.length; i += ROWS) pages.push(rows.slice(i, i + ROWS));
  let id = 10;
  const content = pages.map((page) => {
    const objects = page.map((l, i) => {
      const n = [...l.text].length;
      const delta = n > 1 ? ` DeltaX="g ${n - 1} ${SIZE}"` : "";
      return `<ofd:TextObject ID="${id++}" Boundary="${(LEFT + l.x * SIZE).toFixed(3)} ${(TOP + i * PITCH).toFixed(3)} ${(n * SIZE + 1).toFixed(3)} ${PITCH}" Font="3" Size="${SIZE}"><ofd:TextCode X="0" Y="${SIZE}"${delta}>${esc(l.text)}</ofd:TextCode></ofd:TextObject>`;
    }).join("\n");
    return `${XML}<ofd:Page ${NS}><ofd:Content><ofd:Layer ID="${id++}" Type="Body">${objects}</ofd:Layer></ofd:Content></ofd:Page>`;
  });
  const first = id;
  return zip([
    ["OFD.xml", `${XML}<ofd:OFD ${NS} Version="1.1" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:DocID>00000000000000000000000000000001</ofd:DocID><ofd:Title>${esc(doc.head.titles.join(""))}</ofd:Title><ofd:Author>演示</ofd:Author></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>`],
    ["Doc_0/Document.xml", `${XML}<ofd:Document ${NS}><ofd:CommonData><ofd:MaxUnitID>${first + pages.length}</ofd:MaxUnitID><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes></ofd:CommonData><ofd:Pages>${pages.map((_, i) => `<ofd:Page ID="${first + i}" BaseLoc="Pages/Page_${i}/Content.xml"/>`).join("")}</ofd:Pages></ofd:Document>`],
    ["Doc_0/PublicRes.xml", `${XML}<ofd:Res ${NS} BaseLoc="Res"><ofd:Fonts><ofd:Font ID="3" FontName="Noto Serif CJK SC" FamilyName="Noto Serif CJK SC"/></ofd:Fonts></ofd:Res>`],
    ...content.map((c, i) => [`Doc_0/Pages/Page_${i}/Content.xml`, c]),
  ]);
}
