// A conversation with pictures in, an answer out: text as it is written, places on the pages, and a record of what was sent. Puts the
// parts of this folder together; knows no files and no windows.
import type { Quad } from '@contract/geometry.ts';
import type { Job } from '../base/job.ts';
import { Generator, type FinishReason } from './generate.ts';
import { Guide, TokenGrammar } from './grammar/guide.ts';
import { jsonAutomaton, type JsonSchema } from './grammar/json-grammar.ts';
import { GroundingParser, saidOf, type ModelGrounding } from './grounding.ts';
import { ImageFeatureCache, imageKey } from './image-features.ts';
import type { Picture } from './image/picture.ts';
import type { OpenPackage } from './open-package.ts';
import { coordinateSpaceOf, placeAnswer, type PicturePlacement, type PlacedPicture } from './place-on-page.ts';
import { multiAxisPositions, singleAxisPositions, spansOf } from './position-ids.ts';
import type { Prompt, PromptImage } from './prompt-rows.ts';
import type { Sampling } from './sampler.ts';
import { StopTexts } from './stopping.ts';
import { buildPrompt, type ChatMessage } from './tokenizer/chat-prompt.ts';
import { TextStreamer } from './tokenizer/tokenizer.ts';
import { planPictures } from './plan-question.ts';
import type { ImageFeatures, ImagePlan } from './vision-model.ts';

export interface SentPicture {
  readonly picture: Picture;
  readonly placement: PicturePlacement;
  /** Tokens of this picture, where they are not the question's. */
  readonly maxImageTokens?: number | undefined;
  /** What was recognised on its page, where it is shown together with others. */
  readonly words?: PlacedPicture['words'];
}

export interface Question {
  readonly messages: readonly ChatMessage[];
  /** In the order in which the messages hold them. */
  readonly pictures: readonly SentPicture[];
  /** What is left out is the package's own. */
  readonly sampling?: Partial<Sampling>;
  readonly maxNewTokens?: number;
  readonly stopTexts?: readonly string[];
  /** Tokens of one picture; the package's own when left out. */
  readonly maxImageTokens?: number;
  /** Area limits of the resized pictures. */
  readonly maxImagePixels?: number;
  readonly minImagePixels?: number;
  readonly numberPictures?: boolean;
  /** The answer is JSON of this shape, whatever happens; `finish` says whether the model ended it or had to be ended. */
  readonly schema?: JsonSchema;
  /** Go on behind the end of text, for comparisons with recordings. */
  readonly ignoreStopTokens?: boolean;
}

/** A place that the answer points at. `start` and `end` are characters of the answer's text. */
export interface PlacedGrounding {
  readonly start: number;
  readonly end: number;
  readonly label: string | null;
  /** Which of the question's pictures. */
  readonly image: number;
  readonly quad: Quad;
  readonly kind: 'box' | 'quad' | 'point';
  /** Of several pictures, the answer does not say which it means, and neither does the text. */
  readonly isUnsure?: boolean;
}

export interface Answer {
  /** Without marks of grounding (JSON stays, it is the answer). */
  readonly text: string;
  /** As the model wrote it; what later turns must be given. */
  readonly raw: string;
  readonly groundings: readonly PlacedGrounding[];
  readonly finish: FinishReason;
  readonly tokens: readonly number[];
  /** Of an answer with a schema that had to be ended: characters of `raw` that are still the model's own. Null when all are. */
  readonly ownLength: number | null;
  readonly sampling: Sampling;
  /** `images` lacks the oldest ones when a first-generation model had no room for their turns. */
  readonly sent: { readonly promptTokens: number; readonly reusedTokens: number; readonly images: readonly ImagePlan[]; readonly prompt: string };
  readonly timing: { readonly visionMs: number; readonly prefillMs: number; readonly decodeMs: number; readonly firstTokenMs: number };
}

export interface AnswerListener {
  /** `sofar` is all of the answer: what is shown, and what the model wrote. */
  onText(added: string, sofar: { readonly text: string; readonly raw: string }): void;
  onGrounding(grounding: PlacedGrounding): void;
}

/** Schemas whose grammars are remembered: what is found out about one serves every further document. */
const mostGrammars = 4;

/** A package that answers, one question at a time, and remembers pictures and prefixes between questions. */
export class Answerer {
  readonly model: OpenPackage;
  readonly #generator: Generator;
  readonly #features = new ImageFeatureCache();
  readonly #grammars = new Map<string, TokenGrammar>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(model: OpenPackage) {
    this.model = model;
    this.#generator = new Generator(model.text, model.table, model.text.newCache(), model.contextTokens, Math.min(model.choice.attentionRows, model.text.mostRows));
  }

  /** The package's own way of choosing tokens, with the question's changes. */
  samplingFor(question: Question): Sampling {
    const { generation } = this.model.manifest;
    return {
      temperature: generation.doSample ? (generation.temperature ?? 1) : 0,
      topK: generation.topK ?? 0,
      topP: generation.topP ?? 1,
      repetitionPenalty: generation.repetitionPenalty ?? 1,
      presencePenalty: generation.presencePenalty ?? 0,
      seed: Math.floor(Math.random() * 2 ** 32),
      ...question.sampling,
    };
  }

  /** Sizes of the pictures as they would be sent. @throws image-empty */
  plan(question: Question): ImagePlan[] {
    const { maxImagePixels, minImagePixels } = question;
    const limits = { ...(maxImagePixels === undefined ? {} : { maxPixels: maxImagePixels }), ...(minImagePixels === undefined ? {} : { minPixels: minImagePixels }) };
    return planPictures(this.model.manifest, question.pictures.map(({ picture: { width, height }, maxImageTokens }) => ({ width, height, maxImageTokens })), question.maxImageTokens ?? this.model.maxImageTokens, limits);
  }

  /** The prompt's tokens and positions. @throws template-invalid, token-unknown */
  prompt(question: Question, plans: readonly ImagePlan[]): Prompt & { text: string; skippedImages: number } {
    const { manifest, tokenizer, format, text } = this.model;
    const { ids, text: written, skippedImages } = buildPrompt(tokenizer, { ...format, ...(question.numberPictures === undefined ? {} : { numberPictures: question.numberPictures }) }, question.messages, plans.map((plan) => plan.tokens));
    const spans = spansOf(ids, manifest.tokens.image, plans.slice(skippedImages).map((plan) => plan.grid));
    const images: PromptImage[] = [];
    let at = 0;
    for (const span of spans) {
      const length = span.kind === 'text' ? span.length : span.height * span.width;
      const number = skippedImages + images.length;
      if (span.kind === 'image') images.push({ start: at, tokens: length, key: imageKey(question.pictures[number]!.picture, plans[number]!) });
      at += length;
    }
    const positions = manifest.config.text.mropeSection ? multiAxisPositions(spans) : singleAxisPositions(ids.length);
    return { ids: Int32Array.from(ids), positions, images, ropeAlpha: text.ropeAlphaFor(ids.length), text: written, skippedImages };
  }

  /**
   * Answers when earlier questions are done.
   * @throws job-cancelled, context-overflow, image-empty, out-of-memory, template-invalid
   */
  answer(job: Job, question: Question, listener?: AnswerListener): Promise<Answer> {
    const mine = this.#last.then(() => this.#answer(job, question, listener));
    this.#last = mine.catch(() => {});
    return mine;
  }

  #grammarOf(schema: JsonSchema): TokenGrammar {
    const key = JSON.stringify(schema);
    const grammar = this.#grammars.get(key) ?? new TokenGrammar(jsonAutomaton(schema), this.model.tokenizer);
    this.#grammars.delete(key);
    this.#grammars.set(key, grammar);
    const [oldest] = this.#grammars.keys();
    if (this.#grammars.size > mostGrammars && oldest !== undefined) this.#grammars.delete(oldest);
    return grammar;
  }

  async #answer(job: Job, question: Question, listener: AnswerListener | undefined): Promise<Answer> {
    const started = performance.now();
    const { manifest, tokenizer } = this.model;
    const plans = this.plan(question);
    const prompt = this.prompt(question, plans);
    const sampling = this.samplingFor(question);
    const space = coordinateSpaceOf(manifest.architecture);
    const groundings: PlacedGrounding[] = [];
    const shown = question.pictures.map(({ placement, words }, at) => ({ placement, words, plan: plans[at]! }));
    const place = (found: readonly ModelGrounding[]): void => {
      for (const one of found) {
        const placed = placeAnswer(one, saidOf(one, parser.text), space, shown);
        if (!placed) continue;
        const { image, quad, isUnsure } = placed;
        const grounding = { start: one.start, end: one.end, label: one.label, image, kind: one.shape.kind, quad, ...(isUnsure ? { isUnsure } : {}) };
        groundings.push(grounding);
        listener?.onGrounding(grounding);
      }
    };
    const streamer = new TextStreamer(tokenizer);
    const stops = new StopTexts(question.stopTexts ?? []);
    const parser = new GroundingParser();
    // An answer that is gone on with keeps its beginning, and the places named in it.
    const last = question.messages.at(-1);
    let raw = last?.role === 'assistant' ? last.parts.map((part) => (part.type === 'text' ? part.text : '')).join('') : '';
    if (raw !== '') place(parser.push(raw).groundings);
    const write = (text: string): void => {
      raw += text;
      const { text: visible, groundings: found } = parser.push(text);
      if (visible !== '') listener?.onText(visible, { text: parser.text, raw });
      place(found);
    };
    const guide = question.schema ? new Guide(this.#grammarOf(question.schema)) : undefined;
    let ownLength: number | null = null;
    let visionMs = 0;
    let firstTokenMs = 0;
    const featuresOf = async (at: number): Promise<ImageFeatures> => {
      const began = performance.now();
      const number = prompt.skippedImages + at;
      const { picture } = question.pictures[number]!;
      job.progress('prefilling', 0, `picture ${number + 1} of ${plans.length}`);
      const features = await this.#features.get(prompt.images[at]!.key, async () => await (await this.model.vision()).encode(picture, plans[number]!, job.signal));
      visionMs += performance.now() - began;
      return features;
    };
    const generated = await this.#generator.generate(job, prompt, featuresOf, {
      sampling,
      maxNewTokens: question.maxNewTokens ?? manifest.generation.maxNewTokens ?? 1024,
      stopIds: question.ignoreStopTokens ? new Set() : new Set(manifest.tokens.stop),
      vocabulary: tokenizer.size,
      guardRepetition: !question.ignoreStopTokens,
      ...(guide ? { guide } : {}),
      onToken: (token) => {
        if (firstTokenMs === 0) {
          firstTokenMs = performance.now() - started;
          job.progress('generating', 0);
        }
        if (guide?.cut) ownLength ??= raw.length;
        if (!tokenizer.isHidden(token)) write(stops.push(streamer.push(token)));
        return stops.stopped;
      },
    });
    if (!stops.stopped) write(stops.push(streamer.end()) + stops.end());
    const rest = parser.end();
    if (rest.text !== '') listener?.onText(rest.text, { text: parser.text, raw });
    place(rest.groundings);
    return {
      text: parser.text, raw, groundings, sampling, ownLength,
      finish: generated.finish,
      tokens: generated.tokens,
      sent: { promptTokens: prompt.ids.length, reusedTokens: generated.reusedTokens, images: plans.slice(prompt.skippedImages), prompt: prompt.text },
      timing: { visionMs, prefillMs: generated.prefillMs - visionMs, decodeMs: generated.decodeMs, firstTokenMs },
    };
  }

  async close(): Promise<void> {
    await this.#last;
    this.#generator.close();
    this.#features.clear();
    await this.model.close();
  }
}
