// The inner loops of rounding weights as 128-bit vector code: WebAssembly, assembled here so that nothing has to be built. Four values at a
// time, about twenty times as fast as the same loops in JavaScript. Pieces of a checkpoint are read into its memory and written from there.
// Knows numbers only, neither blocks nor formats.
// @source https://webassembly.github.io/spec/core/binary (opcodes)
import { assert } from '../base/errors.ts';

/** The little of the engine's own interface that is used; the compiler's types do not include it. */
interface WebAssemblyRuntime {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { readonly exports: Readonly<Record<string, unknown>> };
}

type Code = readonly number[];

function unsigned(value: number): number[] {
  const bytes: number[] = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value & 127) | 128);
  return [...bytes, value];
}

const simd = (opcode: number, ...rest: number[]): Code => [0xfd, ...unsigned(opcode), ...rest];
const get = (local: number): Code => [0x20, local];
const set = (local: number): Code => [0x21, local];
const tee = (local: number): Code => [0x22, local];
/** Up to 63: a signed number of one byte. */
const int = (value: number): Code => [0x41, value];
const load = (offset = 0): Code => simd(0x00, 2, offset);
const store = (offset = 0): Code => simd(0x0b, 2, offset);
const splat = simd(0x13);
const floats = { nearest: simd(0x6a), add: simd(0xe4), mul: simd(0xe6), least: simd(0xea), most: simd(0xeb) } as const;
const addInt: Code = [0x6a];

/** `while (pointer < end) body`, at least once; the body moves the pointer. */
function until(pointer: number, end: number, ...body: Code[]): Code {
  return [0x03, 0x40, ...body.flat(), ...get(pointer), ...get(end), 0x49, 0x0d, 0, 0x0b];
}

/** pointer += bytes */
const advance = (pointer: number, bytes: number): Code => [...get(pointer), ...int(bytes), ...addInt, ...set(pointer)];
/** The four lanes of a vector, joined by a scalar instruction. */
const joined = (vector: number, instruction: number): Code => [...[0, 1, 2, 3].flatMap((lane) => [...get(vector), ...simd(0x1f, lane), ...(lane > 0 ? [instruction] : [])])];

const wide = { i32: 0x7f, f32: 0x7d, v128: 0x7b } as const;

interface WasmFunction {
  readonly name: string;
  readonly parameters: readonly (keyof typeof wide)[];
  /** Types of the locals after the parameters. */
  readonly locals: readonly (keyof typeof wide)[];
  readonly body: Code;
}

/** nearest(x · inverse), clamped: the vectors of `inverse`, `low` and `high` are locals. */
const rounded = (inverse: number, low: number, high: number): Code => [...get(inverse), ...floats.mul, ...floats.nearest, ...get(low), ...floats.most, ...get(high), ...floats.least];

const storeFloat = (address: number, value: Code): Code => [...int(0), ...value, 0x38, 2, address];

/** Candidates are entries of a table: 1 / scale, lowest and highest integer, in 16 bytes each. */
const entryBytes = 16;

/**
 * `correlateWeighted(values, weights, end, table, tableEnd)`: for every entry, with q = clamp(nearest(values / scale)), leaves
 * Σ weights·q·values and Σ weights·q² in its first 8 bytes. Eight values at a time. `correlateEqual` takes every weight as 1.
 */
function correlate(weighted: boolean): WasmFunction {
  const [values, weights, end, entry, tableEnd] = [0, 1, 2, 3, 4] as const;
  const [at, weightAt] = [5, 6] as const;
  const [inverses, lows, highs, upper, lower, upper2, lower2, q, wq] = [7, 8, 9, 10, 11, 12, 13, 14, 15] as const;
  const half = (offset: number, over: number, under: number): Code => [
    ...get(at), ...load(offset), ...rounded(inverses, lows, highs), ...tee(q), ...(weighted ? [...get(weightAt), ...load(offset), ...floats.mul] : []), ...set(wq),
    ...get(over), ...get(wq), ...get(at), ...load(offset), ...floats.mul, ...floats.add, ...set(over),
    ...get(under), ...get(wq), ...get(q), ...floats.mul, ...floats.add, ...set(under),
  ];
  const spread = (offset: number, vector: number): Code => [...get(entry), ...simd(0x09, 2, offset), ...set(vector)];
  const none: Code = simd(0x0c, ...Array.from({ length: 16 }, () => 0));
  const storeAt = (offset: number, value: Code): Code => [...get(entry), ...value, 0x38, 2, offset];
  return {
    name: weighted ? 'correlateWeighted' : 'correlateEqual',
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32'],
    locals: ['i32', 'i32', ...Array.from({ length: 9 }, () => 'v128' as const)],
    body: until(
      entry, tableEnd,
      get(values), set(at), get(weights), set(weightAt), spread(0, inverses), spread(4, lows), spread(8, highs),
      [upper, lower, upper2, lower2].flatMap((sum) => [...none, ...set(sum)]),
      until(at, end, half(0, upper, lower), half(16, upper2, lower2), advance(at, 32), weighted ? advance(weightAt, 32) : []),
      get(upper), get(upper2), floats.add, set(upper), get(lower), get(lower2), floats.add, set(lower),
      storeAt(0, joined(upper, 0x92)), storeAt(4, joined(lower, 0x92)),
      advance(entry, entryBytes),
    ),
  };
}

/** `extremes(values, end)`: leaves the least and the greatest value, and 0, at addresses 0 and 4. */
function extremes(): WasmFunction {
  const [values, end, least, most] = [0, 1, 2, 3] as const;
  return {
    name: 'extremes',
    parameters: ['i32', 'i32'],
    locals: ['v128', 'v128'],
    body: [
      ...until(values, end, get(values), load(), get(least), floats.least, set(least), get(values), load(), get(most), floats.most, set(most), advance(values, 16)),
      ...storeFloat(0, joined(least, 0x96)), ...storeFloat(4, joined(most, 0x97)),
    ],
  };
}

/** clamp(nearest(values · inverse)) + zero of four values, as the low bytes of four 32-bit lanes. */
const bytesAt = (values: number, offset: number, inverse: number, low: number, high: number, zero: number, mask: number): Code => [
  ...get(values), ...load(offset), ...rounded(inverse, low, high), ...get(zero), ...floats.add, ...simd(0xf8), ...get(mask), ...simd(0x4e),
];

/**
 * `pack8(values, end, inverse, low, high, zero, target)`: one byte per value, two's complement.
 * `pack4`: two values per byte, the first in the low half. Both eight values at a time.
 */
function pack(bits: 4 | 8): WasmFunction {
  const [values, end, inverse, low, high, zero, target] = [0, 1, 2, 3, 4, 5, 6] as const;
  const [inverses, lows, highs, zeros, mask, eight] = [7, 8, 9, 10, 11, 12] as const;
  const at = (offset: number): Code => bytesAt(values, offset, inverses, lows, highs, zeros, mask);
  const to16 = simd(0x86);
  const to8 = simd(0x66);
  // 16-bit lanes a0 … a7 are 32-bit lanes a0 + a1·2^16; shifted right by 12 these hold a1·2^4
  const nibbles: Code = [...tee(eight), ...int(12), ...simd(0xad), ...get(eight), ...simd(0x50), ...get(mask), ...simd(0x4e), ...tee(eight), ...get(eight), ...to16];
  return {
    name: `pack${bits}`,
    parameters: ['i32', 'i32', 'f32', 'f32', 'f32', 'f32', 'i32'],
    locals: Array.from({ length: 6 }, () => 'v128' as const),
    body: [
      ...get(inverse), ...splat, ...set(inverses), ...get(low), ...splat, ...set(lows), ...get(high), ...splat, ...set(highs), ...get(zero), ...splat, ...set(zeros),
      0x41, 0xff, 0x01, ...simd(0x11), ...set(mask),
      ...until(
        values, end,
        get(target), at(0), at(16), to16, bits === 4 ? nibbles : [], tee(eight), get(eight), to8,
        bits === 4 ? simd(0x5a, 2, 0, 0) : simd(0x5b, 3, 0, 0),
        advance(values, 32), advance(target, bits === 4 ? 4 : 8),
      ),
    ],
  };
}

/** `widen(source, target, end)`: bfloat16 into float32 up to `end` of the target, eight at a time. */
function widen(): WasmFunction {
  const [source, target, end] = [0, 1, 2] as const;
  const four = (from: number, to: number): Code => [...get(target), ...get(source), ...simd(0x04, 1, from), ...int(16), ...simd(0xab), ...store(to)];
  return { name: 'widen', parameters: ['i32', 'i32', 'i32'], locals: [], body: until(target, end, four(0, 0), four(8, 16), advance(source, 16), advance(target, 32)) };
}

/**
 * `turn(source, sourceStride, target, targetStride)`: sixteen rows of sixteen bytes as columns. Interleaving the first eight rows with the
 * last eight moves the highest bit of every byte's row number to the lowest of its column number; four times exchange the two.
 */
function turn(): WasmFunction {
  const [source, sourceStride, target, targetStride, first] = [0, 1, 2, 3, 4] as const;
  const rows = (stage: number): number[] => Array.from({ length: 16 }, (_, i) => first + 16 * (stage % 2) + i);
  const interleaved = (half: number): Code => simd(0x0d, ...Array.from({ length: 16 }, (_, i) => 8 * half + (i >> 1) + 16 * (i % 2)));
  const step = (pointer: number, stride: number): Code => [...get(pointer), ...get(stride), ...addInt, ...set(pointer)];
  const stages = [0, 1, 2, 3].flatMap((stage) => rows(stage + 1).map((to, i): Code => [...get(rows(stage)[i >> 1]!), ...get(rows(stage)[8 + (i >> 1)]!), ...interleaved(i % 2), ...set(to)]));
  return {
    name: 'turn',
    parameters: ['i32', 'i32', 'i32', 'i32'],
    locals: Array.from({ length: 32 }, () => 'v128' as const),
    body: [
      ...rows(0).flatMap((row) => [...get(source), ...load(), ...set(row), ...step(source, sourceStride)]),
      ...stages.flat(),
      ...rows(4).flatMap((row) => [...get(target), ...get(row), ...store(), ...step(target, targetStride)]),
    ],
  };
}

const section = (id: number, items: readonly Code[]): Code => {
  const content = [...unsigned(items.length), ...items.flat()];
  return [id, ...unsigned(content.length), ...content];
};
const nameOf = (text: string): Code => [text.length, ...Buffer.from(text, 'latin1')];

function assemble(functions: readonly WasmFunction[], pages: number): Uint8Array {
  const bodies = functions.map(({ locals, body }) => {
    const code = [...unsigned(locals.length), ...locals.flatMap((type) => [1, wide[type]]), ...body, 0x0b];
    return [...unsigned(code.length), ...code];
  });
  return Uint8Array.from([
    0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    ...section(1, functions.map(({ parameters }) => [0x60, parameters.length, ...parameters.map((type) => wide[type]), 0])),
    ...section(3, functions.map((_, at) => [at])),
    ...section(5, [[0, ...unsigned(pages)]]),
    ...section(7, [[...nameOf('memory'), 2, 0], ...functions.map(({ name }, at) => [...nameOf(name), 0, at])]),
    ...section(10, bodies),
  ]);
}

/** Values of one row at most. */
const rowLimit = 1 << 17;
const tableEntries = 32;
/** A piece of the checkpoint comes after these, then the integers that it is rounded to. */
const places = { table: 64, values: 1024, weights: 1024 + 4 * rowLimit, source: 1024 + 8 * rowLimit } as const;
/** Vectors may be read past the end of an area. */
const slack = 64;
const pageBytes = 65536;

type Pack = (values: number, end: number, inverse: number, low: number, high: number, zero: number, target: number) => void;
type Correlate = (values: number, weights: number, end: number, table: number, tableEnd: number) => void;

interface KernelCalls {
  readonly correlateWeighted: Correlate;
  readonly correlateEqual: Correlate;
  readonly extremes: (values: number, end: number) => void;
  readonly pack4: Pack;
  readonly pack8: Pack;
  readonly widen: (source: number, target: number, end: number) => void;
  readonly turn: (source: number, sourceStride: number, target: number, targetStride: number) => void;
}

interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** A piece of a checkpoint, one of its rows at a time as float32, and the bytes that it was rounded to. */
export class RoundingKernel {
  readonly #memory: WasmMemory;
  readonly #calls: KernelCalls;
  #values = new Float32Array();
  #weights = new Float32Array();
  #table = new Float32Array();
  #results = new Float32Array();
  #weighted = false;
  #sourceBytes = 0;
  #target = 0;

  constructor() {
    const runtime = (globalThis as unknown as { WebAssembly: WebAssemblyRuntime }).WebAssembly;
    const functions = [correlate(true), correlate(false), extremes(), pack(4), pack(8), widen(), turn()];
    const { exports } = new runtime.Instance(new runtime.Module(assemble(functions, Math.ceil(places.source / pageBytes))));
    this.#memory = exports['memory'] as WasmMemory;
    this.#calls = exports as unknown as KernelCalls;
    this.#look();
  }

  #look(): void {
    const { buffer } = this.#memory;
    this.#results = new Float32Array(buffer, 0, 2);
    this.#table = new Float32Array(buffer, places.table, 4 * tableEntries);
    this.#values = new Float32Array(buffer, places.values, rowLimit);
    this.#weights = new Float32Array(buffer, places.weights, rowLimit);
  }

  #reserve(bytes: number): void {
    const missing = bytes + slack - this.#memory.buffer.byteLength;
    if (missing <= 0) return;
    this.#memory.grow(Math.ceil(missing / pageBytes));
    this.#look();
  }

  /** Room for a piece of `byteLength` bytes, to be filled by the caller. Gives up what earlier calls gave. */
  source(byteLength: number): Uint8Array {
    this.#sourceBytes = Math.ceil(byteLength / 16) * 16;
    this.#reserve(places.source + this.#sourceBytes);
    return new Uint8Array(this.#memory.buffer, places.source, byteLength);
  }

  /** Room for `byteLength` rounded bytes behind the piece. The piece stays. */
  target(byteLength: number): Uint8Array {
    this.#target = places.source + this.#sourceBytes + slack;
    this.#reserve(this.#target + byteLength);
    return new Uint8Array(this.#memory.buffer, this.#target, byteLength);
  }

  /** How much an error in each column matters: `[columns]`, null when all count alike. */
  setWeights(weights: Float32Array | null): void {
    this.#weighted = weights !== null;
    if (!weights) return;
    this.#weights.fill(1);
    this.#weights.set(weights);
  }

  /** Takes row `row` of the piece; the rest up to `padded` values, a multiple of 8, becomes zero. */
  takeRow(type: 'f32' | 'bf16', row: number, columns: number, padded: number): void {
    assert(padded <= rowLimit && padded % 8 === 0 && columns <= padded, `a row of at most ${rowLimit} values`);
    if (type === 'f32') this.#values.set(new Float32Array(this.#memory.buffer, places.source + 4 * row * columns, columns));
    else this.#calls.widen(places.source + 2 * row * columns, places.values, places.values + 4 * columns);
    if (padded > columns) this.#values.fill(0, columns, padded);
  }

  /** Candidate `at` of the next search. */
  setCandidate(at: number, inverse: number, low: number, high: number): void {
    this.#table[4 * at] = inverse;
    this.#table[4 * at + 1] = low;
    this.#table[4 * at + 2] = high;
  }

  /** Tries the first `count` candidates on values[from … to): afterwards `upper` and `lower` tell how each did. */
  correlate(from: number, to: number, count: number): void {
    const call = this.#weighted ? this.#calls.correlateWeighted : this.#calls.correlateEqual;
    call(places.values + 4 * from, places.weights + 4 * from, places.values + 4 * to, places.table, places.table + entryBytes * count);
  }

  /** Σ weights·q·values of candidate `at`. */
  upper(at: number): number {
    return this.#table[4 * at]!;
  }

  /** Σ weights·q² of candidate `at`. */
  lower(at: number): number {
    return this.#table[4 * at + 1]!;
  }

  /** Leaves the `least` and the `most` of values[from … to) and 0. */
  findExtremes(from: number, to: number): void {
    this.#calls.extremes(places.values + 4 * from, places.values + 4 * to);
  }

  get least(): number {
    return this.#results[0]!;
  }

  get most(): number {
    return this.#results[1]!;
  }

  /** Writes q + zero of values[from … to) as integers of `bits` bits from byte `at` of the target on. */
  pack(bits: 4 | 8, from: number, to: number, inverse: number, low: number, high: number, zero: number, at: number): void {
    (bits === 4 ? this.#calls.pack4 : this.#calls.pack8)(places.values + 4 * from, places.values + 4 * to, inverse, low, high, zero, this.#target + at);
  }

  /** Turns `[rows, columns]` bytes at the target's start, both multiples of 16, into `[columns, rows]` bytes right behind them. */
  turnTarget(rows: number, columns: number): void {
    const turned = this.#target + rows * columns;
    for (let row = 0; row < rows; row += 16) {
      for (let column = 0; column < columns; column += 16) this.#calls.turn(this.#target + row * columns + column, columns, turned + column * rows + row, rows);
    }
  }
}
