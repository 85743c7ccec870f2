// How fast an open model is here: rows of a prompt, tokens of an answer, a picture, a second question about the same page. Measures with the
// very code that answers; knows nothing of other engines and prints nothing.
import { quietJob } from '../base/job.ts';
import type { Answerer } from './answer-question.ts';
import { picture, type Picture } from './image/picture.ts';
import type { RowCache } from './kv-cache.ts';
import type { OpenPackage } from './open-package.ts';
import { greedy } from './sampler.ts';
import { planImage } from './vision-model.ts';

export interface Elapsed {
  readonly wallMs: number;
  /** Processor time of the whole process meanwhile. */
  readonly cpuMs: number;
}

async function elapsed(work: () => Promise<void>): Promise<Elapsed> {
  const cpu = process.cpuUsage();
  const started = performance.now();
  await work();
  const wallMs = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  return { wallMs, cpuMs: (user + system) / 1000 };
}

/** Grey noise, square, that becomes about `patches` patches. */
export function noisePicture(patches: number, patchSize: number): Picture {
  const side = Math.max(patchSize, Math.round(Math.sqrt(patches)) * patchSize);
  return picture(side, side, Uint8Array.from({ length: side * side * 3 }, (_, at) => Math.imul(at, 2654435761) >>> 24));
}

/** Tokens of no meaning through an open package, with a cache of their own. */
export class ModelMeasurement {
  readonly #model: OpenPackage;
  readonly #cache: RowCache;

  constructor(model: OpenPackage) {
    this.#model = model;
    this.#cache = model.text.newCache();
  }

  async #rows(start: number, count: number): Promise<Float32Array> {
    const { text, table } = this.#model;
    const ids = Array.from({ length: count }, (_, at) => (10 + (start + at) * 7919) % Math.min(1000, table.rows));
    const positions = Int32Array.from({ length: 3 * count }, (_, at) => start + (at % count));
    return (await text.run(this.#cache, { embeds: await table.lookUp(ids), positions, deepstack: null, ropeAlpha: 1 }, 1)).data;
  }

  /** A prompt of `rows` tokens, in the chunks in which questions are run. */
  prefill(rows: number): Promise<Elapsed> {
    this.#cache.rewind(0);
    this.#cache.reserve(rows + 64);
    return elapsed(async () => {
      const step = this.#model.text.mostRows;
      for (let start = 0; start < rows; start += step) await this.#rows(start, Math.min(step, rows - start));
    });
  }

  /** `tokens` steps behind `context` rows, one after the other, with the choice of the likeliest token. */
  async decode(context: number, tokens: number): Promise<Elapsed> {
    if (this.#cache.length !== context) await this.prefill(context);
    this.#cache.reserve(context + tokens + 1);
    const { text, table } = this.#model;
    let token = 10;
    const step = async (): Promise<void> => {
      const position = this.#cache.length;
      const { data } = await text.run(this.#cache, { embeds: await table.lookUp([token]), positions: Int32Array.of(position, position, position), deepstack: null, ropeAlpha: 1 }, 1);
      let best = 0;
      for (let i = 1; i < data.length; i++) if (data[i]! > data[best]!) best = i;
      token = best % table.rows;
    };
    await step();
    const result = await elapsed(async () => {
      for (let at = 0; at < tokens; at++) await step();
    });
    this.#cache.rewind(context);
    return result;
  }

  /** The vision tower over a picture of about `patches` patches. */
  async look(patches: number): Promise<Elapsed & { readonly tokens: number }> {
    const vision = await this.#model.vision();
    const { config, processor } = this.#model.manifest;
    const page = noisePicture(patches, config.vision.patchSize);
    const plan = planImage(page, config.vision, processor, { maxPixels: page.width * page.height });
    return { ...(await elapsed(async () => void (await vision.encode(page, plan)))), tokens: plan.tokens };
  }

  close(): void {
    this.#cache.close();
  }
}

/** Milliseconds to the first token of a question about a new page, and of a second question about it. */
export async function measureQuestions(answerer: Answerer, patches: number): Promise<{ firstMs: number; secondMs: number }> {
  const page = noisePicture(patches, answerer.model.manifest.config.vision.patchSize);
  const ask = async (text: string): Promise<number> => {
    const answer = await answerer.answer(quietJob(), {
      messages: [{ role: 'user', parts: [{ type: 'image' }, { type: 'text', text }] }],
      pictures: [{ picture: page, placement: { pageWidth: page.width, pageHeight: page.height, rotation: 0, left: 0, top: 0 } }],
      sampling: greedy, maxNewTokens: 2, ignoreStopTokens: true, maxImagePixels: page.width * page.height,
    });
    return answer.timing.firstTokenMs;
  };
  const firstMs = await ask('What is the total of this receipt?');
  return { firstMs, secondMs: await ask('And on which day was it written?') };
}
