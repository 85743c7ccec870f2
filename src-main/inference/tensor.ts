// A tensor in CPU memory: element type, dimensions and a typed array in row-major order. Knows nothing about sessions.
import { assert } from '../base/errors.ts';

export type TensorType = 'float32' | 'float16' | 'int64' | 'int32' | 'uint8' | 'int8' | 'bool';

export interface TensorData {
  float32: Float32Array;
  /** Raw IEEE half bits. */
  float16: Uint16Array;
  int64: BigInt64Array;
  int32: Int32Array;
  uint8: Uint8Array;
  int8: Int8Array;
  bool: Uint8Array;
}

export interface Tensor<T extends TensorType = TensorType> {
  readonly type: T;
  readonly dims: readonly number[];
  readonly data: TensorData[T];
}

/** Wraps `data` without copying. */
export function tensor<T extends TensorType>(type: T, dims: readonly number[], data: TensorData[T]): Tensor<T> {
  const size = dims.reduce((product, dim) => product * dim, 1);
  assert(size === data.length, `a ${type} tensor of [${dims.join(', ')}] holds ${size} elements, not ${data.length}`);
  return { type, dims, data };
}
