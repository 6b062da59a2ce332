// PDFs through Chromium (fonts: Noto, subset by it), and a "scan": the page as a picture only.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import zlib from "node:zlib";
import { html } from "./text.mjs";

const CSS = `@page{size:A4;margin:37mm 26mm 35mm 28mm}body{font:16pt/29pt "Noto Serif CJK SC";margin:0;text-align:justify}
p{margin:0;text-indent:2em}h1{font-size:20pt;text-align:center;line-height:34pt;margin:14pt 0}h1+h1{margin-top:-14pt}h2{font:bold 16pt/29pt "Noto Sans CJK SC";margin:0;text-indent:2em}
.mark{color:#c00;font-size:27pt;line-height:56pt;letter-spacing:-.5pt;white-space:nowrap;text-align:center;text-indent:0;font-weight:bold}
.docno{text-align:center;text-indent:0;border-bottom:2pt solid #c00;padding-bottom:8pt}.to,.cc,.print{text-indent:0}
.sign,.date{text-align:right;margin-right:4em}.sub,.centre{text-align:center;text-indent:0}table{border-collapse:collapse;width:100%}td{border:1px solid #000;padding:0 4px;font-size:12pt}`;
const CHROME = process.env.CHROMIUM ?? "chromium";

function chrome(page, args) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), "demo-"));
  const file = path.join(dir, "page.html"), out = path.join(dir, "out.png");
  fs.writeFileSync(file, page);
  try {
    execFileSync(CHROME, ["--headless", "--no-sandbox", "--disable-gpu", `--user-data-dir=${dir}/profile`, ...args(out), `file://${file}`], { stdio: "ignore" });
    return fs.readFileSync(out);
  } finally {
    fs.rmSync(dir, { recursive: true, force: true });
  }
}
const styled = (doc, extra) => html(doc).replace("</head>", `<style>${CSS}${extra}</style></head>`);

export const pdf = (doc) => chrome(styled(doc, ""), (out) => [`--print-to-pdf=${out}`, "--no-pdf-header-footer", "--print-to-pdf-no-header"]);

/** Rows of grey bytes out of an 8-bit, not interlaced PNG. */
function greyRows(png) {
  let at = 8, w = 0, h = 0, bpp = 0;
  const data = [];
  while (at < png.length) {
    const n = png.readUInt32BE(at), type = png.toString("latin1", at + 4, at + 8), body = png.subarray(at + 8, at + 8 + n);
    if (type === "IHDR") { w = body.readUInt32BE(0); h = body.readUInt32BE(4); bpp = { 2: 3, 6: 4 }[body[9]]; }
    if (type === "IDAT") data.push(body);
    at += 12 + n;
  }
  const raw = zlib.inflateSync(Buffer.concat(data)), rows = [];
  let prev = Buffer.alloc(w * bpp);
  for (let y = 0; y < h; y++) {
    const filter = raw[y * (w * bpp + 1)], cur = Buffer.from(raw.subarray(y * (w * bpp + 1) + 1, (y + 1) * (w * bpp + 1)));
    for (let i = 0; i < cur.length; i++) {
      const a = i < bpp ? 0 : cur[i - bpp], b = prev[i], c = i < bpp ? 0 : prev[i - bpp];
      const p = a + b - c, pa = Math.abs(p - a), pb = Math.abs(p - b), pc = Math.abs(p - c);
      cur[i] += [0, a, b, (a + b) >> 1, pa <= pb && pa <= pc ? a : pb <= pc ? b : c][filter];
    }
    const g = Buffer.alloc(w);
    for (let x = 0; x < w; x++) g[x] = (cur[x * bpp] * 3 + cur[x * bpp + 1] * 6 + cur[x * bpp + 2]) / 10;
    rows.push(g);
    prev = cur;
  }
  return { w, h, rows };
}

/** A page, a little askew and with specks, as a picture of four bits in a PDF without any text. */
export function scan(doc) {
  const W = 827, H = 1169, SCALE = 2; // A4 at 100 dpi, twice
  const spots = Array.from({ length: 60 }, (_, i) => `<i style="position:absolute;left:${(i * 137) % W}px;top:${(i * 263) % H}px;width:${1 + (i % 2)}px;height:1px;background:#777"></i>`).join("");
  const page = styled(doc, `html{background:#f4f2ec}body{width:600px;padding:120px 100px;font-size:16px;line-height:30px;transform:rotate(-.35deg);color:#222}h1{font-size:23px;line-height:36px}h2{font-size:16px;line-height:30px}.mark{font-size:30px;line-height:60px;color:#933}`).replace("</body>", spots + "</body>");
  const { w, h, rows } = greyRows(chrome(page, (out) => [`--screenshot=${out}`, `--window-size=${W},${H}`, `--force-device-scale-factor=${SCALE}`, "--hide-scrollbars"]));
  const packed = Buffer.concat(rows.map((g) => {
    const out = Buffer.alloc(Math.ceil(w / 2));
    for (let x = 0; x < w; x++) out[x >> 1] |= (g[x] >> 4) << (x & 1 ? 0 : 4);
    return out;
  }));
  const image = zlib.deflateSync(packed, { level: 9 });
  const draw = Buffer.from("q 595 0 0 842 0 0 cm /I Do Q");
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /XObject << /I 5 0 R >> >> /Contents 4 0 R >>",
    [`<< /Length ${draw.length} >>`, draw],
    [`<< /Type /XObject /Subtype /Image /Width ${w} /Height ${h} /ColorSpace /DeviceGray /BitsPerComponent 4 /Filter /FlateDecode /Length ${image.length} >>`, image],
  ];
  const parts = [Buffer.from("%PDF-1.5\n")], offs = [];
  let at = parts[0].length;
  objects.forEach((o, i) => {
    const b = Array.isArray(o)
      ? Buffer.concat([Buffer.from(`${i + 1} 0 obj\n${o[0]}\nstream\n`), o[1], Buffer.from("\nendstream\nendobj\n")])
      : Buffer.from(`${i + 1} 0 obj\n${o}\nendobj\n`);
    offs.push(at);
    at += b.length;
    parts.push(b);
  });
  const xref = offs.map((o) => `${String(o).padStart(10, "0")} 00000 n \n`).join("");
  parts.push(Buffer.from(`xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${xref}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${at}\n%%EOF\n`));
  return Buffer.concat(parts);
}
