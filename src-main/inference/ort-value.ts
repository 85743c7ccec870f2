// Tensors as ONNX Runtime sees them: wraps JavaScript memory without copying, copies results out once, and keeps tensors that outlive
// a run. Knows nothing about models.
import { assert } from '../base/errors.ts';
import type { OrtApi, Pointer } from './ort-api.ts';
import { tensor, type Tensor, type TensorData, type TensorType } from './tensor.ts';

/** @source onnxruntime_c_api.h `enum ONNXTensorElementDataType` */
const elementCode: Record<TensorType, number> = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9, float16: 10 };
const typeOfCode = new Map<number, TensorType>(Object.entries(elementCode).map(([type, code]) => [code, type as TensorType]));
const bytesPerElement: Record<TensorType, number> = { float32: 4, uint8: 1, int8: 1, int32: 4, int64: 8, bool: 1, float16: 2 };

const arrayOf: { readonly [T in TensorType]: (length: number) => TensorData[T] } = {
  float32: (length) => new Float32Array(length),
  float16: (length) => new Uint16Array(length),
  int64: (length) => new BigInt64Array(length),
  int32: (length) => new Int32Array(length),
  uint8: (length) => new Uint8Array(length),
  int8: (length) => new Int8Array(length),
  bool: (length) => new Uint8Array(length),
};

/** Element type and dimensions of a model's input or output; a dimension that is free is -1. `type` is null for types Lectern does not use. */
export interface TensorInfo {
  readonly name: string;
  readonly type: TensorType | null;
  readonly dims: readonly number[];
}

export function elementCount(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}

/** Zeroed memory for `dims` elements of `type`. */
export function zeros<T extends TensorType>(type: T, dims: readonly number[]): Tensor<T> {
  return tensor(type, dims, arrayOf[type](elementCount(dims)));
}

/** The native description of ordinary CPU memory, one per process. */
let cpuMemory: bigint | null = null;
function cpuMemoryOf(api: OrtApi): bigint {
  if (cpuMemory !== null) return cpuMemory;
  const out = new BigUint64Array(1);
  api.check(api.call.CreateMemoryInfo('Cpu', 0, 0, 0, out));
  cpuMemory = out[0]!;
  return cpuMemory;
}

/** Stands in for the address of a tensor without elements. */
const nothing = new Uint8Array(64);

/**
 * An OrtValue over `source`'s own memory: nothing is copied, so `source.data` must stay referenced, untransferred and unchanged while
 * the value is in use. The caller releases it.
 */
export function wrapTensor(api: OrtApi, source: Tensor): bigint {
  const { data, dims, type } = source;
  const count = elementCount(dims);
  // a typed array whose buffer was transferred away has length 0: the native side would read freed memory
  assert(count === data.length && data.BYTES_PER_ELEMENT === bytesPerElement[type], `a ${type} tensor of [${dims.join(', ')}] has its ${count} elements, not ${data.length}`);
  const shape = BigInt64Array.from(dims, (dim) => BigInt(dim));
  const out = new BigUint64Array(1);
  const memory = count === 0 ? nothing : data;
  api.check(api.call.CreateTensorWithDataAsOrtValue(cpuMemoryOf(api), api.addressOf(memory), data.byteLength, shape, dims.length, elementCode[type], out));
  return out[0]!;
}

/** Copies a value that lies in CPU memory into memory that JavaScript owns. Does not release it. */
export function copyTensor(api: OrtApi, value: Pointer): Tensor {
  const out = new BigUint64Array(1);
  api.check(api.call.GetTensorTypeAndShape(value, out));
  const info = out[0]!;
  const { type, dims } = readShape(api, info);
  api.call.ReleaseTensorTypeAndShapeInfo(info);
  assert(type, 'an output has an element type that Lectern knows');
  const data = arrayOf[type](elementCount(dims));
  api.check(api.call.GetTensorMutableData(value, out));
  api.copyOut(data, out[0]!, data.byteLength);
  return { type, dims, data };
}

/** Reads a native type-and-shape description. Does not release it. */
export function readShape(api: OrtApi, info: Pointer): { type: TensorType | null; dims: number[] } {
  const code = new Int32Array(2);
  api.check(api.call.GetTensorElementType(info, code));
  const count = new BigUint64Array(1);
  api.check(api.call.GetDimensionsCount(info, count));
  const dims = new BigInt64Array(Math.max(1, Number(count[0])));
  api.check(api.call.GetDimensions(info, dims, Number(count[0])));
  return { type: typeOfCode.get(code[0]!) ?? null, dims: Array.from(dims.subarray(0, Number(count[0])), Number) };
}

/**
 * A tensor that outlives one run and may be bound as input, as output, or as both at once (the KV cache). On the CPU `data` is the
 * very memory that the model writes; on a device it is null and `read` copies it out.
 */
export class HeldTensor<T extends TensorType = TensorType> {
  readonly type: T;
  readonly dims: readonly number[];
  readonly data: TensorData[T] | null;
  readonly #api: OrtApi;
  readonly #onClose: () => void;
  #value: bigint | null;

  /** Use `holdTensor` or `Session.allocate`. */
  constructor(api: OrtApi, type: T, dims: readonly number[], data: TensorData[T] | null, value: bigint, onClose: () => void = () => {}) {
    this.#api = api;
    this.type = type;
    this.dims = dims;
    this.data = data;
    this.#value = value;
    this.#onClose = onClose;
  }

  /** The native value, for session.ts. */
  get value(): bigint {
    assert(this.#value !== null, 'a held tensor is used before it is closed');
    return this.#value;
  }

  /** Frees the native side. Must not be called while a run uses the tensor. */
  close(): void {
    if (this.#value === null) return;
    this.#api.call.ReleaseValue(this.#value);
    this.#value = null;
    this.#onClose();
  }
}

/** Holds `source`'s memory for repeated use; nothing is copied. */
export function holdTensorOn<T extends TensorType>(api: OrtApi, source: Tensor<T>): HeldTensor<T> {
  return new HeldTensor(api, source.type, source.dims, source.data, wrapTensor(api, source));
}

/** A zeroed-by-nobody tensor from a device's allocator: what it holds before the first write is undefined. */
export function allocateOn<T extends TensorType>(api: OrtApi, allocator: Pointer, type: T, dims: readonly number[], onClose: () => void): HeldTensor<T> {
  const shape = BigInt64Array.from(dims, (dim) => BigInt(dim));
  const out = new BigUint64Array(1);
  api.check(api.call.CreateTensorAsOrtValue(allocator, shape, dims.length, elementCode[type], out));
  return new HeldTensor(api, type, dims, null, out[0]!, onClose);
}
