// A document of the demonstration as docx: automatic numbers, tables, headings, page numbers.
import { zip } from "./zip.mjs";
import { lines } from "./source.mjs";

export const esc = (s) =>
  s.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
const REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

const STYLE = { h1: "Heading1", chapter: "Heading1", title: "Title" };
const ALIGN = { mark: "center", docno: "center", title: "center", sub: "center", centre: "center",
  sign: "right", date: "right", chapter: "center" };
const LEVEL = { h1: [1, 0], h2: [1, 1], h3: [1, 2], chapter: [2, 0], article: [3, 0] };

const run = (text, props = "") => `<w:r>${props && `<w:rPr>${props}</w:rPr>`}<w:t xml:space="preserve">${esc(text)}</w:t></w:r>`;

/** The leading sentence of a numbered paragraph stands in another face, as the office does it. */
function headed(text) {
  const cut = text.indexOf("。");
  if (cut < 0 || cut > 30 || cut === text.length - 1) return run(text);
  return run(text.slice(0, cut + 1), '<w:rFonts w:eastAsia="楷体"/>') + run(text.slice(cut + 1));
}

function paragraph(b, auto, section) {
  const p = [];
  if (STYLE[b.kind] && !(b.kind === "h1" && b.text.endsWith("。"))) p.push(`<w:pStyle w:val="${STYLE[b.kind]}"/>`);
  const level = LEVEL[b.kind];
  if (level && auto)
    p.push(`<w:numPr><w:ilvl w:val="${level[1]}"/><w:numId w:val="${section * 3 + level[0]}"/></w:numPr>`);
  if (b.kind === "docno")
    p.push('<w:pBdr><w:bottom w:val="single" w:sz="12" w:space="4" w:color="C00000"/></w:pBdr>');
  if (b.kind === "para" || (b.kind === "h1" && b.text.endsWith("。")) || b.kind === "attach" || b.kind === "h2" || b.kind === "h3" || b.kind === "article")
    p.push('<w:ind w:firstLineChars="200" w:firstLine="640"/>');
  if (ALIGN[b.kind]) p.push(`<w:jc w:val="${ALIGN[b.kind]}"/>`);
  const label = level && !auto ? run(b.label) : "";
  const body = b.kind === "mark" ? run(b.text, '<w:b/><w:color w:val="C00000"/><w:sz w:val="56"/>')
    : level && b.kind !== "chapter" ? headed(b.text) : run(b.text);
  return `<w:p><w:pPr>${p.join("")}</w:pPr>${label}${body}</w:p>`;
}

function table(rows) {
  const border = ["top", "left", "bottom", "right", "insideH", "insideV"]
    .map((s) => `<w:${s} w:val="single" w:sz="4" w:space="0" w:color="000000"/>`).join("");
  const grid = rows[0].cells.map(() => '<w:gridCol w:w="1500"/>').join("");
  const tr = rows.map((r, i) => `<w:tr>${i ? "" : "<w:trPr><w:tblHeader/></w:trPr>"}${r.cells
    .map((c) => `<w:tc><w:tcPr><w:tcW w:w="0" w:type="auto"/></w:tcPr><w:p>${run(c, i ? "" : "<w:b/>")}</w:p></w:tc>`)
    .join("")}</w:tr>`).join("");
  return `<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>${border}</w:tblBorders></w:tblPr><w:tblGrid>${grid}</w:tblGrid>${tr}</w:tbl><w:p/>`;
}

function numbering(sections) {
  const lvl = (i, fmt, text) =>
    `<w:lvl w:ilvl="${i}"><w:start w:val="1"/><w:numFmt w:val="${fmt}"/><w:suff w:val="nothing"/><w:lvlText w:val="${text}"/></w:lvl>`;
  const abs = [
    lvl(0, "chineseCounting", "%1、") + lvl(1, "chineseCounting", "（%2）") + lvl(2, "decimal", "%3."),
    lvl(0, "chineseCountingThousand", "第%1章　"),
    lvl(0, "chineseCountingThousand", "第%1条　"),
  ].map((x, i) => `<w:abstractNum w:abstractNumId="${i + 1}"><w:multiLevelType w:val="multilevel"/>${x}</w:abstractNum>`).join("");
  let nums = "";
  for (let s = 0; s < sections; s++)
    for (let i = 1; i <= 3; i++)
      nums += `<w:num w:numId="${s * 3 + i}"><w:abstractNumId w:val="${i}"/>${s ? '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>' : ""}</w:num>`;
  return `${XML}<w:numbering ${W}>${abs}${nums}</w:numbering>`;
}

const styles = `${XML}<w:styles ${W}><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="仿宋"/><w:sz w:val="32"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:line="579" w:lineRule="exact"/></w:pPr></w:pPrDefault></w:docDefaults>
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/><w:basedOn w:val="Normal"/><w:rPr><w:rFonts w:eastAsia="宋体"/><w:b/><w:sz w:val="44"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:rFonts w:eastAsia="黑体"/></w:rPr></w:style></w:styles>`;

const footer = `${XML}<w:ftr ${W}><w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:t>— </w:t></w:r><w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple><w:r><w:t> —</w:t></w:r></w:p></w:ftr>`;

function core(doc) {
  const m = /(\d{4})年(\d+)月(\d+)日/.exec(doc.head.date ?? "");
  const day = m ? `${m[1]}-${m[2].padStart(2, "0")}-${m[3].padStart(2, "0")}` : doc.head.day ?? "2025-01-01";
  return `${XML}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>${esc(doc.head.titles.join(""))}</dc:title><dc:creator>演示</dc:creator><dcterms:created xsi:type="dcterms:W3CDTF">${day}T01:00:00Z</dcterms:created></cp:coreProperties>`;
}

export function docx(doc) {
  const auto = doc.head.auto !== "no", all = lines(doc), out = [];
  let section = 0;
  for (let i = 0; i < all.length; i++) {
    if (all[i].kind === "title" && i > 4 && all[i - 1].kind !== "title") section++;
    if (all[i].kind !== "row") { out.push(paragraph(all[i], auto, section)); continue; }
    const rows = [];
    while (i < all.length && all[i].kind === "row") rows.push(all[i++]);
    i--;
    out.push(table(rows));
  }
  const body = `${XML}<w:document ${W} xmlns:r="${REL}"><w:body>${out.join("\n")}<w:sectPr><w:footerReference w:type="default" r:id="rId3"/><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1588" w:header="851" w:footer="992" w:gutter="0"/></w:sectPr></w:body></w:document>`;
  const type = (p, t) => `<Override PartName="${p}" ContentType="application/vnd.openxmlformats-${t}+xml"/>`;
  const ww = "officedocument.wordprocessingml";
  const rel = (id, t, target) => `<Relationship Id="${id}" Type="${t}" Target="${target}"/>`;
  const RELS = `${XML}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`;
  return zip([
    ["[Content_Types].xml", `${XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${type("/word/document.xml", `${ww}.document.main`)}${type("/word/styles.xml", `${ww}.styles`)}${type("/word/numbering.xml", `${ww}.numbering`)}${type("/word/footer1.xml", `${ww}.footer`)}${type("/docProps/core.xml", "package.core-properties")}</Types>`],
    ["_rels/.rels", `${RELS}${rel("rId1", REL + "/officeDocument", "word/document.xml")}${rel("rId2", "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties", "docProps/core.xml")}</Relationships>`],
    ["word/document.xml", body],
    ["word/_rels/document.xml.rels", `${RELS}${rel("rId1", REL + "/styles", "styles.xml")}${rel("rId2", REL + "/numbering", "numbering.xml")}${rel("rId3", REL + "/footer", "footer1.xml")}</Relationships>`],
    ["word/styles.xml", styles],
    ["word/numbering.xml", numbering(section + 1)],
    ["word/footer1.xml", footer],
    ["docProps/core.xml", core(doc)],
  ]);
}
