// Pages as a Word document: headings, numbered and marked lists, tables with merged cells; a page begins on a new page.
import type * as docx from 'docx';
import type { ILevelsOptions, Paragraph, ParagraphChild, Table } from 'docx';
import type { ExportPage } from './export-page.ts';
import { partsOf } from './parts.ts';
import type { ListItem, Part } from './parts.ts';
import type { TextTable } from './table-text.ts';
import { printable } from './xml.ts';

type Docx = typeof docx;
type Block = Paragraph | Table;

/** What fits between the margins of a page, in pixels of the format's 96 to the inch. */
const widestPicture = 600;

/** Writes the parts; every numbered list gets a numbering of its own, or it would count on from the last one. */
class DocxWriter {
  readonly numberings: { reference: string; levels: ILevelsOptions[] }[] = [];
  readonly #docx: Docx;

  constructor(docx: Docx) {
    this.#docx = docx;
  }

  blocksOf(part: Part): Block[] {
    const { HeadingLevel, Paragraph, TextRun } = this.#docx;
    switch (part.kind) {
      case 'heading':
        return [new Paragraph({ heading: part.level === 1 ? HeadingLevel.HEADING_1 : HeadingLevel.HEADING_2, children: this.#text(part.text) })];
      case 'paragraphs':
        return part.texts.map((text) => new Paragraph({ children: this.#text(text), spacing: { after: 120 } }));
      case 'list':
        return this.#list(part.items);
      case 'table':
        // Word wants a paragraph between two tables, and after the last.
        return [this.#table(part.table), new Paragraph({})];
      case 'caption':
        return [this.#caption(part.text)];
      case 'footnotes':
        return part.texts.map((text) => new Paragraph({ children: [new TextRun({ text: printable(text), size: 18 })] }));
      case 'figure':
        return [...(part.picture ? [this.#picture(part.picture, part.texts.join(' · '))] : part.texts.map((text) => new Paragraph({ children: this.#text(text) }))), ...(part.caption === null ? [] : [this.#caption(part.caption)])];
      case 'lines':
        return [new Paragraph({ children: part.texts.map((text, at) => new TextRun({ text: printable(text), ...(at > 0 && { break: 1 }) })), spacing: { after: 120 } })];
    }
  }

  #caption(text: string): Paragraph {
    return new this.#docx.Paragraph({ children: [new this.#docx.TextRun({ text: printable(text), italics: true, size: 18 })], spacing: { after: 120 } });
  }

  #picture(png: Uint8Array, words: string): Paragraph {
    // Width and height stand in the first chunk of a PNG.
    const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
    const width = view.getUint32(16), height = view.getUint32(20), scale = Math.min(1, widestPicture / width);
    const description = words || 'Figure';
    return new this.#docx.Paragraph({ children: [new this.#docx.ImageRun({ type: 'png', data: png, transformation: { width: Math.round(width * scale), height: Math.round(height * scale) }, altText: { name: description, description, title: description } })], keepNext: true });
  }

  #text(text: string): ParagraphChild[] {
    return [new this.#docx.TextRun(printable(text))];
  }

  /** Every depth that counts gets its numbers, every other its bullets. */
  #list(items: readonly ListItem[]): Block[] {
    const { AlignmentType, LevelFormat, Paragraph } = this.#docx;
    const depths = [...new Set(items.map(({ level }) => level))].sort((a, b) => a - b);
    const own = (level: number): ListItem[] => items.filter((item) => item.level === level);
    const counts = (level: number): boolean => own(level).every(({ number }, at, all) => number !== null && all[0]!.number !== null && number === all[0]!.number + at);
    const counted = depths.filter(counts);
    const reference = `list-${this.numberings.length + 1}`;
    if (counted.length) {
      this.numberings.push({
        reference,
        levels: counted.map((level) => ({ level, format: LevelFormat.DECIMAL, text: `%${level + 1}.`, start: own(level)[0]!.number!, alignment: AlignmentType.START, style: { paragraph: { indent: { left: 720 * (level + 1), hanging: 360 } } } })),
      });
    }
    return items.map(({ mark, number, text, level }) => {
      if (counted.includes(level)) return new Paragraph({ children: this.#text(text), numbering: { reference, level } });
      if (number === null) return new Paragraph({ children: this.#text(text), bullet: { level } });
      return new Paragraph({ children: this.#text(mark + text), indent: { left: 360 * (level + 1) } });
    });
  }

  #table({ rows, columns, cells }: TextTable): Table {
    const { Paragraph, Table: DocxTable, TableCell, TableRow, WidthType } = this.#docx;
    const isCovered = (row: number, column: number): boolean => cells.some((one) => row >= one.row && row < one.row + one.rowSpan && column >= one.column && column < one.column + one.columnSpan);
    const rowOf = (row: number): InstanceType<Docx['TableRow']> => {
      const children = [];
      for (let column = 0; column < columns; column++) {
        const cell = cells.find((one) => one.row === row && one.column === column);
        if (cell) children.push(new TableCell({ children: [new Paragraph({ children: this.#text(cell.text) })], rowSpan: cell.rowSpan, columnSpan: cell.columnSpan }));
        else if (!isCovered(row, column)) children.push(new TableCell({ children: [new Paragraph({})] }));
      }
      return new TableRow({ children });
    };
    return new DocxTable({ rows: Array.from({ length: rows }, (_, row) => rowOf(row)), width: { size: 100, type: WidthType.PERCENTAGE } });
  }
}

export async function exportDocx(pages: readonly ExportPage[]): Promise<Uint8Array> {
  const writerLibrary = await import('docx');
  const writer = new DocxWriter(writerLibrary);
  const sections = pages.map((page) => ({ children: partsOf(page).flatMap((part) => writer.blocksOf(part)) }));
  const document = new writerLibrary.Document({ creator: 'Lectern', sections, numbering: { config: writer.numberings } });
  return writerLibrary.Packer.toBuffer(document);
}
