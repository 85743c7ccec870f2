// Writes model files full of random weights: a bfloat16 safetensors checkpoint for our compiler and a Q4_0 GGUF of the same decoder for
// llama.cpp. No two layers are alike: runtimes keep equal weights once, which would flatter them. Knows file formats, no engine.
// @source https://huggingface.co/docs/safetensors, https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { elementsOf, tensorsOf, type ModelShape } from './model-shapes.ts';

/** Random 32-bit words, fast: xorshift. */
class RandomWords {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 1;
  }

  fill(words: Uint32Array): Uint32Array {
    let state = this.#state;
    for (let i = 0; i < words.length; i++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      words[i] = state;
    }
    this.#state = state;
    return words;
  }
}

/** 65,536 numbers of a normal distribution as bfloat16: an index of 16 random bits gives one. */
function normalTable(deviation: number): Uint16Array {
  const bits = new Uint32Array(1);
  const float = new Float32Array(bits.buffer);
  return Uint16Array.from({ length: 65536 }, (_, at) => {
    // the sum of four even spreads is near enough to a normal one; the spreads are the digits of the index
    const digits = [at & 15, (at >> 4) & 15, (at >> 8) & 15, at >> 12].reduce((sum, digit) => sum + (digit - 7.5) / 4.61, 0);
    float[0] = (digits / 2) * deviation;
    return bits[0]! >>> 16;
  });
}

const one16 = 0x3f80;

/** `folder/model.safetensors`; gives its size. */
export function writeCheckpoint(shape: ModelShape, folder: string): number {
  const tensors = tensorsOf(shape);
  let end = 0;
  const header = Buffer.from(JSON.stringify(Object.fromEntries(tensors.map((tensor) => {
    const start = end;
    end += 2 * elementsOf(tensor);
    return [tensor.name, { dtype: 'BF16', shape: tensor.dims, data_offsets: [start, end] }];
  }))));
  const file = openSync(join(folder, 'model.safetensors'), 'w');
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  writeSync(file, length);
  writeSync(file, header);
  const table = normalTable(0.02);
  const random = new RandomWords(20240830);
  const words = new Uint32Array(1 << 21);
  const halves = new Uint16Array(words.length * 2);
  for (const tensor of tensors) {
    const isNorm = /(norm\d?|layernorm|ln_q)\.weight$/.test(tensor.name);
    for (let left = elementsOf(tensor); left > 0; left -= halves.length) {
      const count = Math.min(left, halves.length);
      if (isNorm) halves.fill(one16, 0, count);
      else {
        random.fill(words);
        for (let i = 0; i < words.length; i++) {
          halves[2 * i] = table[words[i]! & 0xffff]!;
          halves[2 * i + 1] = table[words[i]! >>> 16]!;
        }
      }
      writeSync(file, halves, 0, 2 * count);
    }
  }
  closeSync(file);
  return 8 + header.length + end;
}

const ggml = { f32: { type: 0, block: 1, bytes: 4 }, q4_0: { type: 2, block: 32, bytes: 18 }, q6_k: { type: 14, block: 256, bytes: 210 } } as const;

interface GgufTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly format: keyof typeof ggml;
}

/** The decoder's tensors as llama.cpp names and stores them in a Q4_0 file: the output head, or the table that serves as one, in Q6_K. */
function ggufTensors(shape: ModelShape): GgufTensor[] {
  const { hidden, heads, kvHeads, headDim, intermediate, vocabulary } = shape;
  const tensors: GgufTensor[] = [];
  const add = (name: string, format: keyof typeof ggml, ...dims: number[]): void => void tensors.push({ name, format, dims });
  add('token_embd.weight', shape.tied ? 'q6_k' : 'q4_0', vocabulary, hidden);
  for (let i = 0; i < shape.layers; i++) {
    const at = `blk.${i}`;
    add(`${at}.attn_norm.weight`, 'f32', hidden);
    for (const [name, outputs] of [['q', heads * headDim], ['k', kvHeads * headDim], ['v', kvHeads * headDim]] as const) {
      add(`${at}.attn_${name}.weight`, 'q4_0', outputs, hidden);
      add(`${at}.attn_${name}.bias`, 'f32', outputs);
    }
    add(`${at}.attn_output.weight`, 'q4_0', hidden, heads * headDim);
    add(`${at}.ffn_norm.weight`, 'f32', hidden);
    add(`${at}.ffn_gate.weight`, 'q4_0', intermediate, hidden);
    add(`${at}.ffn_up.weight`, 'q4_0', intermediate, hidden);
    add(`${at}.ffn_down.weight`, 'q4_0', hidden, intermediate);
  }
  add('output_norm.weight', 'f32', hidden);
  if (!shape.tied) add('output.weight', 'q6_k', vocabulary, hidden);
  return tensors;
}

type GgufValue = { u32: number } | { f32: number } | { text: string } | { texts: readonly string[] } | { i32s: readonly number[] };

class GgufWriter {
  readonly #parts: Buffer[] = [];

  u32(value: number): this {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value);
    this.#parts.push(bytes);
    return this;
  }

  u64(value: number): this {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt(value));
    this.#parts.push(bytes);
    return this;
  }

  text(value: string): this {
    const bytes = Buffer.from(value, 'utf8');
    this.u64(bytes.length).#parts.push(bytes);
    return this;
  }

  value(value: GgufValue): this {
    if ('u32' in value) return this.u32(4).u32(value.u32);
    if ('text' in value) return this.u32(8).text(value.text);
    if ('f32' in value) {
      this.u32(6).#parts.push(Buffer.from(Float32Array.of(value.f32).buffer));
      return this;
    }
    if ('texts' in value) {
      this.u32(9).u32(8).u64(value.texts.length);
      for (const one of value.texts) this.text(one);
      return this;
    }
    this.u32(9).u32(5).u64(value.i32s.length).#parts.push(Buffer.from(Int32Array.from(value.i32s).buffer));
    return this;
  }

  finish(): Buffer {
    const bytes = Buffer.concat(this.#parts);
    return Buffer.concat([bytes, Buffer.alloc((32 - (bytes.length % 32)) % 32)]);
  }
}

/** A short vocabulary that is real, filled up to the model's size: the engines are given token numbers, never text. */
function vocabularyOf(shape: ModelShape, fixtures: string): Readonly<Record<string, GgufValue>> {
  const source = join(fixtures, shape.generation);
  const known = Object.keys(JSON.parse(readFileSync(join(source, 'vocab.json'), 'utf8')) as object);
  const merges = readFileSync(join(source, 'merges.txt'), 'utf8').split('\n').filter((line) => line.includes(' ') && !line.startsWith('#'));
  const texts = Array.from({ length: shape.vocabulary }, (_, at) => known[at] ?? `[unused ${at}]`);
  return {
    'tokenizer.ggml.model': { text: 'gpt2' }, 'tokenizer.ggml.pre': { text: 'qwen2' }, 'tokenizer.ggml.tokens': { texts }, 'tokenizer.ggml.merges': { texts: merges },
    'tokenizer.ggml.token_type': { i32s: texts.map((_, at) => (at < known.length ? 1 : 5)) },
    'tokenizer.ggml.eos_token_id': { u32: shape.vocabulary - 1 }, 'tokenizer.ggml.bos_token_id': { u32: shape.vocabulary - 1 },
  };
}

/** Fills `bytes` with blocks of `format`: random integers, and scales that keep numbers in a usual range. */
function fillBlocks(bytes: Uint8Array, format: 'q4_0' | 'q6_k', random: RandomWords): void {
  const words = new Uint32Array(bytes.buffer, 0, bytes.byteLength >> 2);
  random.fill(words);
  if (format === 'q4_0') {
    // 0.0043 as a half: the integers spread by 4.6, so weights by 0.02
    for (let at = 0; at < bytes.byteLength; at += 18) {
      bytes[at] = 0x67;
      bytes[at + 1] = 0x1c;
    }
    return;
  }
  for (let at = 0; at < bytes.byteLength; at += 210) {
    for (let i = at + 192; i < at + 208; i++) bytes[i] = 8 + (bytes[i]! & 15);
    // 7e-5 as a half
    bytes[at + 208] = 0x96;
    bytes[at + 209] = 0x04;
  }
}

/** The decoder as a Q4_0 GGUF file; gives its size. */
export function writeGguf(shape: ModelShape, path: string, fixtures: string): number {
  const tensors = ggufTensors(shape);
  const metadata: Readonly<Record<string, GgufValue>> = {
    'general.architecture': { text: 'qwen2' }, 'general.name': { text: shape.name }, 'general.file_type': { u32: 2 }, 'general.quantization_version': { u32: 2 },
    'qwen2.block_count': { u32: shape.layers }, 'qwen2.context_length': { u32: 32768 }, 'qwen2.embedding_length': { u32: shape.hidden },
    'qwen2.feed_forward_length': { u32: shape.intermediate }, 'qwen2.attention.head_count': { u32: shape.heads }, 'qwen2.attention.head_count_kv': { u32: shape.kvHeads },
    'qwen2.attention.layer_norm_rms_epsilon': { f32: 1e-6 }, 'qwen2.rope.freq_base': { f32: 1e6 },
    ...vocabularyOf(shape, fixtures),
  };
  const writer = new GgufWriter().u32(0x46554747).u32(3).u64(tensors.length).u64(Object.keys(metadata).length);
  for (const [key, value] of Object.entries(metadata)) writer.text(key).value(value);
  const bytesOf = ({ format, dims }: GgufTensor): number => (dims.reduce((product, dim) => product * dim, 1) / ggml[format].block) * ggml[format].bytes;
  let offset = 0;
  for (const tensor of tensors) {
    // the fastest axis comes first
    writer.text(tensor.name).u32(tensor.dims.length);
    for (const dim of tensor.dims.toReversed()) writer.u64(dim);
    writer.u32(ggml[tensor.format].type).u64(offset);
    offset += Math.ceil(bytesOf(tensor) / 32) * 32;
  }
  const file = openSync(path, 'w');
  const header = writer.finish();
  writeSync(file, header);
  const random = new RandomWords(7);
  for (const tensor of tensors) {
    const total = bytesOf(tensor);
    const padded = Math.ceil(total / 32) * 32;
    if (tensor.format === 'f32') {
      const values = new Float32Array(padded / 4).fill(tensor.name.endsWith('norm.weight') ? 1 : 0);
      writeSync(file, values);
      continue;
    }
    const piece = new Uint8Array(ggml[tensor.format].bytes * 32768);
    let left = total;
    for (; left > 0; left -= piece.byteLength) {
      fillBlocks(piece, tensor.format, random);
      writeSync(file, piece, 0, Math.min(left, piece.byteLength));
    }
    if (padded > total) writeSync(file, new Uint8Array(padded - total));
  }
  closeSync(file);
  return header.length + offset;
}
