// Writes 128-bit vector code as WebAssembly, so that nothing has to be built: the few instructions that our loops use, and a module around
// them. Knows bytes only, not what the loops compute.
// @source https://webassembly.github.io/spec/core/binary (opcodes)

export type Code = readonly number[];

function unsigned(value: number): number[] {
  const bytes: number[] = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value & 127) | 128);
  return [...bytes, value];
}

function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest < -64 || rest > 63; rest >>= 7) bytes.push((rest & 127) | 128);
  return [...bytes, rest & 127];
}

const floatBytes = (value: number): Code => [...new Uint8Array(Float32Array.of(value).buffer)];

const simd = (opcode: number, ...rest: number[]): Code => [0xfd, ...unsigned(opcode), ...rest];
export const get = (local: number): Code => [0x20, local];
export const set = (local: number): Code => [0x21, local];
export const tee = (local: number): Code => [0x22, local];
export const int = (value: number): Code => [0x41, ...signed(value)];
export const float = (value: number): Code => [0x43, ...floatBytes(value)];
export const addInt: Code = [0x6a];
/** One address is lower than the other. */
export const before: Code = [0x49];
export const and: Code = [0x71];
export const shiftRight: Code = [0x76];
/** The first of two values where the condition above them holds, else the second. */
export const select: Code = [0x1b];
export const scalar = { mul: [0x94], div: [0x95], least: [0x96], most: [0x97], above: [0x5e], add: [0x92], negative: [0x8c], differs: [0x5c] } as const;

export const load = (offset = 0): Code => simd(0x00, 2, ...unsigned(offset));
export const store = (offset = 0): Code => simd(0x0b, 2, ...unsigned(offset));
/** Four or eight bytes of a vector to memory. */
export const storePart = (bytes: 4 | 8): Code => (bytes === 4 ? simd(0x5a, 2, 0, 0) : simd(0x5b, 3, 0, 0));
/** Four 16-bit lanes from memory, each as 32 bits. */
export const loadWidened = (offset: number): Code => simd(0x04, 1, ...unsigned(offset));
/** One 16-bit number from memory in all eight lanes. */
export const loadShort = (offset: number): Code => simd(0x08, 1, ...unsigned(offset));
/** A scalar float32 from memory: address, this. The same for an integer. */
export const takeFloat: Code = [0x2a, 2, 0];
export const takeInt: Code = [0x28, 2, 0];
/** Another function of the module, by its place in the list. */
export const call = (at: number): Code => [0x10, at];
/** A scalar float32 or integer to memory: address, value, this. */
export const keepFloat: Code = [0x38, 2, 0];
export const keepInt: Code = [0x36, 2, 0];

export const constant = (bytes: ArrayLike<number>): Code => simd(0x0c, ...Array.from(bytes));
export const none: Code = constant(new Uint8Array(16));
export const lane = (at: number): Code => simd(0x1f, at);
/** Sixteen byte places: 0 … 15 of the first vector, 16 … 31 of the second. */
export const shuffle = (places: readonly number[]): Code => simd(0x0d, ...places);
/** The same with four places of 32 bits: 0 … 3 and 4 … 7. */
export const shuffleWords = (places: readonly number[]): Code => shuffle(places.flatMap((place) => [0, 1, 2, 3].map((byte) => 4 * place + byte)));
export const both: Code = simd(0x4e);
export const either: Code = simd(0x50);

export const floats = { splat: simd(0x13), add: simd(0xe4), mul: simd(0xe6), least: simd(0xea), most: simd(0xeb), fromInts: simd(0xfa) } as const;
export const ints = { splat: simd(0x11), add: simd(0xae), sub: simd(0xb1), shiftLeft: simd(0xab), shiftRight: simd(0xad), productsOfShorts: simd(0xba) } as const;
/** `take`: sixteen bytes of the first vector, at the places in the second; `signedFromShorts` takes two vectors and saturates. */
export const bytes = { splat: simd(0x0f), take: simd(0x0e), shiftRight: simd(0x6d), signedFromShorts: simd(0x65) } as const;
/** `scaled`: a·b / 2^15, rounded. The narrowings take two vectors and saturate. */
export const shorts = { fromInts: simd(0x85), unsignedFromInts: simd(0x86), toBytes: simd(0x66), least: simd(0x96), most: simd(0x98), mul: simd(0x95), scaled: simd(0x82) } as const;

/** `while (pointer < end) body`, at least once; the body moves the pointer. */
export function until(pointer: number, end: number, ...body: Code[]): Code {
  return [0x03, 0x40, ...body.flat(), ...get(pointer), ...get(end), ...before, 0x0d, 0, 0x0b];
}

/** The condition's value decides. */
export const when = (condition: Code, ...then: Code[]): Code => [...condition, 0x04, 0x40, ...then.flat(), 0x0b];

/** pointer += bytes */
export const advance = (pointer: number, bytes: number): Code => [...get(pointer), ...int(bytes), ...addInt, ...set(pointer)];

/**
 * Added to a float32 of small size it leaves the nearest integer (ties to even) in the low bits; as an integer it is what to take away again.
 * One addition instead of the eight instructions that a conversion takes.
 */
export const roundingFloat = 12582912;
export const roundingBits = 0x4b400000;

const wide = { i32: 0x7f, f32: 0x7d, v128: 0x7b } as const;

/**
 * `turn(source, sourceStride, target, targetStride)`: sixteen rows of sixteen bytes as columns. Interleaving the first eight rows with the
 * last eight moves the highest bit of every byte's row number to the lowest of its column number; four times exchange the two.
 */
export function turn(): WasmFunction {
  const [source, sourceStride, target, targetStride, first] = [0, 1, 2, 3, 4] as const;
  const rows = (stage: number): number[] => Array.from({ length: 16 }, (_, i) => first + 16 * (stage % 2) + i);
  const interleaved = (half: number): Code => shuffle(Array.from({ length: 16 }, (_, i) => 8 * half + (i >> 1) + 16 * (i % 2)));
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

export interface WasmFunction {
  readonly name: string;
  readonly parameters: readonly (keyof typeof wide)[];
  /** Types of the locals after the parameters. */
  readonly locals: readonly (keyof typeof wide)[];
  readonly body: Code;
}

const section = (id: number, items: readonly Code[]): Code => {
  const content = [...unsigned(items.length), ...items.flat()];
  return [id, ...unsigned(content.length), ...content];
};
const nameOf = (text: string): Code => [text.length, ...Buffer.from(text, 'latin1')];

/** A module that exports the functions and its memory of `pages` times 64 KiB. */
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

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** The little of the engine's own interface that is used; the types of Node do not include it. */
interface WebAssemblyRuntime {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: Readonly<Record<string, unknown>> };
}

/** Runs a module of `functions` with `pages` times 64 KiB of memory; `Calls` are the functions by their names. @throws RangeError without room */
export function instantiate<Calls>(functions: readonly WasmFunction[], pages: number): { readonly memory: WasmMemory; readonly calls: Calls } {
  const runtime = (globalThis as unknown as { WebAssembly: WebAssemblyRuntime }).WebAssembly;
  const { exports } = new runtime.Instance(new runtime.Module(assemble(functions, pages)));
  return { memory: exports['memory'] as WasmMemory, calls: exports as Calls };
}
