// Downloads against a server on this machine that drops connections, fails, lies and stalls: what becomes visible is whole, and what was
// received is never fetched twice.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { quietJob } from '../../../src-main/base/job.ts';
import { openCheckpoint } from '../../../src-main/model/checkpoint.ts';
import { checkpointFolder, downloadCheckpoint, type DownloadOptions, forecastDownload, publishedName } from '../../../src-main/model/download.ts';
import { isOnnxExport, readOnnxExport } from '../../../src-main/model/onnx-export.ts';
import { chooseFiles } from '../../../src-main/model/hub.ts';
import { type HubServer, startHub } from '../../helpers/hub-server.ts';
import { writeExport } from '../../helpers/onnx-export.ts';
import { checkpointsFolder } from '../../helpers/reference.ts';

const repository = 'Qwen/Qwen2-VL-Tiny';
const source = path.join(checkpointsFolder, 'qwen2-vl');
const segmentBytes = 100_000;

let root: string;
let hub: HubServer;
let options: DownloadOptions;
beforeEach(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'lectern-download-'));
  hub = await startHub(repository, source);
  options = { endpoint: hub.endpoint, segmentBytes, retryMs: 1 };
});
afterEach(async () => {
  await hub.close();
  rmSync(root, { recursive: true, force: true });
});

const download = (signal?: AbortSignal): Promise<string> => downloadCheckpoint(quietJob(signal), root, repository, options);
const visible = (): string[] => readdirSync(root).filter((name) => !name.startsWith('.'));

async function expectWhole(folder: string): Promise<void> {
  expect(folder).toBe(checkpointFolder(root, repository));
  expect(readFileSync(path.join(folder, 'model.safetensors')).equals(readFileSync(path.join(source, 'model.safetensors')))).toBe(true);
  // Recordings beside the checkpoint are no part of it.
  expect(readdirSync(folder)).not.toContain('reference.safetensors');
  expect(readdirSync(folder)).not.toContain('download.json');
  await (await openCheckpoint(folder)).close();
}

describe('downloading', () => {
  it('fetches a checkpoint in segments and does not fetch it again', async () => {
    await expectWhole(await download());
    expect(hub.requests.filter((one) => one.startsWith('model.safetensors')).length).toBe(Math.ceil(readFileSync(path.join(source, 'model.safetensors')).length / segmentBytes));
    const before = hub.requests.length;
    await download();
    expect(hub.requests.length).toBe(before);
  });

  it('names what it fetched after the repository', () => {
    expect(publishedName(checkpointFolder(root, repository))).toBe('Qwen2-VL-Tiny');
    expect(publishedName('/models/Qwen2-VL-2B')).toBe('Qwen2-VL-2B');
    expect(publishedName('/models/odd--')).toBe('odd--');
  });

  it('survives dropped connections and failing answers', async () => {
    hub.trouble = { dropEvery: 3, failEvery: 5 };
    await expectWhole(await download());
  });

  it('goes on behind what a dropped connection brought, however often it drops', async () => {
    const forecast = await forecastDownload(quietJob(), repository, options);
    // A segment takes eleven connections: counted as failures, two of them would end it.
    hub.trouble = { dropAfterBytes: 9_500 };
    await expectWhole(await downloadCheckpoint(quietJob(), root, repository, { ...options, attempts: 2 }, forecast));
  });

  it('a connection that drops under the first look at the configuration is no refusal', async () => {
    // One of two consecutive looks is dropped in the middle, whatever was fetched before.
    hub.trouble = { dropEvery: 2 };
    for (let look = 0; look < 2; look++) expect((await forecastDownload(quietJob(), repository, options)).downloadBytes).toBeGreaterThan(0);
  });

  it('copes with a server that ignores ranges', async () => {
    hub.trouble = { ignoreRanges: true };
    await expectWhole(await download());
  });

  it('goes on where an interrupted download stopped', async () => {
    hub.trouble = { stallAfter: 12 };
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 400);
    await expect(download(controller.signal)).rejects.toMatchObject({ code: 'job-cancelled' });
    expect(visible()).toEqual([]);
    const { done } = JSON.parse(readFileSync(path.join(root, '.Qwen--Qwen2-VL-Tiny.download', 'download.json'), 'utf8')) as { done: Record<string, number[]> };
    const finished = Object.entries(done).flatMap(([name, indexes]) => indexes.map((index) => `${name} ${index * segmentBytes}-`));
    expect(finished.length).toBeGreaterThan(5);
    hub.requests.length = 0;
    hub.trouble = {};
    await expectWhole(await download());
    // The first request is the forecast's config.json.
    expect(hub.requests.slice(1).filter((one) => finished.some((known) => one.startsWith(known)))).toEqual([]);
  });

  it('starts anew when the repository has another commit', async () => {
    hub.trouble = { stallAfter: 8 };
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 300);
    await expect(download(controller.signal)).rejects.toMatchObject({ code: 'job-cancelled' });
    const state = path.join(root, '.Qwen--Qwen2-VL-Tiny.download', 'download.json');
    writeFileSync(state, readFileSync(state, 'utf8').replace(hub.commit, 'f'.repeat(40)));
    hub.trouble = {};
    hub.requests.length = 0;
    await expectWhole(await download());
    expect(hub.requests.filter((one) => one.startsWith('model.safetensors 0-')).length).toBe(1);
  });

  it('finds a damaged file by its hash and fetches only that one again', async () => {
    hub.trouble = { corrupt: 'model.safetensors' };
    await expect(download()).rejects.toMatchObject({ code: 'download-corrupt', data: { file: 'model.safetensors' } });
    expect(visible()).toEqual([]);
    hub.trouble = {};
    hub.requests.length = 0;
    await expectWhole(await download());
    expect(new Set(hub.requests.slice(1).map((one) => one.split(' ')[0]))).toEqual(new Set(['model.safetensors']));
  });

  it('finds a damaged small file too', async () => {
    hub.trouble = { corrupt: 'merges.txt' };
    await expect(download()).rejects.toMatchObject({ code: 'download-corrupt', data: { file: 'merges.txt' } });
  });

  it('gives up on a server that only fails, and says with what', async () => {
    hub.trouble = { failEvery: 1 };
    await expect(downloadCheckpoint(quietJob(), root, repository, { ...options, attempts: 2 })).rejects.toMatchObject({ code: 'download-failed' });
  });

  it.each([[404, 'download-not-found'], [401, 'download-forbidden'], [403, 'download-forbidden'], [503, 'download-failed']])('names an answer of %i', async (status, code) => {
    hub.trouble = { status };
    await expect(download()).rejects.toMatchObject({ code });
    expect(visible()).toEqual([]);
  });

  it('names a server that is not there, and a repository that cannot be', async () => {
    await expect(downloadCheckpoint(quietJob(), root, repository, { ...options, endpoint: 'http://127.0.0.1:9' })).rejects.toMatchObject({ code: 'network-unavailable' });
    await expect(downloadCheckpoint(quietJob(), root, '../../etc', options)).rejects.toMatchObject({ code: 'download-not-found' });
  });

  it('sends a token to this endpoint', async () => {
    await downloadCheckpoint(quietJob(), root, repository, { ...options, token: 'hf_test' });
    expect([...hub.tokens]).toEqual(['Bearer hf_test']);
  });

  it('forecasts from the list of files and config.json alone', async () => {
    const forecast = await forecastDownload(quietJob(), repository, options);
    expect(forecast.downloadBytes).toBeGreaterThan(1_900_000);
    expect(forecast.packageBytes).toBeLessThan(forecast.downloadBytes);
    expect(hub.requests.every((one) => one.startsWith('config.json'))).toBe(true);
    expect(existsSync(checkpointFolder(root, repository))).toBe(false);
  });
});

describe('an ONNX export', () => {
  it('is fetched in one variant of each graph, and is one when it is there', async () => {
    const published = writeExport(path.join(root, 'published'));
    const exports = await startHub('onnx-community/Tiny', published);
    try {
      const other = { ...options, endpoint: exports.endpoint };
      const forecast = await forecastDownload(quietJob(), 'onnx-community/Tiny', other);
      expect(forecast.packageBytes).toBe(forecast.downloadBytes);
      exports.trouble = { dropEvery: 3 };
      const folder = await downloadCheckpoint(quietJob(), path.join(root, 'models'), 'onnx-community/Tiny', other);
      expect(readdirSync(path.join(folder, 'onnx')).sort()).toEqual(['decoder_model_merged_q4.onnx', 'embed_tokens.onnx', 'vision_encoder.onnx']);
      expect(await isOnnxExport(folder)).toBe(true);
      expect((await readOnnxExport(folder)).text.variant).toBe('q4');
    } finally {
      await exports.close();
    }
  });
});

it('chooses one format of weights, and nothing else', () => {
  const file = (name: string) => ({ name, sizeBytes: 1, hash: { kind: 'sha256' as const, value: '0' } });
  const names = (...list: string[]): string[] => chooseFiles(list.map(file)).map((one) => one.name);
  expect(names('config.json', 'model-00001-of-00002.safetensors', 'model.safetensors.index.json', 'pytorch_model.bin', 'modeling_qwen.py', 'SimSun.ttf', 'assets/demo.jpg', 'onnx/model.onnx', '.gitattributes')).toEqual(['config.json', 'model-00001-of-00002.safetensors', 'model.safetensors.index.json']);
  expect(names('config.json', 'qwen.tiktoken', 'pytorch_model-00001-of-00010.bin', 'pytorch_model.bin.index.json', 'training_args.bin')).toEqual(['config.json', 'qwen.tiktoken', 'pytorch_model-00001-of-00010.bin', 'pytorch_model.bin.index.json']);
  const graphs = ['onnx/decoder_model_merged.onnx', 'onnx/decoder_model_merged.onnx_data', 'onnx/decoder_model_merged_fp16.onnx', 'onnx/decoder_model_merged_fp16.onnx_data', 'onnx/decoder_model_merged_fp16.onnx_data_1', 'onnx/vision_encoder.onnx', 'onnx/embed_tokens_fp16.onnx'];
  expect(names('config.json', ...graphs)).toEqual(['config.json', ...graphs.slice(2)]);
  expect(names('config.json', ...graphs.slice(0, -1))).toEqual(['config.json']);
  expect(names('config.json', 'onnx/../../x.onnx', 'onnx/.onnx')).toEqual(['config.json']);
});
