// A small deterministic zip writer: deflate, no dates, names in UTF-8.
import zlib from "node:zlib";

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});
export function crc32(bytes) {
  let c = 0xffffffff;
  for (const b of bytes) c = TABLE[(c ^ b) & 255] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

/** files: [[name, string or Buffer], ...] in the order they shall stand. */
export function zip(files) {
  const parts = [], dir = [];
  let at = 0;
  for (const [name, content] of files) {
    const raw = Buffer.from(content), data = zlib.deflateRawSync(raw, { level: 9 });
    const n = Buffer.from(name);
    const head = Buffer.alloc(26);
    [20, 0x800, 8, 0, 0x21].forEach((v, i) => head.writeUInt16LE(v, i * 2));
    head.writeUInt32LE(crc32(raw), 10);
    head.writeUInt32LE(data.length, 14);
    head.writeUInt32LE(raw.length, 18);
    head.writeUInt16LE(n.length, 22);
    parts.push(Buffer.from("PK\x03\x04"), head, n, data);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(at, 10);
    dir.push(Buffer.from("PK\x01\x02\x14\x00", "latin1"), head, tail, n);
    at += 4 + 26 + n.length + data.length;
  }
  const central = Buffer.concat(dir), end = Buffer.alloc(18);
  end.writeUInt16LE(files.length, 4);
  end.writeUInt16LE(files.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...parts, central, Buffer.from("PK\x05\x06"), end]);
}
