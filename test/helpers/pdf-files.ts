// Writes small PDFs for tests: text, pictures, invisible layers, passwords, broken ones. Written by hand so that each may be
// wrong in exactly one way. Knows nothing of how they are read.
import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';

/** Points, from the page's bottom left. */
export interface PdfText { readonly text: string; readonly x: number; readonly y: number; readonly size?: number; /** 3 paints nothing. */ readonly mode?: number; /** Degrees, counterclockwise. */ readonly angle?: number }
export interface PdfPage {
  readonly width?: number;
  readonly height?: number;
  readonly texts?: readonly PdfText[];
  /** A JPEG over the whole page, or over a part of it (points). */
  readonly picture?: { readonly jpeg: Uint8Array; readonly width: number; readonly height: number; readonly at?: readonly [x: number, y: number, width: number, height: number] };
  /** Paints over everything drawn so far. */
  readonly cover?: string;
  /** The page's own /Rotate. */
  readonly rotate?: number;
}
export interface PdfOptions {
  /** Needed to open it. */
  readonly password?: string;
  /** Replaces what the font says its letters are: `{ e: 'x' }` draws e and says x. */
  readonly lies?: Readonly<Record<string, string>>;
}

const latin = (text: string): Buffer => Buffer.from(text, 'latin1');

/** @source Rivest's RC4, as the PDF standard's first security handler wants it */
function rc4(key: Uint8Array, data: Uint8Array): Buffer {
  const state = Uint8Array.from({ length: 256 }, (_, at) => at);
  for (let at = 0, other = 0; at < 256; at++) {
    other = (other + state[at]! + key[at % key.length]!) & 255;
    [state[at], state[other]] = [state[other]!, state[at]!];
  }
  const out = Buffer.alloc(data.length);
  for (let at = 0, i = 0, j = 0; at < data.length; at++) {
    i = (i + 1) & 255;
    j = (j + state[i]!) & 255;
    [state[i], state[j]] = [state[j]!, state[i]!];
    out[at] = data[at]! ^ state[(state[i]! + state[j]!) & 255]!;
  }
  return out;
}

const md5 = (...parts: Uint8Array[]): Buffer => {
  const hash = createHash('md5');
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const padding = Buffer.from('28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a', 'hex');
const padded = (password: string): Buffer => Buffer.concat([latin(password), padding]).subarray(0, 32);

function escaped(text: string): string {
  return text.replace(/[\\()]/g, '\\$&');
}

function contentOf(page: PdfPage): string {
  const { width = 595, height = 842 } = page;
  const parts: string[] = [];
  if (page.picture) {
    const [x, y, w, h] = page.picture.at ?? [0, 0, width, height];
    parts.push(`q ${w} 0 0 ${h} ${x} ${y} cm /Im Do Q`);
  }
  for (const { text, x, y, size = 12, mode = 0, angle = 0 } of page.texts ?? []) {
    const turn = (angle * Math.PI) / 180, cos = Math.cos(turn), sin = Math.sin(turn);
    parts.push(`BT /F ${size} Tf ${mode} Tr ${[cos, sin, -sin, cos].map((one) => one.toFixed(5)).join(' ')} ${x} ${y} Tm (${escaped(text)}) Tj ET`);
  }
  if (page.cover) parts.push(page.cover);
  return parts.join('\n');
}

const unicode = (text: string): string => [...text].map((one) => one.charCodeAt(0).toString(16).padStart(4, '0')).join('');

/** What the font says its letters are. */
function toUnicode(lies: Readonly<Record<string, string>>): string {
  const pairs = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at)).map((one) => `<${one.charCodeAt(0).toString(16)}> <${unicode(lies[one] ?? one)}>`);
  return `/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Own def /CMapType 2 def
1 begincodespacerange <00> <ff> endcodespacerange
${pairs.length} beginbfchar
${pairs.join('\n')}
endbfchar endcmap end end`;
}

/** A whole file. */
export function pdfOf(pages: readonly PdfPage[], options: PdfOptions = {}): Buffer {
  const objects: { dictionary: string; stream?: Buffer }[] = [];
  const add = (dictionary: string, stream?: Buffer): number => objects.push(stream ? { dictionary, stream } : { dictionary });
  add('<< /Type /Catalog /Pages 2 0 R >>');
  add('');
  const map = options.lies ? add('', latin(toUnicode(options.lies))) : 0;
  const font = add(`<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding${map ? ` /ToUnicode ${map} 0 R` : ''} >>`);
  const pictures = new Map<Uint8Array, number>();
  const kids = pages.map((page) => {
    const { width = 595, height = 842, picture, rotate } = page;
    if (picture && !pictures.has(picture.jpeg)) {
      pictures.set(picture.jpeg, add(`/Type /XObject /Subtype /Image /Width ${picture.width} /Height ${picture.height} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode`, Buffer.from(picture.jpeg)));
    }
    const content = add('/Filter /FlateDecode', deflateSync(latin(contentOf(page))));
    const image = picture ? ` /XObject << /Im ${pictures.get(picture.jpeg)} 0 R >>` : '';
    return add(`<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${width} ${height}]${rotate ? ` /Rotate ${rotate}` : ''} /Resources << /Font << /F ${font} 0 R >>${image} >> /Contents ${content} 0 R >>`);
  });
  objects[1] = { dictionary: `<< /Type /Pages /Count ${kids.length} /Kids [${kids.map((kid) => `${kid} 0 R`).join(' ')}] >>` };

  const id = md5(latin(String(pages.length)));
  let key: Buffer | null = null, encrypt = '';
  if (options.password !== undefined) {
    const owner = rc4(md5(padded(options.password)).subarray(0, 5), padded(options.password));
    const permissions = Buffer.alloc(4);
    permissions.writeInt32LE(-4);
    key = md5(padded(options.password), owner, permissions, id).subarray(0, 5);
    encrypt = ` /Encrypt << /Filter /Standard /V 1 /R 2 /O <${owner.toString('hex')}> /U <${rc4(key, padding).toString('hex')}> /P -4 >>`;
  }
  const chunks: Buffer[] = [latin('%PDF-1.4\n%\xe2\xe3\xcf\xd3\n')];
  const offsets: number[] = [];
  let length = chunks[0]!.length;
  const write = (chunk: Buffer): void => {
    chunks.push(chunk);
    length += chunk.length;
  };
  objects.forEach(({ dictionary, stream }, at) => {
    offsets.push(length);
    const number = at + 1;
    if (!stream) return write(latin(`${number} 0 obj\n${dictionary}\nendobj\n`));
    const data = key ? rc4(md5(key, Buffer.from([number & 255, (number >> 8) & 255, (number >> 16) & 255, 0, 0])).subarray(0, 10), stream) : stream;
    write(latin(`${number} 0 obj\n<< ${dictionary} /Length ${data.length} >>\nstream\n`));
    write(data);
    write(latin('\nendstream\nendobj\n'));
  });
  const start = length;
  write(latin(`xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')}`));
  write(latin(`trailer\n<< /Size ${objects.length + 1} /Root 1 0 R /ID [<${id.toString('hex')}> <${id.toString('hex')}>]${encrypt} >>\nstartxref\n${start}\n%%EOF\n`));
  return Buffer.concat(chunks);
}

/** A picture file as a PDF page holds it. */
export async function jpegOf(path: string): Promise<{ jpeg: Uint8Array; width: number; height: number }> {
  const { data, info } = await sharp(path).flatten({ background: 'white' }).toColourspace('srgb').jpeg({ quality: 88 }).toBuffer({ resolveWithObject: true });
  return { jpeg: data, width: info.width, height: info.height };
}

const sentences = [
  'The harbour office opens at seven and closes at half past four.', 'Every crate is weighed twice before it leaves the quay.', 'Invoices are due within thirty days of the date above.',
  'Two copies of this form go to the warehouse, one to the driver.', 'Nothing in this list replaces the conditions of the contract.', 'Return the empty pallets with the next delivery, please.',
  'The scale was last checked in March and found to be exact.', 'Damage must be reported on the day on which it is seen.', 'Keys are kept in the grey cabinet behind the front desk.',
  'Visitors sign the book and wear the yellow badge at all times.',
];

/** Lines of plain English, different on every page. */
export function prosePage(page: number, lines = 24): PdfText[] {
  return Array.from({ length: lines }, (_, at) => ({ text: at === 0 ? `Page ${page + 1} of the harbour book` : sentences[(page * 7 + at * 3) % sentences.length]!, x: 72, y: 770 - at * 28, size: at === 0 ? 20 : 12 }));
}
