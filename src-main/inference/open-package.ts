// Opens a compiled package: manifest, tokenizer, graphs, embeddings. Knows which hardware and how much memory each needs; nothing of
// conversations.
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError, fileError, systemCode } from '../base/errors.ts';
import { throwIfCancelled, type Job } from '../base/job.ts';
import { usualContextTokens, usualImageTokens } from '../base/usual-limits.ts';
import { manifestFile, packageManifest, type PackageManifest } from '../model/package-format.ts';
import { EmbeddingTable, type Embeddings } from './embedding-table.ts';
import { ExportedDecoder, ExportedEmbeddings, ExportedVision } from './exported-model.ts';
import { freeMemoryBytes } from './free-memory.ts';
import { LayeredPrefill } from './layered-prefill.ts';
import { forecastMemory, requireMemory, type MemoryForecast } from './memory-forecast.ts';
import { choose, chooseProvider, type ProviderChoice } from './providers.ts';
import { openSession, type Provider, type SessionOptions } from './session.ts';
import { TextModel, type Decoder } from './text-model.ts';
import { loadChatFormat, loadTokenizer } from './tokenizer/load-tokenizer.ts';
import type { ChatFormat } from './tokenizer/chat-prompt.ts';
import type { Tokenizer } from './tokenizer/tokenizer.ts';
import { VisionModel, type VisionTower } from './vision-model.ts';

export interface OpenOptions {
  /** Default: the best that works here and that the package is compiled for. */
  readonly provider?: Provider;
  readonly threads?: number;
  /** Tokens of prompt and answer together. Default 8192, at most what the model was made for. */
  readonly contextTokens?: number;
  /** Tokens of one picture. Default 768: more makes CPUs wait, less makes small print unreadable. */
  readonly maxImageTokens?: number;
  /** Also load the second decoder with 8-bit activations, when the package has one and memory allows. Default true. */
  readonly fast?: boolean;
  /** Without such a decoder, run long prompts in 8 bits layer by layer, when the package can and memory allows. Default true. */
  readonly layered?: boolean;
  /** Load even when the forecast says no. */
  readonly ignoreMemory?: boolean;
}

export interface OpenPackage {
  readonly folder: string;
  readonly manifest: PackageManifest;
  readonly tokenizer: Tokenizer;
  readonly format: ChatFormat;
  readonly text: Decoder;
  readonly table: Embeddings;
  readonly choice: ProviderChoice;
  readonly forecast: MemoryForecast;
  readonly contextTokens: number;
  readonly maxImageTokens: number;
  /** Opened when the first picture comes, then kept. */
  vision(): Promise<VisionTower>;
  close(): Promise<void>;
}

/** @throws package-not-found, package-damaged */
export async function readManifest(folder: string): Promise<PackageManifest> {
  let text: string;
  try {
    text = await readFile(path.join(folder, manifestFile), 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') throw new AppError('package-not-found', { folder }, error);
    throw fileError(error, manifestFile, 'package-damaged');
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new AppError('package-damaged', { file: manifestFile, reason: 'not JSON' }, error);
  }
  const parsed = packageManifest.safeParse(json);
  if (!parsed.success) throw new AppError('package-damaged', { file: manifestFile, reason: parsed.error.message.slice(0, 300) });
  return parsed.data;
}

/** Every file is there with its size. Contents are the store's business. */
async function checkFiles(folder: string, manifest: PackageManifest): Promise<void> {
  for (const { name, sizeBytes } of manifest.files) {
    const size = await stat(path.join(folder, name)).then((found) => found.size, () => null);
    if (size !== sizeBytes) throw new AppError('package-damaged', { file: name, reason: size === null ? 'missing' : `${size} bytes instead of ${sizeBytes}` });
  }
}

/**
 * Threads wait 50 µs in a loop before they sleep: long enough for the small steps between two products, too short to stand in the way of
 * other programs (docs/experiments.md).
 */
const shortSpin = { spin: true, configEntries: { 'session.intra_op.spin_duration_us': '50' } } as const;

/** The provider, given what the package is compiled for. */
async function providerFor(manifest: PackageManifest, wanted: Provider | undefined): Promise<ProviderChoice> {
  const choice = wanted ? await choose([wanted]) : await chooseProvider();
  // CUDA's attention kernel has no 32-bit form, and 8-bit activations exist on the CPU only
  const { text, vision } = manifest.quantization;
  const exported = 'graph' in manifest.embeddings;
  const reason = choice.provider !== 'cpu' && exported ? 'an ONNX export keeps its keys and values in plain memory' : choice.provider === 'cuda' && manifest.kvType === 'float32' ? 'this package is compiled with 32-bit keys and values' : choice.provider !== 'cpu' && (text === 'w8a8' || vision === 'w8a8') ? 'this package is compiled for the CPU' : null;
  if (reason === null) return choice;
  if (wanted) throw new AppError('provider-unavailable', { provider: wanted, detail: reason });
  return { provider: 'cpu', refused: [...choice.refused, { provider: choice.provider, reason }], attentionRows: Infinity };
}

/**
 * Opens a package for answering.
 * @throws package-not-found, package-damaged, memory-insufficient, provider-unavailable, out-of-memory, job-cancelled
 */
export async function openPackage(job: Job, folder: string, options: OpenOptions = {}): Promise<OpenPackage> {
  job.progress('loading', 0);
  const manifest = await readManifest(folder);
  await checkFiles(folder, manifest);
  const choice = await providerFor(manifest, options.provider);
  throwIfCancelled(job);
  const contextTokens = Math.min(manifest.config.text.maxPositions, options.contextTokens ?? usualContextTokens);
  const maxImageTokens = options.maxImageTokens ?? usualImageTokens;
  const forecastFor = (withFastText: boolean, withLayers = false): MemoryForecast => forecastMemory(manifest, { contextTokens, imageTokens: maxImageTokens, withFastText, withLayers });
  const free = choice.provider === 'cpu' ? await freeMemoryBytes() : Infinity;
  // the second copy of the weights is a luxury
  const useFast = options.fast !== false && manifest.graphs.textFast !== null && choice.provider === 'cpu' && forecastFor(true).totalBytes <= free;
  const { textLayer } = manifest.graphs;
  if (textLayer !== null && textLayer.layers.length !== manifest.config.text.layers) throw new AppError('package-damaged', { file: manifestFile, reason: `${textLayer.layers.length} layers instead of ${manifest.config.text.layers}` });
  const useLayers = options.layered !== false && !useFast && textLayer !== null && choice.provider === 'cpu' && forecastFor(false, true).totalBytes <= free;
  const forecast = forecastFor(useFast, useLayers);
  if (!options.ignoreMemory) requireMemory(forecast, free);

  const sessionOptions: SessionOptions = { provider: choice.provider, ...shortSpin, ...(options.threads === undefined ? {} : { threads: options.threads }) };
  const open = (file: string, changes: SessionOptions = {}): ReturnType<typeof openSession> => openSession(path.join(folder, file), { ...sessionOptions, ...changes });
  // a provider that attends rightly over a few rows only cannot look at a picture
  const visionProvider = choice.attentionRows === Infinity ? choice.provider : 'cpu';
  const tokenizer = await loadTokenizer(folder);
  const format = await loadChatFormat(folder, manifest.architecture === 'qwen-vl');
  throwIfCancelled(job);
  job.progress('loading', 0.1);
  const { embeddings, graphs, config } = manifest;
  const table = 'graph' in embeddings ? new ExportedEmbeddings(await open(embeddings.graph), embeddings.rows, embeddings.columns) : await EmbeddingTable.open(folder, embeddings);
  const opened: { close(): void | Promise<void> }[] = [];
  try {
    const session = await open(graphs.text);
    opened.push(session);
    throwIfCancelled(job);
    job.progress('loading', useFast ? 0.5 : 0.9);
    const fast = useFast ? await open(graphs.textFast!) : null;
    if (fast) opened.push(fast);
    const layered = useLayers && textLayer ? await LayeredPrefill.open(folder, textLayer, sessionOptions) : null;
    if (layered) opened.push(layered);
    throwIfCancelled(job);
    const exported = 'graph' in embeddings;
    const text = exported ? new ExportedDecoder(config.text, session) : new TextModel(config.text, session, { fast, layered });
    let vision: Promise<VisionTower> | null = null;
    job.progress('loading', 1);
    return {
      folder, manifest, tokenizer, format, text, table, choice, forecast, contextTokens, maxImageTokens,
      vision: () => {
        vision ??= open(graphs.vision, { provider: visionProvider }).then((one) => (exported ? new ExportedVision(config.vision, manifest.processor, one) : new VisionModel(config.vision, manifest.processor, one)));
        vision.catch(() => (vision = null));
        return vision;
      },
      close: async () => {
        await text.close();
        (await vision?.catch(() => null))?.close();
        await table.close();
      },
    };
  } catch (error) {
    for (const one of opened) await one.close();
    await table.close();
    throw error;
  }
}
