// `lectern model`: import, list, show, verify, remove and download models. Results go to stdout, what happens meanwhile to stderr.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type CompileRequest, compileRequest, weightType } from '@contract/model.ts';
import { isCancellation } from '../../base/errors.ts';
import { logFor } from '../../base/log.ts';
import type { Job } from '../../base/job.ts';
import { forecastUsual } from '../../inference/memory-forecast.ts';
import { downloadCheckpoint, forecastDownload } from '../../model/download.ts';
import { exportVariants, isOnnxExport } from '../../model/onnx-export.ts';
import { findPackage, listPackages, readPackage, removePackage, type StoredPackage, verifyPackage } from '../../model/store.ts';
import { compileModel, forecastImport } from '../jobs/compile-model.ts';
import { refuse, type Command } from './command.ts';
import { sentenceFor } from './error-sentences.ts';
import { checkpointsFolder, modelsFolder } from './models-folder.ts';
import { progressLine } from './progress-line.ts';

const usage = `Usage: lectern model import FOLDER [OPTIONS]     compile a Hugging Face checkpoint, or take an ONNX export for transformers.js
       lectern model download OWNER/NAME [OPTIONS]  fetch a checkpoint, then compile it
       lectern model list | show ID | remove ID
       lectern model verify ID [--source FOLDER]    is every file as it was compiled, and from that checkpoint?

import and download take
  --weights TYPE   int4 (usual), int8, w8a8, fp16 or fp32, for the decoder
  --head TYPE      the same for the output head; the decoder's when left out
  --vision TYPE    the same for the vision tower; w8a8 when left out
  --block N        weights that share a scale (int4: 128, int8: 32)
  --asymmetric     a zero point for each block
  --plain          round each block by its largest weight instead of searching the best scale
  --fast           a second decoder with 8-bit activations: long prompts start sooner, takes more memory
  --gpu            half-precision graphs for CUDA, DirectML or WebGPU
  --variant NAME   of an ONNX export, instead of all the above: q4, fp16, … (the best for this purpose)
  --id ID          name of the package
  --overwrite      replace a package of that name
  --forecast       only say what it would take
  --anyway         compile even when this machine has too little memory for it
  --json           results as JSON

download also takes
  --endpoint URL   a server with Hugging Face's addresses (HF_ENDPOINT)
  --revision REV   branch, tag or commit (main)
  --only           do not compile
A token for repositories that ask for one is read from HF_TOKEN. An interrupted download goes on where it stopped.

Models lie in LECTERN_DATA/models, or in the application's data folder.
`;

const giga = (bytes: number): string => (bytes < 2 ** 20 * 100 ? `${(bytes / 2 ** 20).toFixed(1)} MB` : `${(bytes / 2 ** 30).toFixed(2)} GB`);

const options = {
  weights: { type: 'string' }, head: { type: 'string' }, vision: { type: 'string' }, block: { type: 'string' }, variant: { type: 'string' }, id: { type: 'string' }, endpoint: { type: 'string' }, revision: { type: 'string' }, source: { type: 'string' },
  asymmetric: { type: 'boolean', default: false }, plain: { type: 'boolean', default: false }, fast: { type: 'boolean', default: false }, gpu: { type: 'boolean', default: false },
  overwrite: { type: 'boolean', default: false }, forecast: { type: 'boolean', default: false }, anyway: { type: 'boolean', default: false }, json: { type: 'boolean', default: false }, only: { type: 'boolean', default: false },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>['values'];

/** The request that the arguments stand for, or a sentence that says what is wrong with them. */
function requestOf(values: Values, folder: string): CompileRequest | string {
  for (const name of ['weights', 'head', 'vision'] as const) {
    if (values[name] !== undefined && !weightType.safeParse(values[name]).success) return `--${name} knows ${weightType.options.join(', ')}.`;
  }
  if (values.variant !== undefined && !exportVariants.some((one) => one === values.variant)) return `--variant knows ${exportVariants.join(', ')}.`;
  const given = { id: values.id, variant: values.variant, text: values.weights, head: values.head, vision: values.vision, block: values.block === undefined ? undefined : Number(values.block) };
  const parsed = compileRequest.safeParse({
    folder, root: modelsFolder(), symmetric: !values.asymmetric, search: !values.plain, fast: values.fast, gpu: values.gpu, overwrite: values.overwrite, ignoreMemory: values.anyway,
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  return `--${String(issue?.path[0] ?? '')}: ${issue?.message ?? 'not understood'}.`;
}

interface Run {
  readonly values: Values;
  readonly signal: AbortSignal;
  readonly print: (text: string, json: unknown) => void;
}

function jobFor({ signal }: Run, name: string): Job & { done(): void } {
  const line = progressLine(name);
  return { signal, log: logFor('model'), progress: (stage, fraction, detail) => line.show(detail ? `${stage} (${detail})` : stage, fraction), done: line.clear };
}

async function importFolder(run: Run, folder: string): Promise<number> {
  const request = requestOf(run.values, folder);
  if (typeof request === 'string') return refuse(modelCommand, request);
  const exported = await isOnnxExport(folder);
  const chosen = (['weights', 'head', 'vision', 'block', 'asymmetric', 'plain', 'fast', 'gpu'] as const).filter((name) => run.values[name]);
  if (exported && chosen.length) return refuse(modelCommand, `${folder} is an ONNX export, which is taken as it is: no --${chosen.join(', --')}.`);
  if (!exported && request.variant) return refuse(modelCommand, `${folder} is no ONNX export: --variant chooses among the files of one.`);
  const forecast = await forecastImport(request);
  const words = `disk ${giga(forecast.diskBytes)}, memory while compiling ${giga(forecast.compileMemoryBytes)}, memory to run it about ${giga(forecast.memory.totalBytes)} (${giga(forecast.memory.weightsBytes)} of it weights)`;
  if (run.values.forecast) {
    run.print(`${folder}: ${words}`, { folder, ...forecast });
    return 0;
  }
  process.stderr.write(`${folder}: ${words}\n`);
  const job = jobFor(run, 'import');
  const started = performance.now();
  try {
    const made = await compileModel(job, request);
    job.done();
    process.stderr.write(`imported in ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
    run.print(`${made.id}  ${made.architecture}  ${giga(made.sizeBytes)}  ${made.folder}`, made);
    return 0;
  } finally {
    job.done();
  }
}

async function download(run: Run, repository: string): Promise<number> {
  const { values } = run;
  const request = requestOf(values, repository);
  if (typeof request === 'string') return refuse(modelCommand, request);
  const endpoint = values.endpoint ?? process.env['HF_ENDPOINT'];
  const token = process.env['HF_TOKEN'];
  const hub = { ...(endpoint ? { endpoint } : {}), ...(values.revision === undefined ? {} : { revision: values.revision }), ...(token ? { token } : {}) };
  const job = jobFor(run, 'download');
  let folder: string;
  try {
    const forecast = await forecastDownload(job, repository, hub);
    const memory = forecastUsual(forecast.outline);
    const words = `download ${giga(forecast.downloadBytes)}, installed about ${giga(forecast.packageBytes)}, memory to run it about ${giga(memory.totalBytes)} (${giga(memory.weightsBytes)} of it weights)`;
    if (values.forecast) {
      run.print(`${repository}: ${words}`, { repository, commit: forecast.repository.commit, downloadBytes: forecast.downloadBytes, packageBytes: forecast.packageBytes, memory });
      return 0;
    }
    process.stderr.write(`${repository}: ${words}\n`);
    folder = await downloadCheckpoint(job, checkpointsFolder(), repository, hub, forecast);
  } finally {
    job.done();
  }
  if (!values.only) return importFolder(run, folder);
  run.print(folder, { folder });
  return 0;
}

function describe({ manifest, folder, sizeBytes }: StoredPackage): string {
  const { quantization, config } = manifest;
  const { text, textFast, vision, textLayer } = manifest.graphs;
  const graphs = [text, textFast, vision, textLayer?.graph].filter((file) => typeof file === 'string');
  return [
    `${manifest.name} (${manifest.id})`,
    `  architecture  ${manifest.architecture}, ${config.text.layers} layers of ${config.text.hiddenSize}, vision ${config.vision.depth} of ${config.vision.hiddenSize}`,
    `  weights       decoder ${quantization.text}${quantization.block ? ` in blocks of ${quantization.block}` : ''}, head ${quantization.lmHead}, vision ${quantization.vision}`,
    `  graphs        ${graphs.join(', ')}; keys and values ${manifest.kvType}`,
    `  context       ${config.text.maxPositions} tokens`,
    `  made from     ${manifest.source.name}`,
    `  on disk       ${giga(sizeBytes)} in ${folder}`,
  ].join('\n');
}

async function list(run: Run): Promise<number> {
  const { packages, broken } = await listPackages(modelsFolder());
  const lines = packages.map(({ manifest, sizeBytes }) => `${manifest.id}  ${manifest.architecture}  ${manifest.quantization.text}  ${giga(sizeBytes)}`);
  if (packages.length === 0) process.stderr.write('No model is imported yet.\n');
  for (const one of broken) process.stderr.write(`${one.id}: damaged (${one.reason})\n`);
  run.print(lines.join('\n'), packages.map(({ manifest, folder, sizeBytes }) => ({ id: manifest.id, name: manifest.name, architecture: manifest.architecture, quantization: manifest.quantization, folder, sizeBytes })));
  return 0;
}

async function verify(run: Run, id: string): Promise<number> {
  const job = jobFor(run, 'verify');
  const wrong = await verifyPackage(job, await findPackage(modelsFolder(), id), run.values.source === undefined ? undefined : resolve(run.values.source)).finally(job.done);
  run.print(wrong.length ? wrong.join('\n') : `${id}: every file is as it was compiled${run.values.source === undefined ? '' : ', from these weights'}`, { id, wrong });
  return wrong.length ? 1 : 0;
}

const verbs = ['import', 'download', 'list', 'show', 'verify', 'remove'] as const;

export const modelCommand: Command = {
  usage,
  async run(args, signal) {
    let parsed;
    try {
      parsed = parseArgs({ args: [...args], allowPositionals: true, options });
    } catch (error) {
      return refuse(modelCommand, error instanceof Error ? error.message : String(error));
    }
    const [verb, what, ...rest] = parsed.positionals;
    const run: Run = { values: parsed.values, signal, print: (text, json) => void process.stdout.write(parsed.values.json ? `${JSON.stringify(json, null, 2)}\n` : text === '' ? '' : `${text}\n`) };
    if (rest.length) return refuse(modelCommand, `One ${verb === 'import' ? 'folder' : 'model'} at a time.`);
    try {
      if (verb === 'list' && what === undefined) return await list(run);
      if (verb === undefined) return refuse(modelCommand, 'What shall be done?');
      if (!verbs.some((one) => one === verb)) return refuse(modelCommand, `There is no "model ${verb}".`);
      if (what === undefined) return refuse(modelCommand, `model ${verb} wants a ${verb === 'import' ? 'folder' : 'name'}.`);
      if (verb === 'import') return await importFolder(run, resolve(what));
      if (verb === 'download') return await download(run, what);
      if (verb === 'verify') return await verify(run, what);
      if (verb === 'show') {
        const found = await readPackage(await findPackage(modelsFolder(), what));
        run.print(describe(found), found.manifest);
        return 0;
      }
      await removePackage(modelsFolder(), what);
      process.stderr.write(`${what}: removed\n`);
      return 0;
    } catch (error) {
      if (isCancellation(error)) throw error;
      const sentence = sentenceFor(error);
      process.stderr.write(what === undefined || sentence.includes(what) ? `${sentence}\n` : `${what}: ${sentence}\n`);
      return 1;
    }
  },
};
