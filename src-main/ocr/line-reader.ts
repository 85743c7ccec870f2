// Reads one line: cuts its strip, runs the recogniser that the page's script asks for, and others only where that one is
// unsure. Owns the recognisers' sessions; does not know where a line stands among others.
import type { Script } from '@contract/document.ts';
import { partOfQuad, type Quad } from '@contract/geometry.ts';
import type { Picture } from '../inference/image/picture.ts';
import { isAlphabetic, isHan, isHangul, isKana, isTraditional } from './characters.ts';
import { cropStrip, sideLengths, stretchContrast, taller, type Strip } from './crop.ts';
import { confidenceOf, type ReadCharacter } from './ctc.ts';
import { withInkMarks } from './ink-marks.ts';
import { isSureHangul, mergeJapanese, mergeKorean, mergeTraditional } from './second-reading.ts';
import { asLatin, combined } from './combined-reading.ts';
import { doubtfulSpans, replacedSpan } from './doubtful-spans.ts';
import { coverageOf, inkOf, leavesInk, type LineInk } from './line-ink.ts';
import { recogniserModels, traditionalModel, type RecogniserModel } from './model-files.ts';
import { inLanes, openRecogniser, type Recogniser } from './recogniser.ts';
import { centreOf } from './spacing.ts';

export interface LineReading {
  readonly script: Script;
  readonly characters: readonly ReadCharacter[];
  readonly confidence: number;
  /** Confidence times the share of the ink that the characters explain: comparable between recognisers. */
  readonly quality: number;
  readonly ink: LineInk;
  readonly stepWidth: number;
}

/** A reading this good is right: no other recogniser is asked. */
const sureQuality = 0.88;
/** A line of nothing but Hangul, read this well, needs no second network for its marks. */
const plainQuality = 0.96;
/** A line of Latin letters read this well and whole is not read a second time: up to `sureQuality` that gained nothing and cost a tenth of the time. */
const latinQuality = 0.8;
/** Below this, scripts that the page has not shown yet are tried, too. */
const doubtfulQuality = 0.75;
/** Networks that read crisp edges and full contrast better; the others were trained on plain enlargements. See docs/experiments.md. */
const crispScripts: ReadonlySet<Script> = new Set(['korean', 'japanese']);
/** Blurred dense characters are told apart better when they are drawn this much smaller. Latin letters are not, nor clean prints. */
const smallerFactor = 1.25;
/** How much better another script must read a line than the page's own: one that the page holds, and a new one. */
const knownMargin = 0.04, newMargin = 0.12;
/** Lines read worse than this are no text of which a word is missing. */
const leastMended = 0.45;
/** Paper left around a word that is read by itself, in heights of the ink. */
const wordPad = 0.14;
/** Lines on which a new script is tried before it is given up. */
const probes = 4;
/** Share of a page's Han characters from which on it is traditional Chinese. */
const leastTraditional = 0.04;
const allScripts: readonly Script[] = ['chinese', 'latin', 'korean', 'japanese'];

/** A line with the best reading so far. */
export interface OpenLine {
  readonly line: CutLine;
  best: LineReading;
}

export interface CutLine {
  readonly strip: Strip;
  readonly ink: LineInk;
  /** The same line enlarged with crisp edges and full contrast; with its grain, too; and smaller in its strip. Null where there is none. */
  readonly crisper: (() => CutLine) | null;
  readonly grainy: (() => CutLine) | null;
  readonly smaller: (() => CutLine) | null;
  /** A stretch of the line as a line of its own, between two fractions of its length. Null where the line is put together from pieces. */
  readonly part: ((from: number, to: number) => CutLine) | null;
}

function shareOf(characters: readonly ReadCharacter[], belongs: (text: string) => boolean): number {
  const solid = characters.filter((one) => one.text.trim() !== '');
  return solid.length ? solid.filter((one) => belongs(one.text)).length / solid.length : 0;
}

/** The script that a reading's own characters show, or null when they are digits and marks alone. */
export function shownScript(reading: Pick<LineReading, 'characters'>): Script | null {
  const { characters } = reading;
  if (shareOf(characters, isHangul) >= 0.12) return 'korean';
  if (shareOf(characters, isKana) >= 0.12) return 'japanese';
  if (shareOf(characters, isHan) >= 0.03) return 'chinese';
  return shareOf(characters, isAlphabetic) > 0.2 ? 'latin' : null;
}

export class LineReader {
  readonly #open = new Map<RecogniserModel, Promise<Recogniser>>();
  /** A line is asked about by more than one stage. */
  readonly #known = new WeakMap<CutLine, Map<Script, LineReading>>();

  recogniser(script: Script): Promise<Recogniser> {
    return this.#opened(recogniserModels.find((model) => model.script === script)!);
  }

  #opened(model: RecogniserModel): Promise<Recogniser> {
    let open = this.#open.get(model);
    if (!open) {
      open = openRecogniser(model);
      this.#open.set(model, open);
      open.catch(() => this.#open.delete(model));
    }
    return open;
  }

  async close(): Promise<void> {
    for (const open of this.#open.values()) (await open.catch(() => null))?.close();
    this.#open.clear();
  }

  /** Cuts a line, or only its beginning where it is longer than `maxAspect` heights (cut, not squeezed: squeezing costs letters). */
  async cut(page: Picture, quad: Quad, maxAspect = Infinity): Promise<CutLine> {
    const shape = await this.recogniser('chinese');
    const size = sideLengths(quad);
    const aspect = size.width / Math.max(1, size.height);
    return cutLine(page, aspect > maxAspect ? partOfQuad(quad, 0, maxAspect / aspect) : quad, shape);
  }

  /** Reads with one network; what it read before it knows still. */
  async readOnce(script: Script, line: CutLine, signal: AbortSignal): Promise<LineReading> {
    const known = this.#known.get(line) ?? new Map<Script, LineReading>();
    this.#known.set(line, known);
    const before = known.get(script);
    if (before) return before;
    const recogniser = await this.recogniser(script);
    const { characters } = await recogniser.read(line.strip, signal);
    const reading = this.#judge(script, characters, line.ink, recogniser.stepWidth);
    known.set(script, reading);
    return reading;
  }

  #judge(script: Script, characters: readonly ReadCharacter[], ink: LineInk, stepWidth: number): LineReading {
    const confidence = confidenceOf(characters);
    const coverage = coverageOf(ink, centresOf(characters, stepWidth));
    return { script, characters, confidence, quality: confidence * coverage, ink, stepWidth };
  }

  /** Reads the line drawn as suits the script, and where that is not sure, once more drawn smaller. */
  async #readClearest(script: Script, line: CutLine, signal: AbortSignal): Promise<LineReading> {
    const drawn = crispScripts.has(script) && line.crisper ? line.crisper() : line;
    return this.#secondLook(script, await this.readOnce(script, drawn, signal), line, signal);
  }

  async #secondLook(script: Script, first: LineReading, line: CutLine, signal: AbortSignal): Promise<LineReading> {
    if (script === 'latin' || first.quality >= sureQuality || first.characters.length === 0 || !line.smaller) return first;
    const second = await this.readOnce(script, line.smaller(), signal);
    const [base, other] = second.quality > first.quality ? [second, first] : [first, second];
    return this.#judge(script, combined(base.characters, rescaled(other.characters, base.ink.width / other.ink.width)), base.ink, base.stepWidth);
  }

  /**
   * Reads in one script; Korean and Japanese take a second network for what theirs read badly or cannot write: marks, digits, letters,
   * ¥. Lines of plain Hangul or kana and lines without any need but one.
   */
  async readAs(script: Script, line: CutLine, signal: AbortSignal): Promise<LineReading> {
    if (script === 'japanese') return this.#readJapanese(line, signal);
    if (script === 'latin') return this.#readLatin(line, signal);
    if (script !== 'korean') return this.#readClearest(script, line, signal);
    const drawn = line.crisper?.() ?? line;
    const alone = await this.readOnce('korean', drawn, signal);
    if (alone.quality >= plainQuality && isPlainHangul(alone.characters, drawn.ink, alone.stepWidth)) {
      return this.#judge('korean', withInkMarks(alone.characters, drawn.ink, alone.stepWidth), drawn.ink, alone.stepWidth);
    }
    const second = await this.readOnce('chinese', line.grainy?.() ?? drawn, signal);
    if (second.quality >= sureQuality && second.characters.length > 1 && !alone.characters.some(isSureHangul)) return second;
    const first = await this.#secondLook('korean', alone, line, signal);
    const merged = withInkMarks(mergeKorean(first.characters, rescaled(second.characters, first.ink.width / line.strip.width)), first.ink, first.stepWidth);
    const reading = this.#judge('korean', merged, first.ink, first.stepWidth);
    return second.quality > reading.quality ? second : reading;
  }

  /** The Chinese network knows Latin letters, too, and leaves out fewer marks: it reads a second time what is not sure or not whole. */
  async #readLatin(line: CutLine, signal: AbortSignal): Promise<LineReading> {
    const first = await this.readOnce('latin', line, signal);
    if (first.quality < leastMended || (first.quality >= latinQuality && !leavesInk(centresOf(first.characters, first.stepWidth), first.ink))) return first;
    const second = await this.readOnce('chinese', line, signal);
    return this.#judge('latin', combined(first.characters, asLatin(second.characters)), first.ink, first.stepWidth);
  }

  async #readJapanese(line: CutLine, signal: AbortSignal): Promise<LineReading> {
    const first = await this.#readClearest('japanese', line, signal);
    if (first.quality >= sureQuality && isPlainJapanese(first.characters)) return first;
    const drawn = line.grainy?.() ?? line;
    const second = await this.readOnce('chinese', drawn, signal);
    const isForeign = !second.characters.some((one) => isHan(one.text)) && !first.characters.some((one) => isKana(one.text) && one.confidence > 0.9);
    if (isForeign && second.quality >= sureQuality && second.quality >= first.quality - knownMargin) return { ...second, script: shownScript(second) ?? 'japanese' };
    const { dictionary } = await this.recogniser('japanese');
    const merged = mergeJapanese(first.characters, rescaled(second.characters, first.ink.width / drawn.strip.width), (text) => dictionary.includes(text));
    const reading = this.#judge('japanese', merged, first.ink, first.stepWidth);
    return reading.quality >= first.quality - knownMargin ? reading : first;
  }

  /** Reads in the page's own script, and where that is not sure, in the others that the page is known to hold. */
  async read(line: CutLine, scripts: readonly Script[], signal: AbortSignal): Promise<LineReading> {
    const [own, ...others] = scripts;
    let best = await this.readAs(own!, line, signal);
    for (const script of others) {
      if (best.quality >= sureQuality) break;
      const other = await this.readAs(script, line, signal);
      if (other.quality > best.quality + (best.script === own ? knownMargin : 0)) best = other;
    }
    return best;
  }

  /** On a page of traditional Chinese, lines with Han characters are read by its own network, too. Changes `best`. */
  async readTraditional(lines: readonly OpenLine[], signal: AbortSignal): Promise<void> {
    const chinese = lines.filter(({ best }) => best.script === 'chinese' && best.characters.some((one) => isHan(one.text)));
    const han = chinese.flatMap(({ best }) => best.characters.filter((one) => isHan(one.text)));
    if (han.filter((one) => isTraditional(one.text)).length < Math.max(2, leastTraditional * han.length)) return;
    const recogniser = await this.#opened(traditionalModel);
    await inLanes(chinese, async (one) => {
      const { line, best } = one;
      const drawn = line.crisper?.() ?? line;
      const { characters } = await recogniser.read(drawn.strip, signal);
      const second = rescaled(best.characters, drawn.ink.width / best.ink.width);
      const merged = mergeTraditional(characters, second, (text) => recogniser.dictionary.includes(text));
      const reading = this.#judge('chinese', merged, drawn.ink, recogniser.stepWidth);
      if (reading.quality > best.quality) one.best = reading;
    });
  }

  /**
   * On a page of several scripts, words that a line's network could not read are read by the others, one by one: Exit / 出口 / 출구.
   * Changes `best` where that reads them clearly better.
   */
  async mendWords(lines: readonly OpenLine[], signal: AbortSignal): Promise<void> {
    const shown = new Set(lines.filter(({ best }) => best.quality >= doubtfulQuality).map(({ best }) => shownScript(best)));
    const scripts = allScripts.filter((script) => shown.has(script));
    if (scripts.length < 2 || !scripts.some((script) => script !== 'latin')) return;
    await inLanes(lines, async (one) => {
      const { line, best } = one;
      if (!line.part || best.quality < leastMended) return;
      let { characters } = best;
      for (const span of doubtfulSpans(characters, best.ink, best.stepWidth)) {
        const pad = wordPad * best.ink.inkHeight, from = Math.max(0, span.from - pad), to = Math.min(best.ink.width, span.to + pad);
        const part = line.part(from / best.ink.width, to / best.ink.width);
        let found: LineReading | null = null;
        for (const script of scripts) {
          if (script === best.script) continue;
          const reading = await this.readAs(script, part, signal);
          if (reading.quality > (found?.quality ?? span.quality + newMargin)) found = reading;
        }
        if (found) characters = replacedSpan(characters, { ...span, from, to }, found.characters, found.ink.width, best.stepWidth);
      }
      if (characters !== best.characters) one.best = this.#judge(shownScript({ characters }) ?? best.script, characters, best.ink, best.stepWidth);
    });
  }

  /**
   * Tries the scripts that a page has not shown on the lines that are still doubtful, and changes `best` where one of them
   * reads much better. A few lines first: a script that helps none of them is not asked for the rest. What is tried
   * depends on the order of the lines alone, so that a page reads the same on every machine.
   */
  async tryOthers(lines: readonly OpenLine[], scripts: readonly Script[], signal: AbortSignal): Promise<void> {
    let open = lines.filter(({ line, best }) => best.quality < doubtfulQuality && line.strip.width >= 2.5 * line.strip.height);
    for (const script of allScripts.filter((one) => !scripts.includes(one))) {
      const plainLatin = new Set<OpenLine>(), asked = new Set<OpenLine>();
      let wins = 0;
      for (let start = 0; start < open.length && wins * probes >= start; start += probes) {
        const won = await inLanes(open.slice(start, start + probes), async (one) => {
          asked.add(one);
          const probe = await this.readOnce(script, one.line, signal);
          if (script === 'chinese' && one.best.script === 'latin' && shownScript(probe) === 'latin') plainLatin.add(one);
          if (probe.quality <= one.best.quality + newMargin) return 0;
          one.best = await this.readAs(script, one.line, signal);
          return 1;
        });
        wins += won.reduce<number>((sum, one) => sum + one, 0);
      }
      if (wins >= 2) {
        // The page does hold it: lines that were read passably, or were too short to ask about, may be in it, too.
        await inLanes(lines.filter((one) => !asked.has(one) && one.best.quality < sureQuality), async (one) => {
          const other = await this.readAs(script, one.line, signal);
          if (other.quality > one.best.quality + knownMargin) one.best = other;
        });
      }
      open = open.filter((one) => one.best.quality < doubtfulQuality && !plainLatin.has(one));
    }
  }
}

const centresOf = (characters: readonly ReadCharacter[], stepWidth: number): number[] => characters.filter((one) => one.text !== ' ').map((one) => centreOf(one, stepWidth));

function cutLine(page: Picture, quad: Quad, shape: Pick<Recogniser, 'stripWidth' | 'inputHeight'>): CutLine {
  const { width, height } = sideLengths(quad);
  const widthFor = (factor: number): number => shape.stripWidth(width / Math.max(1, height) / factor);
  const part = (from: number, to: number): CutLine => cutLine(page, partOfQuad(quad, from, to), shape);
  const plain = cropStrip(page, quad, widthFor(1), shape.inputHeight);
  const crisp = (factor: number): { soft: CutLine; sharp: CutLine } => {
    const strips = stretchContrast(cropStrip(page, taller(quad, factor), widthFor(factor), shape.inputHeight, true));
    // Softened ink reaches into the blanks between words.
    const ink = inkOf(strips.sharp);
    const lineOf = (strip: Strip): CutLine => ({ strip, ink, crisper: null, grainy: null, smaller: factor === 1 ? smaller : null, part });
    const sharp = lineOf(strips.sharp);
    return { sharp, soft: strips.soft === strips.sharp ? sharp : lineOf(strips.soft) };
  };
  const whole = once(() => crisp(1)), smaller = once(() => crisp(smallerFactor).soft);
  return { strip: plain, ink: inkOf(plain), crisper: () => whole().soft, grainy: () => whole().sharp, smaller, part };
}

/** What `make` makes, made when first asked for. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

/** Whether there is nothing but Hangul, and no more ink between neighbours than the two of them can have. */
function isPlainHangul(characters: readonly ReadCharacter[], ink: LineInk, stepWidth: number): boolean {
  const solid = characters.filter((one) => one.text.trim() !== '');
  if (solid.length < 3 || !solid.every((one) => isHangul(one.text))) return false;
  const inkBetween = solid.slice(1).map((one, at) => {
    let inked = 0;
    for (let x = Math.round(centreOf(solid[at]!, stepWidth)); x < centreOf(one, stepWidth); x++) if (ink.columns[x]! > 0) inked++;
    return inked;
  });
  const usual = inkBetween.toSorted((a, b) => a - b)[inkBetween.length >> 1]!;
  return inkBetween.every((inked) => inked < 1.4 * usual);
}

/** Kana and Han characters alone, none of them in doubt; a full stop or a comma may stand among them. */
function isPlainJapanese(characters: readonly ReadCharacter[]): boolean {
  return characters.every(({ text, confidence }) => text.trim() === '' || (confidence > 0.6 && (isKana(text) || isHan(text) || text === '、' || text === '。')));
}

/** Characters of a strip as they would stand in one that is wider or narrower by a factor. */
function rescaled(characters: readonly ReadCharacter[], factor: number): readonly ReadCharacter[] {
  if (factor === 1) return characters;
  return characters.map((one) => ({ ...one, step: one.step * factor, firstStep: one.firstStep * factor, lastStep: one.lastStep * factor }));
}
