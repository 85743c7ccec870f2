// Memory whose bytes have a known place in their page, for reading files into and writing them from. Some processors (AMD's Zen 3) copy five times
// slower when the target lies a few bytes further into its page than the source does, and between a file and its reader such is left to chance:
// large arrays of JavaScript begin 16 bytes into a page. Knows no file's contents.

/** The little of the engine's own interface that is used; the compiler's types do not include it. */
interface WebAssemblyMemory {
  readonly buffer: ArrayBuffer;
}
interface WebAssemblyRuntime {
  readonly Memory: new (size: { readonly initial: number }) => WebAssemblyMemory;
}

const pageBytes = 4096;
/** Bytes of 1 … 31 between the two are the slow ones. */
const slowBytes = 32;

const isSlow = (target: number, source: number): boolean => {
  const apart = (((target - source) % pageBytes) + pageBytes) % pageBytes;
  return apart > 0 && apart < slowBytes;
};

/**
 * The first good address from `from` on, in steps of 32, for bytes that are read from position `readAt` of a file, written to position `writeAt`, or
 * both. At most 96 further.
 */
export function goodAddress(from: number, { readAt, writeAt }: { readonly readAt?: number; readonly writeAt?: number }): number {
  const suits = (address: number): boolean => !(readAt !== undefined && isSlow(address, readAt)) && !(writeAt !== undefined && isSlow(writeAt, address));
  let address = from;
  while (!suits(address)) address += slowBytes;
  return address;
}

/** Fits a processor's nearest large cache, so that what was read is there when it is hashed or written. */
export const chunkBytes = 1 << 18;

let made: ArrayBuffer | null = null;

/** Room for a chunk that is read or written at these positions. The one before is gone. */
export function chunkFor(positions: { readonly readAt?: number; readonly writeAt?: number }): Uint8Array {
  const runtime = (globalThis as unknown as { WebAssembly: WebAssemblyRuntime }).WebAssembly;
  made ??= new runtime.Memory({ initial: chunkBytes / 65536 + 1 }).buffer;
  return new Uint8Array(made, goodAddress(0, positions), chunkBytes);
}
