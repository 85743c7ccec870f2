// Compiling as a whole: the same bytes every time, nothing left behind when it ends early, every refusal before the first byte.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../src-main/base/errors.ts';
import { quietJob } from '../../../src-main/base/job.ts';
import { compileCheckpoint, type CompileOptions, forecastCompile, packageId, usualOptions } from '../../../src-main/compiler/compile.ts';
import { weightFormat } from '../../../src-main/compiler/weight-formats.ts';
import { listPackages, readPackage, removePackage, verifyPackage } from '../../../src-main/model/store.ts';
import { checkpointsFolder } from '../../helpers/reference.ts';

const options: CompileOptions = { ...usualOptions, text: weightFormat('int4', { block: 32 }), head: weightFormat('int4', { block: 32 }), fast: true };
const source = (name: string): string => path.join(checkpointsFolder, name);

let root: string;
beforeEach(() => void (root = mkdtempSync(path.join(tmpdir(), 'lectern-compile-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

const contents = (folder: string): Record<string, string> => Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(path.join(folder, name)).toString('base64')]));

describe('compiling', () => {
  it('gives the same bytes for the same checkpoint', async () => {
    await compileCheckpoint(quietJob(), source('qwen2.5-vl'), options, { root, id: 'one' });
    await compileCheckpoint(quietJob(), source('qwen2.5-vl'), options, { root: path.join(root, 'again'), id: 'one' });
    expect(contents(path.join(root, 'one'))).toEqual(contents(path.join(root, 'again', 'one')));
  });

  it('describes a package that the store finds whole', async () => {
    const manifest = await compileCheckpoint(quietJob(), source('qwen3-vl'), options, { root, id: 'one' });
    expect(manifest.graphs).toMatchObject({ text: 'text.onnx', textFast: 'text-fast.onnx', vision: 'vision.onnx', textLayer: { graph: 'text-layer.onnx', data: 'text.onnx.data' } });
    const { packages, broken } = await listPackages(root);
    expect(broken).toEqual([]);
    expect(packages.map((one) => one.manifest)).toEqual([manifest]);
    expect(await verifyPackage(quietJob(), path.join(root, 'one'))).toEqual([]);
  });

  // Catches: a package that cannot tell what it was made from, or that says so of any checkpoint.
  it('knows the weights that it is made from', async () => {
    const folder = path.join(root, 'checkpoint');
    cpSync(source('qwen2.5-vl'), folder, { recursive: true });
    const manifest = await compileCheckpoint(quietJob(), folder, options, { root, id: 'one' });
    expect(manifest.source.files.map((file) => file.name)).toEqual(['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors']);
    expect(await verifyPackage(quietJob(), path.join(root, 'one'), folder)).toEqual([]);
    const shard = path.join(folder, 'model-00002-of-00002.safetensors');
    const bytes = readFileSync(shard);
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(shard, bytes);
    expect(await verifyPackage(quietJob(), path.join(root, 'one'), folder)).toEqual([`${shard}: its content has changed`]);
  });

  it('leaves nothing when it is cancelled, wherever that happens', async () => {
    for (const stopAt of [0, 5, 20, 40]) {
      const controller = new AbortController();
      let moments = 0;
      const job = { ...quietJob(controller.signal), progress: () => void (moments++ === stopAt && controller.abort()) };
      await expect(compileCheckpoint(job, source('qwen2-vl'), options, { root, id: 'one' })).rejects.toMatchObject({ code: 'job-cancelled' });
      expect(moments).toBeGreaterThan(stopAt);
      expect(readdirSync(root)).toEqual([]);
    }
  });

  it('leaves nothing when the smoke run fails, and shows it a finished package', async () => {
    const seen: string[] = [];
    const smokeRun = async (_job: unknown, folder: string): Promise<void> => {
      seen.push((await readPackage(folder)).manifest.id);
      throw new AppError('logits-not-finite');
    };
    await expect(compileCheckpoint(quietJob(), source('qwen2-vl'), options, { root, id: 'one', smokeRun })).rejects.toMatchObject({ code: 'logits-not-finite' });
    expect(seen).toEqual(['one']);
    expect(readdirSync(root)).toEqual([]);
  });

  it('does not touch a package of the same name unless told to', async () => {
    await compileCheckpoint(quietJob(), source('qwen2-vl'), options, { root, id: 'one' });
    const before = contents(path.join(root, 'one'));
    await expect(compileCheckpoint(quietJob(), source('qwen3-vl'), options, { root, id: 'one' })).rejects.toMatchObject({ code: 'package-exists' });
    expect(contents(path.join(root, 'one'))).toEqual(before);
    expect((await compileCheckpoint(quietJob(), source('qwen3-vl'), options, { root, id: 'one', overwrite: true })).architecture).toBe('qwen3-vl');
  });

  it('clears away what a killed compile left, not what a living one is making', async () => {
    const dead = path.join(root, '.old.4194304.partial');
    const living = path.join(root, `.new.${process.ppid}.partial`);
    for (const folder of [dead, living]) mkdirSync(folder);
    await listPackages(root);
    expect([existsSync(dead), existsSync(living)]).toEqual([false, true]);
  });

  it('names every missing tensor before it writes', async () => {
    const folder = path.join(root, 'checkpoint');
    cpSync(source('qwen2-vl'), folder, { recursive: true });
    const config = JSON.parse(readFileSync(path.join(folder, 'config.json'), 'utf8')) as Record<string, unknown>;
    writeFileSync(path.join(folder, 'config.json'), JSON.stringify({ ...config, num_hidden_layers: 4 }));
    const target = path.join(root, 'packages');
    await expect(compileCheckpoint(quietJob(), folder, options, { root: target, id: 'one' })).rejects.toMatchObject({
      code: 'tensor-missing', data: { tensors: expect.arrayContaining(['model.language_model.layers.3.mlp.down_proj.weight']) as unknown },
    });
    writeFileSync(path.join(folder, 'config.json'), JSON.stringify({ ...config, intermediate_size: 160 }));
    await expect(compileCheckpoint(quietJob(), folder, options, { root: target, id: 'one' })).rejects.toMatchObject({ code: 'tensor-shape', data: { found: '[128, 128]', expected: '[160, 128]' } });
    expect(existsSync(target)).toBe(false);
  });

  it('forecasts about what it then takes', async () => {
    const forecast = await forecastCompile(source('qwen2-vl'), options);
    const manifest = await compileCheckpoint(quietJob(), source('qwen2-vl'), options, { root, id: 'one' });
    const data = manifest.files.filter((file) => file.name.endsWith('.onnx.data')).reduce((sum, file) => sum + file.sizeBytes, 0);
    expect(forecast.outline.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)).toBe(data);
    expect(manifest.files.reduce((sum, file) => sum + file.sizeBytes, 0)).toBeLessThan(forecast.diskBytes);
  });

  it('makes names that folders can have', () => {
    expect(packageId('/models/Qwen2.5-VL-3B Instruct', 'int4')).toBe('qwen2.5-vl-3b-instruct-int4');
    expect(packageId('/models/通义', 'int4')).toBe('model-int4');
  });
});

describe('the store', () => {
  it('finds changed, short and missing files, and removes what it is told to', async () => {
    const folder = path.join(root, 'one');
    await compileCheckpoint(quietJob(), source('qwen2-vl'), options, { root, id: 'one' });
    const data = readFileSync(path.join(folder, 'text.onnx.data'));
    data[1000]! ^= 1;
    writeFileSync(path.join(folder, 'text.onnx.data'), data);
    writeFileSync(path.join(folder, 'config.json'), '{}');
    rmSync(path.join(folder, 'vocab.json'));
    expect(await verifyPackage(quietJob(), folder)).toEqual([expect.stringContaining('config.json'), 'text.onnx.data: its content has changed', 'vocab.json: missing']);
    writeFileSync(path.join(folder, 'package.json'), '{"formatVersion": 9}');
    expect((await listPackages(root)).broken.map((one) => one.id)).toEqual(['one']);
    await expect(removePackage(root, '../one')).rejects.toMatchObject({ code: 'model-not-found', data: { known: ['one'] } });
    await removePackage(root, 'one');
    expect(readdirSync(root)).toEqual([]);
  });
});
