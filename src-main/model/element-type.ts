// Element types of tensors on disk, their sizes, and conversion of raw little-endian bytes to and from float32. Knows no file format.
import { assert } from '../base/errors.ts';

export type ElementType = 'f64' | 'f32' | 'f16' | 'bf16' | 'i64' | 'i32' | 'i16' | 'i8' | 'u8' | 'bool';

export const elementSize: Readonly<Record<ElementType, number>> = { f64: 8, f32: 4, f16: 2, bf16: 2, i64: 8, i32: 4, i16: 2, i8: 1, u8: 1, bool: 1 };

/** Product of dimensions; 1 for a scalar. */
export function elementCount(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}

let halfTable: Float32Array | null = null;

/** All 65536 halves as float32, built once: conversion is then one load per element. */
function halves(): Float32Array {
  if (halfTable) return halfTable;
  const table = new Float32Array(65536);
  for (let bits = 0; bits < 65536; bits++) {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    if (exponent === 0) table[bits] = sign * fraction * 2 ** -24;
    else if (exponent === 31) table[bits] = fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
    else table[bits] = sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  }
  halfTable = table;
  return table;
}

const scratchFloat = new Float32Array(1);
const scratchBits = new Uint32Array(scratchFloat.buffer);

/** The IEEE half nearest to `value`, ties to even; overflow becomes infinity. */
export function toHalf(value: number): number {
  scratchFloat[0] = value;
  const bits = scratchBits[0]!;
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude >= 0x7f800000) return sign | 0x7c00 | (magnitude > 0x7f800000 ? 0x200 : 0);
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude >= 0x38800000) {
    const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1);
    return sign | ((rounded - 0x38000000) >>> 13);
  }
  if (magnitude < 0x33000000) return sign;
  const shift = 126 - (magnitude >>> 23);
  const fraction = (magnitude & 0x7fffff) | 0x800000;
  const kept = fraction >>> shift;
  const rest = fraction & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  return sign | (kept + (rest > half || (rest === half && (kept & 1) === 1) ? 1 : 0));
}

/** float32 values as half bits. */
export function toHalves(values: Float32Array): Uint16Array {
  const out = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) out[i] = toHalf(values[i]!);
  return out;
}

/** Bytes at an address that the element type needs; copies only when misaligned. */
function aligned(bytes: Uint8Array, size: number): Uint8Array {
  return bytes.byteOffset % size === 0 ? bytes : bytes.slice();
}

/** Raw little-endian elements as float32. Integers beyond 2^24 lose precision, as in any float32. */
export function toFloat32(bytes: Uint8Array, type: ElementType): Float32Array {
  const size = elementSize[type];
  assert(bytes.byteLength % size === 0, `${bytes.byteLength} bytes are a whole number of ${type} elements`);
  const count = bytes.byteLength / size;
  const at = aligned(bytes, size);
  if (type === 'f32') return new Float32Array(at.buffer, at.byteOffset, count);
  const out = new Float32Array(count);
  if (type === 'bf16') {
    const source = new Uint16Array(at.buffer, at.byteOffset, count);
    const bits = new Uint32Array(out.buffer);
    for (let i = 0; i < count; i++) bits[i] = source[i]! << 16;
  } else if (type === 'f16') {
    const source = new Uint16Array(at.buffer, at.byteOffset, count);
    const table = halves();
    for (let i = 0; i < count; i++) out[i] = table[source[i]!]!;
  } else if (type === 'f64') out.set(new Float64Array(at.buffer, at.byteOffset, count));
  else if (type === 'i32') out.set(new Int32Array(at.buffer, at.byteOffset, count));
  else if (type === 'i16') out.set(new Int16Array(at.buffer, at.byteOffset, count));
  else if (type === 'i8') out.set(new Int8Array(at.buffer, at.byteOffset, count));
  else if (type === 'i64') out.set(Float32Array.from(new BigInt64Array(at.buffer, at.byteOffset, count), Number));
  else out.set(at.subarray(0, count));
  return out;
}

/** Raw little-endian 32-bit integers. */
export function toInt32(bytes: Uint8Array): Int32Array {
  const at = aligned(bytes, 4);
  return new Int32Array(at.buffer, at.byteOffset, at.byteLength >> 2);
}
