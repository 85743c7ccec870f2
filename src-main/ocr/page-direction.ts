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
/** So many are read before anything is concluded. */
const fewSamples = 3;
const sureQuality = 0.85;
/** Another direction must read this much better than the one that the boxes suggest. */
const directionMargin = 0.08;

/** The quad as read on the page turned by `rotation`: its first corner is the upright text's top left. */
export function uprightQuad(quad: Quad, rotation: Rotation): Quad {
  return turnQuad(quad, { 0: 0, 90: 3, 180: 2, 270: 1 }[rotation]);
}

/** Where a quad of the page turned by `rotation` lies on the stored one of this size; it reads the same way. */
export function storedQuad(quad: Quad, rotation: Rotation, { width, height }: { readonly width: number; readonly height: number }): Quad {
  const back = ([x, y]: readonly [number, number]): [number, number] => (rotation === 90 ? [y, height - x] : rotation === 180 ? [width - x, height - y] : rotation === 270 ? [width - y, x] : [x, y]);
  return [back(quad[0]), back(quad[1]), back(quad[2]), back(quad[3])];
}

/** A line of one or two characters is shorter than this many of its heights, and a table has this share of them. */
const shortLine = 2.2, shortShare = 0.25;

export function hasShortLines(quads: readonly Quad[]): boolean {
  const short = quads.filter((quad) => lengthOf(quad) < shortLine * Math.min(sideLengths(quad).width, sideLengths(quad).height));
  return short.length >= shortShare * quads.length;
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

interface Candidate {
  readonly rotation: Rotation;
  readonly stacked: boolean;
}

const qualityOf = (readings: readonly LineReading[]): number => (readings.length ? readings.reduce((sum, one) => sum + one.quality, 0) / readings.length : 0);

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
    const candidates: Candidate[] = fixed !== null
      ? [{ rotation: fixed, stacked: false }]
      : standing
        ? [{ rotation: 90, stacked: false }, { rotation: 270, stacked: false }, { rotation: 0, stacked: true }]
        : [{ rotation: 0, stacked: false }, { rotation: 180, stacked: false }];
    const chosen = await this.#choose(candidates, samples, standing);
    return { ...chosen, scripts: scriptsOf(await this.#judge(await this.#cut(chosen, samples), true)) };
  }

  /**
   * A few samples first, one script after the other: text that is held right reads well in its own script and in no other
   * way, so the first good reading decides. Only where there is none, all samples are compared in all scripts.
   */
  async #choose(candidates: readonly Candidate[], samples: readonly Quad[], standing: boolean): Promise<Candidate> {
    if (candidates.length === 1) return candidates[0]!;
    const few = samples.length <= fewSamples ? samples : [0.2, 0.5, 0.8].map((at) => samples[Math.floor(at * samples.length)]!);
    for (const script of ['chinese', 'korean', 'japanese'] as const) {
      const tried: { candidate: Candidate; quality: number }[] = [];
      for (const candidate of candidates) {
        if (candidate.stacked && script === 'korean') continue;
        const lines = await this.#cut(candidate, few);
        const quality = qualityOf(await inLanes(lines, (line) => this.#reader.readOnce(script, line, this.#job.signal)));
        // What the boxes suggest is believed at once; anything else has to read clearly better.
        if (quality >= sureQuality && (tried.length === 0 || quality > Math.max(...tried.map((one) => one.quality)) + directionMargin)) return candidate;
        tried.push({ candidate, quality });
      }
    }
    let best: { candidate: Candidate; quality: number } | null = null;
    for (const candidate of candidates) {
      const quality = qualityOf(await this.#judge(await this.#cut(candidate, samples), false));
      // The boxes alone say that a page of wide lines is upright; of tall lines they say nothing.
      if (!best || quality > best.quality + (standing ? 0 : directionMargin)) best = { candidate, quality };
    }
    return best!.candidate;
  }

  async #cut({ rotation, stacked }: Candidate, quads: readonly Quad[]): Promise<CutLine[]> {
    if (stacked) return quads.map((quad) => cutStacked(this.#page, quad, 48, sampleAspect)?.line).filter((line) => line !== undefined);
    return Promise.all(quads.map((quad) => this.#reader.cut(this.#page, uprightQuad(quad, rotation), sampleAspect)));
  }

  /** The best reading of each line in any script. With `brief`, plain Latin ends the work early: most pages hold one script. */
  async #judge(lines: readonly CutLine[], brief: boolean): Promise<LineReading[]> {
    const readings: LineReading[] = [];
    const readOne = async (line: CutLine): Promise<LineReading> => {
      let best: LineReading | null = null;
      for (const script of ['chinese', 'korean', 'japanese'] as const) {
        const reading = await this.#reader.readOnce(script, line, this.#job.signal);
        if (!best || reading.quality > best.quality) best = reading;
        if (best.quality >= 0.9) break;
      }
      return best!;
    };
    for (let at = 0; at < lines.length; at += fewSamples) {
      readings.push(...(await inLanes(lines.slice(at, at + fewSamples), readOne)));
      if (brief && readings.every((reading) => reading.quality >= 0.93 && shownScript(reading) === 'latin')) break;
    }
    return readings;
  }
}

/** Scripts that good readings show, the most frequent first. */
function scriptsOf(readings: readonly LineReading[]): Script[] {
  const votes = new Map<Script, number>();
  for (const reading of readings) {
    const script = shownScript(reading);
    // A bad reading shows a script by accident.
    if (script && reading.quality > 0.5) votes.set(script, (votes.get(script) ?? 0) + reading.quality * reading.characters.length);
  }
  // Kana are never alone: with some on the page, its lines of Han characters are Japanese, too.
  const kana = votes.get('japanese') ?? 0, han = votes.get('chinese') ?? 0;
  if (kana > 0.15 * han && han > 0) {
    votes.set('japanese', kana + han);
    votes.delete('chinese');
  }
  const scripts = [...votes].sort((a, b) => b[1] - a[1]).map(([script]) => script);
  return scripts.length ? scripts : ['latin'];
}
