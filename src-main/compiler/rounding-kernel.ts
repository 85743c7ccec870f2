// The inner loops of rounding weights as 128-bit vector code: WebAssembly, assembled here so that nothing has to be built. Four values at a
// time, about twenty times as fast as the same loops in JavaScript. Knows numbers only, neither blocks nor formats.
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
 * `correlate(values, weights, end, table, tableEnd)`: for every entry, with q = clamp(nearest(values / scale)), leaves Σ weights·q·values
 * and Σ weights·q² in its first 8 bytes. Eight values at a time.
 */
function correlate(): WasmFunction {
  const [values, weights, end, entry, tableEnd] = [0, 1, 2, 3, 4] as const;
  const [at, weightAt] = [5, 6] as const;
  const [inverses, lows, highs, upper, lower, upper2, lower2, q, wq] = [7, 8, 9, 10, 11, 12, 13, 14, 15] as const;
  const half = (offset: number, over: number, under: number): Code => [
    ...get(at), ...load(offset), ...rounded(inverses, lows, highs), ...tee(q), ...get(weightAt), ...load(offset), ...floats.mul, ...set(wq),
    ...get(over), ...get(wq), ...get(at), ...load(offset), ...floats.mul, ...floats.add, ...set(over),
    ...get(under), ...get(wq), ...get(q), ...floats.mul, ...floats.add, ...set(under),
  ];
  const spread = (offset: number, vector: number): Code => [...get(entry), ...simd(0x09, 2, offset), ...set(vector)];
  const none: Code = simd(0x0c, ...Array.from({ length: 16 }, () => 0));
  const storeAt = (offset: number, value: Code): Code => [...get(entry), ...value, 0x38, 2, offset];
  return {
    name: 'correlate',
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32'],
    locals: ['i32', 'i32', ...Array.from({ length: 9 }, () => 'v128' as const)],
    body: until(
      entry, tableEnd,
      get(values), set(at), get(weights), set(weightAt), spread(0, inverses), spread(4, lows), spread(8, highs),
      [upper, lower, upper2, lower2].flatMap((sum) => [...none, ...set(sum)]),
      until(at, end, half(0, upper, lower), half(16, upper2, lower2), advance(at, 32), advance(weightAt, 32)),
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
const places = { table: 64, values: 1024, weights: 1024 + 4 * rowLimit, target: 1024 + 8 * rowLimit } as const;

type Pack = (values: number, end: number, inverse: number, low: number, high: number, zero: number, target: number) => void;

interface KernelCalls {
  readonly correlate: (values: number, weights: number, end: number, table: number, tableEnd: number) => void;
  readonly extremes: (values: number, end: number) => void;
  readonly pack4: Pack;
  readonly pack8: Pack;
}

/** One row of values in the kernel's memory, its weights, and the bytes that it was rounded to. */
export class RoundingKernel {
  /** How much an error in each column matters. */
  readonly weights: Float32Array;
  readonly target: Uint8Array;
  readonly #values: Float32Array;
  readonly #table: Float32Array;
  readonly #results: Float32Array;
  readonly #calls: KernelCalls;

  constructor() {
    const runtime = (globalThis as unknown as { WebAssembly: WebAssemblyRuntime }).WebAssembly;
    const pages = Math.ceil((places.target + rowLimit) / 65536);
    const { exports } = new runtime.Instance(new runtime.Module(assemble([correlate(), extremes(), pack(4), pack(8)], pages)));
    const { buffer } = exports['memory'] as { buffer: ArrayBuffer };
    this.#calls = exports as unknown as KernelCalls;
    this.#results = new Float32Array(buffer, 0, 2);
    this.#table = new Float32Array(buffer, places.table, 4 * tableEntries);
    this.#values = new Float32Array(buffer, places.values, rowLimit);
    this.weights = new Float32Array(buffer, places.weights, rowLimit);
    this.target = new Uint8Array(buffer, places.target, rowLimit);
  }

  /** Takes a row; the rest up to `padded` values, a multiple of 8, becomes zero. */
  takeRow(row: Float32Array, padded: number): void {
    assert(padded <= rowLimit && padded % 8 === 0, `a row of at most ${rowLimit} values`);
    this.#values.set(row);
    if (padded > row.length) this.#values.fill(0, row.length, padded);
  }

  /** Candidate `at` of the next search. */
  setCandidate(at: number, inverse: number, low: number, high: number): void {
    this.#table[4 * at] = inverse;
    this.#table[4 * at + 1] = low;
    this.#table[4 * at + 2] = high;
  }

  /** Tries the first `count` candidates on values[from … to): afterwards `upper` and `lower` tell how each did. */
  correlate(from: number, to: number, count: number): void {
    this.#calls.correlate(places.values + 4 * from, places.weights + 4 * from, places.values + 4 * to, places.table, places.table + entryBytes * count);
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
    (bits === 4 ? this.#calls.pack4 : this.#calls.pack8)(places.values + 4 * from, places.values + 4 * to, inverse, low, high, zero, places.target + at);
  }
}
