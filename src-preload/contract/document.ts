// What the library holds: documents, their pages, and the text recognised on a page. Coordinates are page pixels.
import { z } from 'zod';
import { quad, rotation } from './geometry.ts';
import { wireError } from './errors.ts';
import { table } from './table.ts';

export const documentId = z.string().min(1);
export const pageId = z.string().min(1);

/** A run of characters between spaces (for Han and kana: a short run the recogniser kept together). */
export const word = z.object({ text: z.string(), quad, confidence: z.number().min(0).max(1) });
export type Word = z.infer<typeof word>;

/** Which recogniser read a line. */
export const script = z.enum(['latin', 'chinese', 'japanese', 'korean']);
export type Script = z.infer<typeof script>;

export const line = z.object({
  text: z.string(),
  quad,
  confidence: z.number().min(0).max(1),
  words: z.array(word),
  script,
  /** True when the text runs top to bottom. */
  vertical: z.boolean().optional(),
});
export type Line = z.infer<typeof line>;

/** A figure is ink without text; its region holds the words that stand in it, often none. */
export const regionRole = z.enum(['title', 'heading', 'paragraph', 'list', 'table', 'figure', 'caption', 'footnote', 'header', 'footer', 'other']);
export type RegionRole = z.infer<typeof regionRole>;

/**
 * Lines that belong together. Regions stand in reading order, and so do the lines in them. `table` is the structure of a table
 * where it was found or corrected; without it, rows and columns follow from where the lines stand.
 */
export const region = z.object({ role: regionRole, quad, lines: z.array(line), table: table.optional() });
export type Region = z.infer<typeof region>;

/** Something the reader wants said beside a page: never shrink or skip in silence. */
export const pageNote = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('display-reduced'), width: z.number(), height: z.number() }),
  z.object({ kind: z.literal('enlarged'), factor: z.number() }),
  z.object({ kind: z.literal('tiled'), tiles: z.number().int() }),
  z.object({ kind: z.literal('reduced'), factor: z.number() }),
  z.object({ kind: z.literal('blank') }),
  z.object({ kind: z.literal('animation'), frames: z.number().int() }),
  z.object({ kind: z.literal('damaged'), detail: z.string() }),
]);
export type PageNote = z.infer<typeof pageNote>;

/** Where a PDF page's text comes from, and why the file's own text was not (or not alone) taken. */
export const textSource = z.object({
  /** 'both': the file's text, and recognised text where the picture shows more. */
  road: z.enum(['text-layer', 'recognised', 'both']),
  /**
   * none: the file holds no text here. unmapped: its fonts do not say which letters they draw. no-ink: nothing stands where it says.
   * differs: the picture reads otherwise. outside: the picture shows text that the file's does not have.
   */
  reason: z.enum(['none', 'unmapped', 'no-ink', 'differs', 'outside']).nullable(),
});
export type TextSource = z.infer<typeof textSource>;

/** What reading a page gives. Width and height are the stored image's, after EXIF. */
export const pageText = z.object({
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  rotation,
  regions: z.array(region),
  notes: z.array(pageNote),
  /** Wall time of the reading. */
  readMs: z.number().nonnegative(),
  /** Pages of a PDF only: all others are recognised from their picture. */
  source: textSource.optional(),
});
export type PageText = z.infer<typeof pageText>;

export const pageStatus = z.enum(['waiting', 'reading', 'read', 'failed']);
export type PageStatus = z.infer<typeof pageStatus>;

export const page = z.object({
  id: pageId,
  documentId,
  /** Position in the document, from 0. */
  index: z.number().int().nonnegative(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  rotation,
  status: pageStatus,
  error: wireError.nullable(),
  notes: z.array(pageNote),
  lineCount: z.number().int().nonnegative(),
  /** Mean confidence of the page's lines, null while unread or empty. */
  confidence: z.number().min(0).max(1).nullable(),
  readMs: z.number().nonnegative().nullable(),
  /** Steps of correction that count, and those that were taken back and can be done again. */
  corrections: z.object({ made: z.number().int().nonnegative(), undone: z.number().int().nonnegative() }),
});
export type Page = z.infer<typeof page>;

export const fileFormat = z.enum(['png', 'jpeg', 'webp', 'tiff', 'gif', 'bmp', 'avif', 'svg', 'heic', 'pdf']);
export type FileFormat = z.infer<typeof fileFormat>;

export const documentStatus = z.enum(['preparing', 'ready', 'failed']);

/** A word or a few that a user puts on documents. */
export const tag = z.string().trim().min(1).max(60);

export const libraryDocument = z.object({
  id: documentId,
  title: z.string(),
  /** Name of the file it came from, without its folder. */
  fileName: z.string(),
  format: fileFormat,
  sizeBytes: z.number().int().nonnegative(),
  /** SHA-256 of the original's bytes, in hex. */
  contentHash: z.string(),
  status: documentStatus,
  error: wireError.nullable(),
  pageCount: z.number().int().nonnegative(),
  readCount: z.number().int().nonnegative(),
  failedCount: z.number().int().nonnegative(),
  /** Words that the user put on it, in alphabetical order. */
  tags: z.array(tag),
  /** Milliseconds since 1970. */
  createdAt: z.number().int(),
  deletedAt: z.number().int().nullable(),
});
export type LibraryDocument = z.infer<typeof libraryDocument>;

/** One place where a search found its text. */
export const searchHit = z.object({
  documentId,
  pageId,
  pageIndex: z.number().int(),
  /** Index of the line in the page's lines, counted through its regions in reading order. */
  lineIndex: z.number().int(),
  text: z.string(),
  /** [start, end) offsets of the matches in `text`, in UTF-16 units. */
  ranges: z.array(z.tuple([z.number().int(), z.number().int()])),
});
export type SearchHit = z.infer<typeof searchHit>;

/** The lines of a page in reading order. */
export function linesOf(text: { regions: readonly Region[] }): Line[] {
  return text.regions.flatMap((one) => one.lines);
}
