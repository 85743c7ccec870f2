// The built-in reader from a page's pixels to its text: detection, direction, recognition, spaces, order. Where a file brings
// text of its own, that is tried against the picture first. Holds the stages together; each is a file of its own.
// Knows no files and no library.
import type { Line, PageNote, PageText, Script, TextSource } from '@contract/document.ts';
import { boundsOf, type Quad, type Rotation } from '@contract/geometry.ts';
import { partOf, throwIfCancelled, type Job } from '../base/job.ts';
import { cropPicture } from '../inference/image/decode-image.ts';
import { turnPicture, type Picture } from '../inference/image/picture.ts';
import { openSession, type Session } from '../inference/session.ts';
import { withAccents } from './accents.ts';
import { arrange, boxIn, frameOf } from './arrange.ts';
import { sideLengths } from './crop.ts';
import { textOf, type ReadCharacter } from './ctc.ts';
import { withCurrencySigns } from './currency-signs.ts';
import { detectLines, overviewScale } from './detection.ts';
import { lanes, inLanes } from './recogniser.ts';
import { withBullet, withDashes } from './ink-marks.ts';
import { withWholeEnds } from './line-ends.ts';
import { withWholeHeadlines } from './line-joins.ts';
import { toldApart } from './look-alikes.ts';
import { LineReader, type LineReading, type OpenLine } from './line-reader.ts';
import { quadOf } from './min-area-rect.ts';
import { fasterModel } from './faster-graph.ts';
import { detectionModel } from './model-files.ts';
import { DirectionFinder, hasShortLines, storedQuad, uprightQuad, type PageDirection } from './page-direction.ts';
import { readingOrder } from './reading-order.ts';
import type { PdfCharacter } from './rasterize.ts';
import { gapsOf, spaceThreshold, trackedThreshold, withSpaces, type Gap } from './spacing.ts';
import { cutStacked } from './stacked-text.ts';
import { isMapped, leastLikeness, likeness, recognised, samplesOf, seenLines, showsMore, uncovered } from './text-layer-check.ts';
import { layerLines, layerRotation, type LayerLine } from './text-layer.ts';
import { partAlong, partDown, wordsOf } from './words.ts';

/** Lines read with less confidence are noise: a texture, a picture, a stamp's border. */
const leastConfidence = 0.35;
/** Beside a file's own text, pictures are looked at only for what is text beyond doubt. */
const surelyText = 0.7;
const allScripts: readonly Script[] = ['latin', 'chinese', 'korean', 'japanese'];
/** A column of characters is at least this many characters high. */
const columnAspect = 1.9;

interface CandidateLine extends OpenLine {
  readonly quad: Quad;
  readonly stacked: boolean;
  readonly alongLine?: (x: number) => number;
}

interface ReadLine {
  readonly quad: Quad;
  readonly reading: LineReading;
  readonly gaps: readonly Gap[];
  readonly stacked: boolean;
  readonly alongLine?: (x: number) => number;
}

interface Arranged extends Pick<PageText, 'rotation' | 'regions'> {
  readonly notes: readonly PageNote[];
  readonly source?: TextSource;
}

export class PageReader {
  #detection: Promise<Session> | null = null;
  readonly #lines = new LineReader();

  async #detectionSession(): Promise<Session> {
    this.#detection ??= fasterModel(detectionModel).then((model) => openSession(model, { threads: lanes, logId: 'detect' }));
    this.#detection.catch(() => (this.#detection = null));
    return this.#detection;
  }

  /** Frees the networks; they are opened again when needed. */
  async close(): Promise<void> {
    (await this.#detection?.catch(() => null))?.close();
    this.#detection = null;
    await this.#lines.close();
  }

  /**
   * Reads one page. `rotation` null: find it. `notes` are those of the decoding, `layer` the characters that the file says
   * stand on the page (null: it is of a kind that says nothing).
   * @throws job-cancelled, model-missing, model-file-damaged, runtime-missing, out-of-memory
   */
  async read(job: Job, page: Picture, rotation: Rotation | null, notes: readonly PageNote[] = [], layer: readonly PdfCharacter[] | null = null): Promise<PageText> {
    const started = performance.now();
    job.progress('detecting', 0.02);
    const trusted = layer && (await this.#tryLayer(job, page, layer));
    const text = trusted && 'lines' in trusted ? await this.#readBeside(job, page, trusted.lines, rotation) : await this.#recognise(job, page, rotation);
    const source = text.source ?? (trusted && 'road' in trusted ? trusted : null);
    const allNotes = [...notes, ...text.notes, ...(text.regions.length === 0 ? [{ kind: 'blank' } as const] : [])];
    return { width: page.width, height: page.height, rotation: text.rotation, regions: text.regions, notes: allNotes, readMs: performance.now() - started, ...(source && { source }) };
  }

  /**
   * Reads boxes that a person chose, one line each, in the given recogniser or whichever reads best; with `split`, as many lines
   * as a box holds. A box in which nothing can be read gives a line without text.
   * @throws job-cancelled, model-missing, model-file-damaged, runtime-missing, out-of-memory
   */
  async readBoxes(job: Job, page: Picture, boxes: readonly Quad[], { rotation, script, split }: { rotation: Rotation; script: Script | null; split: boolean }): Promise<Line[]> {
    const quads = split ? (await Promise.all(boxes.map((box) => this.#linesIn(job, page, box, rotation)))).flat() : boxes;
    const lines = await inLanes(quads, async (quad): Promise<ReadLine> => {
      throwIfCancelled(job);
      const line = await this.#lines.cut(page, quad);
      const best = script ? await this.#lines.readAs(script, line, job.signal) : await this.#lines.read(line, allScripts, job.signal);
      return finished({ quad, line, best, stacked: false });
    });
    return finishedLines(lines);
  }

  /** The lines of text inside a drawn box, or the box itself where it holds but one. */
  async #linesIn(job: Job, page: Picture, box: Quad, rotation: Rotation): Promise<Quad[]> {
    const { x, y, width, height } = boundsOf(box);
    const left = Math.max(0, Math.floor(x)), top = Math.max(0, Math.floor(y));
    const across = Math.min(page.width, Math.ceil(x + width)) - left, down = Math.min(page.height, Math.ceil(y + height)) - top;
    if (across < 8 || down < 8) return [uprightQuad(box, rotation)];
    const detection = await detectLines(job, await this.#detectionSession(), await cropPicture(page, left, top, across, down));
    if (detection.boxes.length < 2) return [uprightQuad(box, rotation)];
    const found = detection.boxes.map((one) => uprightQuad(quadOf(one.rect).map(([px, py]) => [px + left, py + top]) as Quad, rotation));
    const order = readingOrder(found.map((quad) => boxIn(frameOf([], { rotation, stacked: false, scripts: allScripts }), quad)));
    return order.flatMap((block) => block.rows.flat()).map((index) => found[index]!);
  }

  /** The file's own lines when the picture bears them out; else why not. */
  async #tryLayer(job: Job, page: Picture, layer: readonly PdfCharacter[]): Promise<{ lines: LayerLine[] } | TextSource> {
    const lines = layerLines(layer);
    if (lines.length === 0) return recognised('none');
    if (!isMapped(layer)) return recognised('unmapped');
    const seen = seenLines(page, lines);
    if (!seen || seen.length === 0) return recognised('no-ink');
    const samples = samplesOf(seen);
    const alike = await inLanes(samples, async (sample) => {
      throwIfCancelled(job);
      const reading = await this.#lines.read(await this.#lines.cut(page, sample.quad), [sample.script], job.signal);
      return likeness(sample.text, textOf(reading.characters));
    });
    const mean = alike.reduce((sum, one) => sum + one, 0) / Math.max(1, alike.length);
    return alike.length > 0 && mean < leastLikeness(seen) ? recognised('differs') : { lines: seen };
  }

  /** The file's lines, and what the picture shows besides them. */
  async #readBeside(job: Job, page: Picture, lines: readonly LayerLine[], rotation: Rotation | null): Promise<Arranged> {
    const turn = rotation ?? layerRotation(lines);
    const own: Line[] = lines.map(({ text, quad, confidence, words, script }) => ({ text, quad, confidence, words, script }));
    const upright: PageDirection = { rotation: turn, stacked: false, scripts: ['latin'] };
    const alone = (): Arranged => ({ rotation: turn, regions: arrange(page, own, upright, own.length), notes: [], source: { road: 'text-layer', reason: null } });
    if (!showsMore(page, own)) return alone();
    const detection = await detectLines(partOf(job, 0.1, 0.3), await this.#detectionSession(), page);
    const quads = uncovered(detection.boxes.map((box) => quadOf(box.rect)), own);
    if (quads.length === 0) return alone();
    const direction = await new DirectionFinder(job, this.#lines, page).find(quads, turn);
    const read = await this.#readLines(partOf(job, 0.4, 0.95), page, quads.map((quad) => uprightQuad(quad, direction.rotation)), direction);
    const more = finishedLines(read).filter((line) => line.confidence >= surelyText);
    if (more.length === 0) return alone();
    return { rotation: turn, regions: arrange(page, [...own, ...more], { ...direction, stacked: false }, own.length), notes: detection.notes, source: { road: 'both', reason: 'outside' } };
  }

  async #recognise(job: Job, page: Picture, rotation: Rotation | null): Promise<Arranged> {
    const detection = await detectLines(partOf(job, 0.02, 0.3), await this.#detectionSession(), page);
    throwIfCancelled(job);
    const quads = detection.boxes.map((box) => quadOf(box.rect));
    job.progress('orienting', 0.3);
    const direction = await new DirectionFinder(job, this.#lines, page).find(quads, rotation);
    const upright = direction.rotation === 0 || direction.stacked || !hasShortLines(quads) ? quads.map((quad) => uprightQuad(quad, direction.rotation)) : await this.#uprightLines(job, page, direction.rotation);
    const read = await this.#readLines(partOf(job, 0.4, 0.95), page, upright, direction);
    job.progress('arranging', 0.95);
    return { rotation: direction.rotation, regions: arrange(page, finishedLines(read), direction), notes: detection.notes };
  }

  /** The lines of a turned page, seen once more the right way up: short ones are found better so. */
  async #uprightLines(job: Job, page: Picture, rotation: Rotation): Promise<Quad[]> {
    const { boxes } = await detectLines(partOf(job, 0.3, 0.4), await this.#detectionSession(), turnPicture(page, rotation));
    return boxes.map((box) => storedQuad(quadOf(box.rect), rotation, page));
  }

  async #readLines(job: Job, page: Picture, detected: readonly Quad[], direction: PageDirection): Promise<ReadLine[]> {
    let done = 0;
    const quads = withWholeEnds(page, withWholeHeadlines(detected, overviewScale(page.width, page.height)));
    const found = await inLanes(quads, async (quad) => {
      throwIfCancelled(job);
      const line = await this.#readLine(job, page, quad, direction);
      job.progress('recognising', ++done / quads.length);
      return line;
    });
    const lines = found.filter((line) => line !== null);
    await this.#lines.tryOthers(lines.filter((line) => !line.stacked), direction.scripts, job.signal);
    await this.#lines.readTraditional(lines.filter((line) => !line.stacked), job.signal);
    await this.#lines.mendWords(lines.filter((line) => !line.stacked), job.signal);
    return withoutFragments(lines.map(finished).filter(({ reading }) => reading.confidence >= leastConfidence && textOf(reading.characters).trim() !== ''));
  }

  /** The best of the ways in which a box can be read: along, down, or turned. */
  async #readLine(job: Job, page: Picture, quad: Quad, { stacked, scripts }: PageDirection): Promise<CandidateLine | null> {
    const size = sideLengths(quad);
    if (size.width < 2 || size.height < 2) return null;
    const reader = this.#lines;
    const isTall = size.height > columnAspect * size.width;
    const candidates: CandidateLine[] = [];
    if (isTall && (stacked || scripts.includes('japanese') || scripts.includes('chinese'))) {
      const column = cutStacked(page, quad, 48);
      const script = scripts.includes('chinese') && !scripts.includes('japanese') ? 'chinese' : 'japanese';
      if (column) candidates.push({ quad, line: column.line, best: await reader.readAs(script, column.line, job.signal), stacked: true, alongLine: column.toColumn });
    }
    if (isTall && !stacked) {
      // Text that runs up or down the page's margin.
      for (const rotation of [90, 270] as const) {
        const turned = uprightQuad(quad, rotation);
        const line = await reader.cut(page, turned);
        const best = await reader.readAs(scripts[0]!, line, job.signal);
        candidates.push({ quad: turned, line, best, stacked: false });
        if (best.quality > 0.88) break;
      }
    }
    if (!isTall || size.height < 3 * size.width) {
      const line = await reader.cut(page, quad);
      candidates.push({ quad, line, best: await reader.read(line, scripts, job.signal), stacked: false });
    }
    return candidates.sort((a, b) => b.best.quality - a.best.quality)[0] ?? null;
  }
}

function finished({ quad, best, stacked, alongLine }: CandidateLine): ReadLine {
  const reading = stacked ? best : { ...best, characters: withDrawnSigns(best) };
  return { quad, reading, gaps: gapsOf(reading.characters, best.ink, best.stepWidth), stacked, ...(alongLine && { alongLine }) };
}

/** What the ink shows and recognisers leave out. */
function withDrawnSigns({ characters, ink, stepWidth }: LineReading): ReadCharacter[] {
  return withDashes(withCurrencySigns(withBullet(withAccents(characters, ink, stepWidth), ink, stepWidth), ink, stepWidth), ink, stepWidth);
}

/** Without the boxes that the detection found inside another line's box: parts of its letters. */
function withoutFragments(lines: readonly ReadLine[]): ReadLine[] {
  const bounds = lines.map(({ quad }) => boundsOf(quad));
  return lines.filter((line, at) => {
    if (line.reading.characters.length > 2) return true;
    const own = bounds[at]!;
    return !bounds.some((other, index) => {
      if (index === at || other.width * other.height < 4 * own.width * own.height) return false;
      const width = Math.min(own.x + own.width, other.x + other.width) - Math.max(own.x, other.x), height = Math.min(own.y + own.height, other.y + other.height) - Math.max(own.y, other.y);
      return width > 0 && height > 0 && width * height > 0.7 * own.width * own.height;
    });
  });
}

/** Puts in spaces and tells words apart. */
function finishedLines(read: readonly ReadLine[]): Line[] {
  // One threshold per way of writing: Korean words stand closer than Latin ones.
  const thresholds = new Map<boolean, number>();
  for (const korean of [false, true]) {
    const some = read.filter((line) => (line.reading.script === 'korean') === korean && !line.stacked);
    thresholds.set(korean, spaceThreshold(some.flatMap((line) => line.gaps), !korean));
  }
  return read.map((line) => {
    const { reading, gaps, quad, stacked } = line;
    const threshold = thresholds.get(reading.script === 'korean')!, tracked = stacked ? null : trackedThreshold(reading.characters, gaps, threshold);
    // In widely set print the recogniser's own spaces part letters, too.
    const solid = stacked || tracked !== null ? reading.characters.filter((one) => one.text.trim() !== '') : reading.characters;
    const characters = stacked ? solid : toldApart(withSpaces(solid, gaps, tracked ?? threshold, reading.stepWidth));
    return {
      text: textOf(characters), quad: roundQuad(quad), confidence: Math.min(1, reading.confidence), script: reading.script,
      words: wordsOf(characters, gaps, reading.ink.width, reading.stepWidth, stacked ? partDown(quad) : partAlong(quad), line.alongLine).map((word) => ({ ...word, quad: roundQuad(word.quad) })),
      ...(stacked && { vertical: true }),
    };
  });
}

const roundQuad = (quad: Quad): Quad => quad.map(([x, y]) => [Math.round(x * 10) / 10, Math.round(y * 10) / 10]) as Quad;
