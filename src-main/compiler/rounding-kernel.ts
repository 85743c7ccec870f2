// The inner loops of rounding weights as 128-bit vector code. Pieces of a checkpoint are read into its memory and written from there.
// Knows numbers only, neither blocks nor formats.
import { assert } from '../base/errors.ts';
import { goodAddress } from './page-memory.ts';
import { search, startBytes } from './scale-search.ts';
import {
  addInt, advance, and, before, both, call, type Code, either, float, floats, get, instantiate, int, ints, keepFloat, lane, load, loadWidened, roundingFloat, scalar, select, set, shiftRight, shorts, store, storePart, takeFloat, takeInt, tee, turn,
  until, type WasmFunction, type WasmMemory, when,
} from '../base/vector-code.ts';

/** The four lanes of a vector, joined by a scalar instruction. */
const joined = (vector: number, instruction: Code): Code => [0, 1, 2, 3].flatMap((at) => [...get(vector), ...lane(at), ...(at > 0 ? instruction : [])]);

/** `extremes(values, end)`: leaves the least and the greatest value, and 0, at addresses 0 and 4. */
function extremes(): WasmFunction {
  const [values, end, least, most] = [0, 1, 2, 3] as const;
  const kept = (address: number, value: Code): Code => [...int(address), ...value, ...keepFloat];
  return {
    name: 'extremes',
    parameters: ['i32', 'i32'],
    locals: ['v128', 'v128'],
    body: [
      ...until(values, end, get(values), load(), get(least), floats.least, set(least), get(values), load(), get(most), floats.most, set(most), advance(values, 16)),
      ...kept(0, joined(least, scalar.least)), ...kept(4, joined(most, scalar.most)),
    ],
  };
}

/**
 * `pack8(values, end, inverse, low, high, zero, target)`: nearest(clamp(value · inverse)) + zero as one byte per value, two's complement.
 * `pack4`: two values per byte, the first in the low half. Both eight values at a time.
 */
function pack(bits: 4 | 8): WasmFunction {
  const [values, end, inverse, low, high, zero, target] = [0, 1, 2, 3, 4, 5, 6] as const;
  const [inverses, lows, highs, rounding, zeros, mask, eight] = [7, 8, 9, 10, 11, 12, 13] as const;
  const four = (offset: number): Code => [
    ...get(values), ...load(offset), ...get(inverses), ...floats.mul, ...get(lows), ...floats.most, ...get(highs), ...floats.least,
    ...get(rounding), ...floats.add, ...get(zeros), ...ints.add, ...get(mask), ...both,
  ];
  // 16-bit lanes a0 … a7 are 32-bit lanes a0 + a1·2^16; shifted right by 12 these hold a1·2^4
  const nibbles: Code = [...tee(eight), ...int(12), ...ints.shiftRight, ...get(eight), ...either, ...get(mask), ...both, ...tee(eight), ...get(eight), ...shorts.unsignedFromInts];
  const spread = (from: number, to: number): Code => [...get(from), ...floats.splat, ...set(to)];
  return {
    name: `pack${bits}`,
    parameters: ['i32', 'i32', 'f32', 'f32', 'f32', 'i32', 'i32'],
    locals: Array.from({ length: 7 }, () => 'v128' as const),
    body: [
      spread(inverse, inverses), spread(low, lows), spread(high, highs), float(roundingFloat), floats.splat, set(rounding), get(zero), ints.splat, set(zeros), int(255), ints.splat, set(mask),
      until(
        values, end,
        get(target), four(0), four(16), shorts.unsignedFromInts, bits === 4 ? nibbles : [], tee(eight), get(eight), shorts.toBytes,
        storePart(bits),
        advance(values, 32), advance(target, bits),
      ),
    ].flat(),
  };
}

/** `widen(source, target, end)`: bfloat16 into float32 up to `end` of the target, eight at a time. */
function widen(): WasmFunction {
  const [source, target, end] = [0, 1, 2] as const;
  const four = (from: number, to: number): Code => [...get(target), ...get(source), ...loadWidened(from), ...int(16), ...ints.shiftLeft, ...store(to)];
  return { name: 'widen', parameters: ['i32', 'i32', 'i32'], locals: [], body: until(target, end, four(0, 0), four(8, 16), advance(source, 16), advance(target, 32)) };
}

/** Places in the module's list of functions. */
const calls = { searchWeighted: 0, searchEqual: 1, extremes: 2, pack4: 3, pack8: 4 } as const;

/**
 * `roundRow…(values, end, blockBytes, integers, units, starts, singles, startsEnd, scales, target)`: a row block by block with zero in the middle of the
 * range, its scales and its packed integers. Without starts every block is rounded by its value of largest magnitude. One call for a row, not three for a block.
 */
function roundRow(bits: 4 | 8, weighted: boolean): WasmFunction {
  const [values, end, blockBytes, integers, units, starts, singles, startsEnd, scales, target] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const;
  const [next, scale, most] = [10, 11, 12] as const;
  const half = 1 << (bits - 1);
  const at = (address: number): Code => [...int(address), ...takeFloat];
  return {
    name: `roundRow${bits}${weighted ? 'Weighted' : 'Equal'}`,
    parameters: ['i32', 'i32', 'i32', 'i32', 'f32', 'i32', 'i32', 'i32', 'i32', 'i32'],
    locals: ['i32', 'f32', 'f32'],
    body: until(
      values, end,
      get(values), get(blockBytes), addInt, set(next),
      get(values), get(next), call(calls.extremes),
      // the value of largest magnitude becomes the negative end of the range, which has one step more
      at(0), set(scale), at(4), set(most),
      when([...get(most), ...get(scale), ...scalar.negative, ...scalar.above], get(most), set(scale)),
      get(scale), float(-1 / half), scalar.mul, set(scale),
      when(
        [...get(scale), ...float(0), ...scalar.differs, ...get(starts), ...get(startsEnd), ...before, ...and],
        get(values), get(next), get(integers), get(units), get(scale), scalar.div, float(1), get(scale), scalar.div, get(starts), get(singles), get(startsEnd),
        call(weighted ? calls.searchWeighted : calls.searchEqual),
        when(
          [...at(places.found + 4), ...float(0), ...scalar.above],
          get(scale), at(places.found), at(places.found + 4), scalar.div, scalar.mul, weighted ? [] : [...get(units), ...scalar.div], set(scale),
          when([...int(places.found + 12), ...takeInt], get(scale), scalar.negative, set(scale)),
        ),
      ),
      get(scales), get(scale), float(1), get(scale), float(0), scalar.differs, select, tee(scale), keepFloat, advance(scales, 4),
      // what is computed later multiplies by the stored scale, so integers are chosen with it
      get(values), get(next), float(1), get(scale), scalar.div, float(-half), float(half - 1), int(half), get(target), call(bits === 4 ? calls.pack4 : calls.pack8),
      get(target), get(blockBytes), int(bits === 4 ? 3 : 2), shiftRight, addInt, set(target),
      get(integers), get(blockBytes), int(1), shiftRight, addInt, set(integers),
      get(next), set(values),
    ),
  };
}

/** Values of one row at most. */
const rowLimit = 1 << 17;
const startsLimit = 16;
const leastBlock = 16;
/** Addresses of what the loops work on: a row and its importance in float32 and in 16 bits. A piece of the checkpoint comes after them, then the integers that it is rounded to. */
const places = { found: 16, starts: 64, values: 1024, floatWeights: 1024 + 4 * rowLimit, integers: 1024 + 8 * rowLimit, products: 1024 + 10 * rowLimit, weights: 1024 + 12 * rowLimit, scales: 1024 + 14 * rowLimit, source: 1024 + 14 * rowLimit + 4 * (rowLimit / leastBlock) } as const;
const searchPlaces = { floatWeights: places.floatWeights - places.values, products: places.products - places.integers, weights: places.weights - places.integers, found: places.found } as const;
/** Vectors may be read past the end of an area. */
const slack = 64;
const pageBytes = 65536;

type Pack = (values: number, end: number, inverse: number, low: number, high: number, zero: number, target: number) => void;
type Search = (values: number, end: number, integers: number, perUnit: number, perProduct: number, starts: number, singles: number, startsEnd: number) => void;
type RoundRow = (values: number, end: number, blockBytes: number, integers: number, units: number, starts: number, singles: number, startsEnd: number, scales: number, target: number) => void;

interface KernelCalls {
  readonly searchWeighted: Search;
  readonly searchEqual: Search;
  readonly roundRow4Equal: RoundRow;
  readonly roundRow4Weighted: RoundRow;
  readonly roundRow8Equal: RoundRow;
  readonly roundRow8Weighted: RoundRow;
  readonly extremes: (values: number, end: number) => void;
  readonly pack4: Pack;
  readonly pack8: Pack;
  readonly widen: (source: number, target: number, end: number) => void;
  readonly turn: (source: number, sourceStride: number, target: number, targetStride: number) => void;
}

/** A piece of a checkpoint, one of its rows at a time as float32, and the bytes that it was rounded to. */
export class RoundingKernel {
  readonly #memory: WasmMemory;
  readonly #calls: KernelCalls;
  #values = new Float32Array();
  #floatWeights = new Float32Array();
  #weights = new Int16Array();
  #starts = new Int16Array();
  #extremes = new Float32Array();
  #sums = new Float32Array();
  #found = new Int32Array();
  #scales = new Float32Array();
  #weighted = false;
  #source: number = places.source;
  #sourceBytes = 0;
  #target = 0;

  constructor() {
    const functions = [search(true, searchPlaces), search(false, searchPlaces), extremes(), pack(4), pack(8), widen(), turn(), roundRow(4, false), roundRow(4, true), roundRow(8, false), roundRow(8, true)];
    const { memory, calls } = instantiate<KernelCalls>(functions, Math.ceil(places.source / pageBytes));
    this.#memory = memory;
    this.#calls = calls;
    this.#look();
  }

  #look(): void {
    const { buffer } = this.#memory;
    this.#extremes = new Float32Array(buffer, 0, 2);
    this.#sums = new Float32Array(buffer, places.found, 2);
    this.#found = new Int32Array(buffer, places.found + 8, 2);
    this.#scales = new Float32Array(buffer, places.scales, rowLimit / leastBlock);
    this.#starts = new Int16Array(buffer, places.starts, (startBytes / 2) * startsLimit);
    this.#values = new Float32Array(buffer, places.values, rowLimit);
    this.#floatWeights = new Float32Array(buffer, places.floatWeights, rowLimit);
    this.#weights = new Int16Array(buffer, places.weights, rowLimit);
  }

  #reserve(bytes: number): void {
    const missing = bytes + slack - this.#memory.buffer.byteLength;
    if (missing <= 0) return;
    this.#memory.grow(Math.ceil(missing / pageBytes));
    this.#look();
  }

  /** Room for a piece of `byteLength` bytes that the caller reads from position `readAt` of a file. Gives up what earlier calls gave. */
  source(byteLength: number, readAt?: number): Uint8Array {
    this.#source = goodAddress(places.source, readAt === undefined ? {} : { readAt });
    this.#sourceBytes = Math.ceil(byteLength / 16) * 16;
    this.#reserve(this.#source + this.#sourceBytes);
    return new Uint8Array(this.#memory.buffer, this.#source, byteLength);
  }

  /** Room for `byteLength` rounded bytes behind the piece, which go to position `writeAt` of a file. The piece stays. */
  target(byteLength: number, writeAt?: number): Uint8Array {
    this.#target = goodAddress(this.#source + this.#sourceBytes + slack, writeAt === undefined ? {} : { writeAt });
    this.#reserve(this.#target + byteLength);
    return new Uint8Array(this.#memory.buffer, this.#target, byteLength);
  }

  /**
   * How much an error in each column matters: `[columns]`, null when all count alike. Counted in whole numbers from 1 to `most`, which stands for
   * the most important column of a block.
   */
  setWeights(importance: Float32Array | null, block: number, most: number): void {
    this.#weighted = importance !== null;
    if (!importance) return;
    for (let from = 0; from < importance.length; from += block) {
      const ones = importance.subarray(from, from + block);
      const greatest = ones.reduce((found, one) => Math.max(found, one), 0);
      for (let at = 0; at < block; at++) {
        const weight = greatest > 0 && at < ones.length ? Math.max(1, Math.round((ones[at]! / greatest) * most)) : 1;
        this.#floatWeights[from + at] = weight;
        this.#weights[from + at] = weight;
      }
    }
  }

  /** Takes row `row` of the piece; the rest up to `padded` values, a multiple of 8, becomes zero. */
  takeRow(type: 'f32' | 'bf16', row: number, columns: number, padded: number): void {
    assert(padded <= rowLimit && padded % 8 === 0 && columns <= padded, `a row of at most ${rowLimit} values`);
    if (type === 'f32') this.#values.set(new Float32Array(this.#memory.buffer, this.#source + 4 * row * columns, columns));
    else this.#calls.widen(this.#source + 2 * row * columns, places.values, places.values + 4 * columns);
    if (padded > columns) this.#values.fill(0, columns, padded);
  }

  /** Start `at` of the next searches: a factor and two ranges of integers. */
  setStart(at: number, factor: number, least: number, greatest: number, least2: number, greatest2: number): void {
    const starts = this.#starts;
    const place = at * (startBytes / 2);
    starts[place] = factor;
    starts[place + 1] = least;
    starts[place + 2] = greatest;
    starts[place + 3] = least2;
    starts[place + 4] = greatest2;
  }

  /**
   * Tries the first `count` starts on values[from … to), `pairs` of them with both of their ranges. A value is counted as nearest(value · perStep · units), and start's integers are this times
   * its factor / 2^15. Gives the best scale times perStep, null when every value rounds to zero; `foundStart` and `foundRange` tell which start it was.
   */
  search(from: number, to: number, perStep: number, units: number, pairs: number, count: number): number | null {
    const call = this.#weighted ? this.#calls.searchWeighted : this.#calls.searchEqual;
    call(places.values + 4 * from, places.values + 4 * to, places.integers + 2 * from, perStep * units, perStep, places.starts, places.starts + startBytes * pairs, places.starts + startBytes * count);
    const [upper, lower] = [this.#sums[0]!, this.#sums[1]!];
    return lower > 0 ? upper / lower / (this.#weighted ? 1 : units) : null;
  }

  /**
   * Rounds `blocks` blocks of the row, zero in the middle of their range, and packs them from byte `at` of the target on. `pairs` and `count`: as in `search`; 0 for none. Gives their
   * scales, until the next row.
   */
  roundRow(bits: 4 | 8, blocks: number, block: number, units: number, pairs: number, count: number, at: number): Float32Array {
    assert(block >= leastBlock, `blocks of at least ${leastBlock}`);
    const run = this.#calls[`roundRow${bits}${this.#weighted ? 'Weighted' : 'Equal'}`];
    run(places.values, places.values + 4 * blocks * block, 4 * block, places.integers, units, places.starts, places.starts + startBytes * pairs, places.starts + startBytes * count, places.scales, this.#target + at);
    return this.#scales.subarray(0, blocks);
  }

  get foundStart(): number {
    return (this.#found[0]! - places.starts) / startBytes;
  }

  /** 0 or 1. */
  get foundRange(): number {
    return this.#found[1]!;
  }

  /** Leaves the `least` and the `most` of values[from … to) and 0. */
  findExtremes(from: number, to: number): void {
    this.#calls.extremes(places.values + 4 * from, places.values + 4 * to);
  }

  get least(): number {
    return this.#extremes[0]!;
  }

  get most(): number {
    return this.#extremes[1]!;
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
