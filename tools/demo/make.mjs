// Makes demo/documents and demo/refused out of tools/demo/source. Node's own modules only; PDFs
// need Chromium and the Noto CJK fonts and are made only with --pdf.
//   node tools/demo/make.mjs [--pdf] [--check]
// --check writes nothing: it compares (but PDFs) and checks demo/quotes.tsv against the texts.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { readSource } from "./source.mjs";
import { docx } from "./docx.mjs";
import { xlsx, csv } from "./sheet.mjs";
import { txt, md, html, eml, gb18030 } from "./text.mjs";
import { ofd } from "./ofd.mjs";
import { pdf, scan } from "./pdf.mjs";

const here = path.dirname(fileURLToPath(import.meta.url)), demo = path.join(here, "../../demo");
const source = path.join(here, "source");
const withPdf = process.argv.includes("--pdf"), checking = process.argv.includes("--check");
const docs = fs.readdirSync(source).sort().map((name) => readSource(source, name));
const DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

function bytes(doc, ext) {
  switch (ext) {
    case ".docx": return docx(doc);
    case ".xlsx": return xlsx(doc);
    case ".csv": return Buffer.from(csv(doc));
    case ".txt": return doc.head.encoding === "GB18030" ? gb18030(txt(doc)) : Buffer.from(txt(doc));
    case ".md": return Buffer.from(md(doc));
    case ".html": return Buffer.from(html(doc, doc.head.site));
    case ".ofd": return ofd(doc);
    case ".pdf": return withPdf ? (doc.head.scan ? scan(doc) : pdf(doc)) : null;
    case ".eml": return Buffer.from(eml(doc, doc.head.attach.map((name) => {
      const d = readSource(source, name + ".txt");
      return [d.head.titles.join("") + ".docx", DOCX, docx(d)];
    })));
    default: throw new Error(`${doc.name}: unknown format ${ext}`);
  }
}

const expected = new Set();
let made = 0, size = 0;
for (const doc of docs)
  for (const out of doc.head.out) {
    const file = path.join(demo, out), b = bytes(doc, path.extname(out));
    expected.add(path.resolve(file));
    if (!b) continue;
    made++;
    size += b.length;
    if (!checking) {
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, b);
    } else if (!fs.existsSync(file) || !fs.readFileSync(file).equals(b)) {
      console.error(`${out}: not what its source gives; run node tools/demo/make.mjs`);
      process.exitCode = 1;
    }
  }
for (const folder of ["documents", "refused"])
  for (const e of fs.readdirSync(path.join(demo, folder), { recursive: true, withFileTypes: true })) {
    const file = path.resolve(e.path ?? e.parentPath, e.name);
    if (e.isFile() && !expected.has(file)) {
      console.error(`${path.relative(demo, file)}: no source makes it`);
      process.exitCode = 1;
    }
  }

// What the metadata of each document should read as: for tests of what the program finds.
const GENRE = /(调研报告|会议纪要|通知|意见|通报|报告|请示|批复|函|纪要|决定|总结|讲话|简报|台账|登记簿)(（[^）]*）)*(　第.*期)?$/;
function expect(doc, out) {
  const h = doc.head, m = /(\d{4})年(\d+)月(\d+)日/.exec(h.date ?? h.sub ?? "");
  const title = h.titles.join(""), genre = h.genre ?? GENRE.exec(title)?.[1].replace("会议纪要", "纪要").replace("登记簿", "台账") ?? "";
  const day = m ? `${m[1]}-${m[2].padStart(2, "0")}-${m[3].padStart(2, "0")}` : "";
  return [out.replace("documents/", ""), title, /〔/.test(h.no ?? "") ? h.no : "", h.issuer ?? h.sign ?? "", day, genre, h.to ?? ""].join("\t");
}
const table = ["# 演示数据：每份文件的要素应当是什么，由 tools/demo/make.mjs 生成", "文件\t标题\t文号\t发文机关\t成文日期\t文种\t主送"]
  .concat(docs.flatMap((d) => d.head.out.filter((o) => o.startsWith("documents/")).map((o) => expect(d, o)))).join("\n") + "\n";
const tableFile = path.join(demo, "expected.tsv");
if (!checking) fs.writeFileSync(tableFile, table);
else if (fs.readFileSync(tableFile, "utf8") !== table) {
  console.error("expected.tsv: not what the sources give");
  process.exitCode = 1;
}

// Every quotation noted is in the draft, and what it should say is in the source.
const text = (name) => txt(docs.find((d) => d.head.out.includes("documents/" + name)) ?? (() => { throw new Error(`quotes.tsv: no document ${name}`); })());
const quotes = fs.readFileSync(path.join(demo, "quotes.tsv"), "utf8").split("\n").filter((l) => l && !l.startsWith("#")).slice(1);
for (const line of quotes) {
  const [draft, quoted, from, said, kind] = line.split("\t");
  if (!text(draft).includes(quoted)) { console.error(`quotes.tsv: ${draft} does not say: ${quoted}`); process.exitCode = 1; }
  if (!text(from).includes(said)) { console.error(`quotes.tsv: ${from} does not say: ${said}`); process.exitCode = 1; }
  if ((quoted === said) !== (kind === "一致")) { console.error(`quotes.tsv: “${kind}” is wrong: ${quoted}`); process.exitCode = 1; }
}
console.log(`${checking ? "checked" : "made"} ${made} files, ${size} bytes; ${quotes.length} quotations`);
