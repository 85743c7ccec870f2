// Exports that are not what they seem: each is refused before anything runs, by name, with what to do about it.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { quietJob } from '../../../src-main/base/job.ts';
import { compileModel, forecastImport } from '../../../src-main/engine/jobs/compile-model.ts';
import { readOnnxHeader } from '../../../src-main/model/onnx-header.ts';
import { isOnnxExport, readOnnxExport } from '../../../src-main/model/onnx-export.ts';
import { FilePool } from '../../../src-main/model/stored-tensor.ts';
import { writeExport } from '../../helpers/onnx-export.ts';
import { checkpointsFolder } from '../../helpers/reference.ts';

let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'lectern-onnx-export-'));
  folder = writeExport(path.join(root, 'export'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const at = (name: string): string => path.join(folder, 'onnx', name);
const refusal = (): Promise<unknown> => readOnnxExport(folder).then(() => 'taken', (error: unknown) => error);
const reasonOf = (part: string): unknown => ({ code: 'checkpoint-unsupported', data: { reason: expect.stringContaining(part) as string } });
function configure(changes: object): void {
  const config = JSON.parse(readFileSync(path.join(folder, 'config.json'), 'utf8')) as object;
  writeFileSync(path.join(folder, 'config.json'), JSON.stringify({ ...config, ...changes }));
}

/** Bytes of a field that holds other fields or text. */
const field = (number: number, content: Buffer): Buffer => Buffer.concat([Buffer.from([number * 8 + 2, ...(content.length > 127 ? [(content.length & 127) | 128, content.length >> 7] : [content.length])]), content]);
/** A graph that has one weight in another file: appended to a model it becomes a part of its graph. */
function externalWeight(location: string, length: number): Buffer {
  const entry = (key: string, value: string): Buffer => field(13, Buffer.concat([field(1, Buffer.from(key)), field(2, Buffer.from(value))]));
  return field(7, field(5, Buffer.concat([entry('location', location), entry('offset', '0'), entry('length', String(length))])));
}
const append = (name: string, bytes: Buffer): void => writeFileSync(at(name), Buffer.concat([readFileSync(at(name)), bytes]));

describe('an ONNX export', () => {
  it('is read from its headers', async () => {
    expect(await isOnnxExport(folder)).toBe(true);
    const { text, vision, embeddings, kvType, config } = await readOnnxExport(folder);
    expect([text.file, vision.file, embeddings.file, kvType, config.architecture]).toEqual(['decoder_model_merged_q4.onnx', 'vision_encoder.onnx', 'embed_tokens.onnx', 'float32', 'qwen2-vl']);
    expect((await readOnnxExport(folder, 'fp16')).kvType).toBe('float16');
    expect(text.sizeBytes).toBe(readFileSync(at('decoder_model_merged_q4.onnx')).length);
    // the graphs may also lie in the folder itself
    cpSync(at(''), folder, { recursive: true });
    rmSync(at(''), { recursive: true });
    expect((await readOnnxExport(folder)).text.files).toEqual([path.join(folder, 'decoder_model_merged_q4.onnx')]);
  });

  it('knows which files its weights lie in', async () => {
    append('vision_encoder.onnx', externalWeight('vision_encoder.onnx_data', 4000));
    expect(await refusal()).toMatchObject({ code: 'checkpoint-incomplete', data: { missing: ['vision_encoder.onnx_data'] } });
    writeFileSync(at('vision_encoder.onnx_data'), Buffer.alloc(3999));
    expect(await refusal()).toMatchObject({ code: 'checkpoint-damaged', data: { file: at('vision_encoder.onnx_data') } });
    writeFileSync(at('vision_encoder.onnx_data'), Buffer.alloc(4000));
    const { vision } = await readOnnxExport(folder);
    expect(vision.files.map((file) => path.basename(file))).toEqual(['vision_encoder.onnx', 'vision_encoder.onnx_data']);
    expect((await forecastImport({ folder })).memory.weightsBytes).toBeGreaterThan(vision.sizeBytes);
  });

  it.each(['../../secret', '/etc/passwd', '.hidden', 'a/b'])('does not fetch weights from %s', async (location) => {
    append('embed_tokens.onnx', externalWeight(location, 1));
    expect(await refusal()).toMatchObject({ code: 'checkpoint-unsafe' });
  });

  it('is not taken where the checkpoint itself is', async () => {
    cpSync(path.join(checkpointsFolder, 'qwen2-vl', 'model.safetensors'), path.join(folder, 'model.safetensors'));
    expect(await isOnnxExport(folder)).toBe(false);
    expect(await isOnnxExport(path.join(root, 'none'))).toBe(false);
  });

  it('misses a graph', async () => {
    rmSync(at('embed_tokens.onnx'));
    expect(await refusal()).toMatchObject({ code: 'checkpoint-incomplete', data: { missing: ['onnx/embed_tokens.onnx'] } });
  });

  it('misses the decoder that is asked for', async () => {
    await expect(readOnnxExport(folder, 'int8')).rejects.toMatchObject(reasonOf('it has q4, fp16, fp32') as object);
  });

  it.each([0, 1, 1000, 100_000, 300_000])('was cut off at %i bytes', async (length) => {
    truncateSync(at('decoder_model_merged_q4.onnx'), length);
    expect(await refusal()).toMatchObject({ code: length < 1024 ? 'checkpoint-incomplete' : 'checkpoint-damaged' });
  });

  it('is something else', async () => {
    writeFileSync(at('vision_encoder.onnx'), '<!doctype html>'.repeat(200));
    expect(await refusal()).toMatchObject({ code: 'checkpoint-damaged' });
    writeFileSync(at('vision_encoder.onnx'), Buffer.alloc(5000, 0xff));
    expect(await refusal()).toMatchObject({ code: 'checkpoint-damaged' });
  });

  it('has graphs of another shape than its configuration', async () => {
    configure({ num_hidden_layers: 4 });
    expect(await refusal()).toMatchObject(reasonOf('past_key_values.3.key is missing') as object);
    configure({ num_hidden_layers: 2 });
    expect(await refusal()).toMatchObject(reasonOf('past_key_values.2.key') as object);
    configure({ num_hidden_layers: 3, num_key_value_heads: 4 });
    expect(await refusal()).toMatchObject(reasonOf('input past_key_values.0.key is [batch_size, 2, past_sequence_length, 32], its configuration wants [?, 4, ?, 32]') as object);
  });

  it('has its graphs exchanged', async () => {
    cpSync(at('embed_tokens.onnx'), at('vision_encoder.onnx'));
    expect(await refusal()).toMatchObject(reasonOf('input pixel_values is missing') as object);
  });

  it('is of a generation whose exports lack something', async () => {
    cpSync(path.join(checkpointsFolder, 'qwen3-vl', 'config.json'), path.join(folder, 'config.json'));
    expect(await refusal()).toMatchObject(reasonOf('DeepStack') as object);
  });

  // Catches: a package that is put in place although its graph cannot run.
  it('leaves nothing when it does not run', async () => {
    // an operator that nobody has
    writeFileSync(at('embed_tokens.onnx'), Buffer.from(readFileSync(at('embed_tokens.onnx'), 'latin1').replaceAll('Gather', 'Father'), 'latin1'));
    const models = path.join(root, 'models');
    await expect(compileModel(quietJob(), { folder, root: models })).rejects.toMatchObject({ code: 'model-file-damaged' });
    await expect(compileModel(quietJob(AbortSignal.abort()), { folder, root: models })).rejects.toMatchObject({ code: 'job-cancelled' });
    expect(readdirSync(models)).toEqual([]);
  });
});

describe('an ONNX header', () => {
  it('is read without the weights', async () => {
    const files = new FilePool();
    let read = 0;
    const original = files.readInto.bind(files);
    files.readInto = async (file, position, target) => {
      read += target.byteLength;
      await original(file, position, target);
    };
    const { inputs, outputs, external } = await readOnnxHeader(files, at('embed_tokens.onnx'));
    await files.close();
    expect(inputs).toEqual([{ name: 'input_ids', type: 7, dims: ['batch_size', 'sequence_length'] }]);
    expect(outputs).toEqual([{ name: 'inputs_embeds', type: 1, dims: ['batch_size', 'sequence_length', 128] }]);
    expect(external.size).toBe(0);
    expect(read).toBeLessThan(200_000);
  });
});
