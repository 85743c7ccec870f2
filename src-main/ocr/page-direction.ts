// Which way up a page is and which scripts it holds, judged by reading a few of its lines: there is no better witness of
// "upright" than a recogniser that can read it. Does not read the whole page.
import type { Script } from '@contract/document.ts';
import type { Quad, Rotation } from '@contract/geometry.ts';
import type { Job } from '../base/job.ts';
import type { Picture } from '../inference/image/picture.ts';
import { sideLengths, turnQuad } from './crop.ts';
import { shownScript, type CutLine, type LineReader, type LineReading } from './line-reader.ts';
import { inLanes } from './recogniser.ts';
import { cutStacked } from './stacked-text.ts';

/** How the lines of a page run: `stacked` is vertical Chinese or Japanese, upright characters one under the other. */
export interface PageDirection {
  readonly rotation: Rotation;
  readonly stacked: boolean;
  /** Scripts of the page, the most frequent first; never empty. */
  readonly scripts: readonly Script[];
}

const sampleCount = 8;
/** Samples are cut to this many heights. */
const sampleAspect = 10;
const sureQuality = 0.85;
/** Another direction must read this much better than the one that the boxes suggest. */
const directionMargin = 0.08;

/** The quad as read on the page turned by `rotation`: its first corner is the upright text's top left. */
export function uprightQuad(quad: Quad, rotation: Rotation): Quad {
  return turnQuad(quad, { 0: 0, 90: 3, 180: 2, 270: 1 }[rotation]);
}

/** Quads come as `quadOf` gives them: the first side runs to the right on the stored picture. */
function isTall(quad: Quad): boolean {
  const { width, height } = sideLengths(quad);
  return height > 1.5 * width;
}

function isWide(quad: Quad): boolean {
  const { width, height } = sideLengths(quad);
  return width > 1.5 * height;
}

const lengthOf = (quad: Quad): number => Math.max(sideLengths(quad).width, sideLengths(quad).height);

/** The lines with most to read in them: long for their height, but not all from one place. */
function samplesOf(quads: readonly Quad[]): Quad[] {
  const aspect = (quad: Quad): number => Math.min(sampleAspect, lengthOf(quad) / Math.max(1, Math.min(sideLengths(quad).width, sideLengths(quad).height)));
  const best = [...quads].sort((a, b) => aspect(b) - aspect(a)).slice(0, Math.max(sampleCount, Math.min(3 * sampleCount, Math.floor(quads.length / 2))));
  const spread = best.sort((a, b) => a[0][1] + a[0][0] - b[0][1] - b[0][0]);
  return Array.from({ length: Math.min(sampleCount, spread.length) }, (_, at) => spread[Math.floor(((at + 0.5) * spread.length) / Math.min(sampleCount, spread.length))]!);
}

interface Verdict {
  readonly quality: number;
  readonly readings: readonly LineReading[];
}

export class DirectionFinder {
  readonly #job: Job;
  readonly #reader: LineReader;
  readonly #page: Picture;

  constructor(job: Job, reader: LineReader, page: Picture) {
    this.#job = job;
    this.#reader = reader;
    this.#page = page;
  }

  /** `fixed` is a rotation the user chose. */
  async find(quads: readonly Quad[], fixed: Rotation | null): Promise<PageDirection> {
    if (quads.length === 0) return { rotation: fixed ?? 0, stacked: false, scripts: ['latin'] };
    const tall = quads.filter(isTall), wide = quads.filter(isWide);
    const weigh = (some: readonly Quad[]): number => some.reduce((sum, quad) => sum + lengthOf(quad), 0);
    const standing = weigh(tall) > 2 * weigh(wide);
    // Only lines along the prevailing direction can tell up from down.
    const samples = samplesOf(standing ? tall : wide.length ? wide : quads);
    if (fixed !== null) return this.#conclude(fixed, false, await this.#read(samples.map((quad) => uprightQuad(quad, fixed))));

    const candidates: { rotation: Rotation; stacked: boolean }[] = standing
      ? [{ rotation: 90, stacked: false }, { rotation: 270, stacked: false }, { rotation: 0, stacked: true }]
      : [{ rotation: 0, stacked: false }, { rotation: 180, stacked: false }];
    let best: { rotation: Rotation; stacked: boolean; verdict: Verdict } | null = null;
    for (const { rotation, stacked } of candidates) {
      const verdict = stacked ? await this.#readStacked(samples) : await this.#read(samples.map((quad) => uprightQuad(quad, rotation)));
      // The boxes alone say that a page of wide lines is upright; of tall lines they say nothing.
      const margin = best && !standing ? directionMargin : 0;
      if (!best || verdict.quality > best.verdict.quality + margin) best = { rotation, stacked, verdict };
      if (best.verdict.quality >= sureQuality) break;
    }
    return this.#conclude(best!.rotation, best!.stacked, best!.verdict);
  }

  async #read(quads: readonly Quad[]): Promise<Verdict> {
    return this.#judge(await inLanes(quads, (quad) => this.#reader.cut(this.#page, quad, sampleAspect)), ['chinese', 'korean', 'japanese']);
  }

  async #readStacked(quads: readonly Quad[]): Promise<Verdict> {
    return this.#judge(quads.map((quad) => cutStacked(this.#page, quad, 48, sampleAspect)?.line).filter((line) => line !== undefined), ['japanese', 'chinese']);
  }

  async #judge(lines: readonly CutLine[], scripts: readonly Script[]): Promise<Verdict> {
    const readings = await inLanes(lines, async (line) => {
      let best: LineReading | null = null;
      for (const script of scripts) {
        const reading = await this.#reader.readOnce(script, line, this.#job.signal);
        if (!best || reading.quality > best.quality) best = reading;
        if (best.quality >= 0.9) break;
      }
      return best!;
    });
    const quality = readings.length ? readings.reduce((sum, one) => sum + one.quality, 0) / readings.length : 0;
    return { quality, readings };
  }

  #conclude(rotation: Rotation, stacked: boolean, { readings }: Verdict): PageDirection {
    const votes = new Map<Script, number>();
    for (const reading of readings) {
      const script = shownScript(reading);
      // A bad reading shows a script by accident.
      if (script && reading.quality > 0.5) votes.set(script, (votes.get(script) ?? 0) + reading.quality * reading.characters.length);
    }
    // Kana are never alone: with some on the page, its lines of Han characters are Japanese, too.
    const kana = votes.get('japanese') ?? 0;
    if (kana > 0.15 * (votes.get('chinese') ?? 0) && votes.has('chinese')) {
      votes.set('japanese', kana + votes.get('chinese')!);
      votes.delete('chinese');
    }
    const scripts = [...votes].sort((a, b) => b[1] - a[1]).map(([script]) => script);
    return { rotation, stacked, scripts: scripts.length ? scripts : ['latin'] };
  }
}
