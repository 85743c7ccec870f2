// A TrueType font of one empty glyph, a full em wide: what invisible text is written in, for every script alike.
// @source OpenType 1.9, the tables that ISO 32000-1, 9.9 asks of a CIDFontType2

export const unitsPerEm = 1000;
/** How far the glyph's box reaches over and under the baseline: a viewer marks selected text that high. */
export const ascent = 800;
export const descent = -200;

/** Big-endian fields: [bytes, value]. */
type Field = readonly [size: 1 | 2 | 4, value: number];

function bytesOf(fields: readonly Field[]): Buffer {
  const buffer = Buffer.alloc(fields.reduce((sum, [size]) => sum + size, 0));
  let at = 0;
  for (const [size, value] of fields) {
    // Two's complement for the negative ones.
    buffer.writeUIntBE(value < 0 ? value + 2 ** (8 * size) : value, at, size);
    at += size;
  }
  return buffer;
}

/** Glyph 0 is .notdef, which PDF/A forbids to use; glyph 1 is ours. Both are empty. */
const glyphCount = 2;

const tables: readonly (readonly [tag: string, content: Buffer])[] = [
  // Pictures of an em, 1 Jan 2000, smallest size 8, long offsets.
  ['head', bytesOf([[2, 1], [2, 0], [4, 0x10000], [4, 0], [4, 0x5f0f3cf5], [2, 0b1011], [2, unitsPerEm], [4, 0], [4, 3_029_529_600], [4, 0], [4, 3_029_529_600], [2, 0], [2, descent], [2, unitsPerEm], [2, ascent], [2, 0], [2, 8], [2, 2], [2, 1], [2, 0]])],
  ['hhea', bytesOf([[4, 0x10000], [2, ascent], [2, descent], [2, 0], [2, unitsPerEm], [2, 0], [2, 0], [2, unitsPerEm], [2, 1], [2, 0], [2, 0], [4, 0], [4, 0], [2, 0], [2, glyphCount]])],
  ['maxp', bytesOf([[4, 0x10000], [2, glyphCount], [2, 0], [2, 0], [2, 0], [2, 0], [2, 1], [2, 0], [2, 0], [2, 0], [2, 0], [2, 0], [2, 0], [2, 0], [2, 0]])],
  ['hmtx', bytesOf([[2, unitsPerEm], [2, 0], [2, unitsPerEm], [2, 0]])],
  ['loca', bytesOf([[4, 0], [4, 0], [4, 0]])],
  // May not be empty; no glyph reaches into it.
  ['glyf', bytesOf([[4, 0]])],
];

function checksum(content: Buffer): number {
  const padded = Buffer.concat([content, Buffer.alloc((4 - (content.length % 4)) % 4)]);
  let sum = 0;
  for (let at = 0; at < padded.length; at += 4) sum = (sum + padded.readUInt32BE(at)) >>> 0;
  return sum;
}

function build(): Uint8Array {
  const sorted = [...tables].sort(([a], [b]) => (a < b ? -1 : 1));
  const powers = Math.floor(Math.log2(sorted.length));
  const header = bytesOf([[4, 0x10000], [2, sorted.length], [2, 16 * 2 ** powers], [2, powers], [2, 16 * sorted.length - 16 * 2 ** powers]]);
  let offset = header.length + 16 * sorted.length;
  const directory: Buffer[] = [], contents: Buffer[] = [];
  let headAt = 0;
  for (const [tag, content] of sorted) {
    if (tag === 'head') headAt = offset;
    directory.push(Buffer.concat([Buffer.from(tag, 'latin1'), bytesOf([[4, checksum(content)], [4, offset], [4, content.length]])]));
    const padded = Buffer.concat([content, Buffer.alloc((4 - (content.length % 4)) % 4)]);
    contents.push(padded);
    offset += padded.length;
  }
  const font = Buffer.concat([header, ...directory, ...contents]);
  // The whole file sums up to this number.
  font.writeUInt32BE((0xb1b0afba - checksum(font)) >>> 0, headAt + 8);
  return new Uint8Array(font);
}

/** Built once: always the same bytes. */
export const glyphlessFont = build();
