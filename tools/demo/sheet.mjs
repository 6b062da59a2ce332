// The tables of a document as xlsx or CSV: title row, header row, data rows, closing row.
import { zip } from "./zip.mjs";
import { CLOSING } from "./source.mjs";
import { esc } from "./docx.mjs";

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

const rowsOf = (doc) => doc.blocks.filter((b) => b.kind === "row").map((b) => b.cells);

export function xlsx(doc) {
  const rows = [[doc.head.titles.join("")], ...rowsOf(doc), [CLOSING]], strings = [];
  const share = (t) => (strings.includes(t) ? strings.indexOf(t) : strings.push(t) - 1);
  const cell = (t, c, r) => {
    const ref = String.fromCharCode(65 + c) + (r + 1);
    return /^-?\d+(\.\d+)?$/.test(t) ? `<c r="${ref}"><v>${t}</v></c>` : `<c r="${ref}" t="s"><v>${share(t)}</v></c>`;
  };
  const data = rows.map((r, i) => `<row r="${i + 1}">${r.map((t, c) => cell(t, c, i)).join("")}</row>`).join("");
  const last = String.fromCharCode(64 + rows[1].length);
  const RELS = `${XML}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`;
  const ct = (p, t) => `<Override PartName="${p}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.${t}+xml"/>`;
  return zip([
    ["[Content_Types].xml", `${XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${ct("/xl/workbook.xml", "sheet.main")}${ct("/xl/worksheets/sheet1.xml", "worksheet")}${ct("/xl/sharedStrings.xml", "sharedStrings")}</Types>`],
    ["_rels/.rels", `${RELS}<Relationship Id="rId1" Type="${REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>`],
    ["xl/workbook.xml", `${XML}<workbook xmlns="${MAIN}" xmlns:r="${REL}"><sheets><sheet name="台账" sheetId="1" r:id="rId1"/></sheets></workbook>`],
    ["xl/_rels/workbook.xml.rels", `${RELS}<Relationship Id="rId1" Type="${REL}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${REL}/sharedStrings" Target="sharedStrings.xml"/></Relationships>`],
    ["xl/worksheets/sheet1.xml", `${XML}<worksheet xmlns="${MAIN}"><sheetData>${data}</sheetData><mergeCells count="1"><mergeCell ref="A1:${last}1"/></mergeCells></worksheet>`],
    ["xl/sharedStrings.xml", `${XML}<sst xmlns="${MAIN}" uniqueCount="${strings.length}">${strings.map((s) => `<si><t>${esc(s)}</t></si>`).join("")}</sst>`],
  ]);
}

export function csv(doc) {
  const quote = (t) => (/[",\n]/.test(t) ? `"${t.replaceAll('"', '""')}"` : t);
  return "\ufeff" + [...rowsOf(doc), [CLOSING]].map((r) => r.map(quote).join(",")).join("\r\n") + "\r\n";
}
