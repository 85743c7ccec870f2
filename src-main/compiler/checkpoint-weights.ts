// A checkpoint's tensors by module name, for architectures: dense or packed matrices and vectors. Missing tensors are collected, so that one
// message can name them all.
import { AppError } from '../base/errors.ts';
import type { Checkpoint } from '../model/checkpoint.ts';
import { toFloat32 } from '../model/element-type.ts';
import { type Matrix, expectShape, storedMatrix } from '../model/matrix.ts';
import { type PackedMatrix, packedMatrix } from '../model/packed-matrix.ts';
import type { StoredTensor } from '../model/stored-tensor.ts';

/** A one-dimensional tensor, read when the graph is written. */
export interface Vector {
  readonly label: string;
  readonly length: number;
  read(): Promise<Float32Array>;
}

export function isPacked(matrix: Matrix): matrix is PackedMatrix {
  return 'tensors' in matrix;
}

export class CheckpointWeights {
  private readonly missing = new Set<string>();
  private readonly checkpoint: Checkpoint;

  constructor(checkpoint: Checkpoint) {
    this.checkpoint = checkpoint;
  }

  has(name: string): boolean {
    return this.checkpoint.tensors.has(name);
  }

  private find(name: string): StoredTensor | null {
    const tensor = this.checkpoint.tensors.get(name);
    if (!tensor) this.missing.add(name);
    return tensor ?? null;
  }

  /** The matrix stored under exactly `name`. @throws tensor-shape */
  matrix(name: string, rows: number, columns: number): Matrix {
    const tensor = this.find(name);
    if (!tensor) return { label: name, rows, columns, type: 'f32', readBytes: 0, readRows: () => Promise.reject(new AppError('tensor-missing', { tensors: [name] })) };
    return expectShape(storedMatrix(this.checkpoint.files, tensor), rows, columns);
  }

  /** The weight of a linear module `[outputs, inputs]`, dense (`.weight`) or packed (`.qweight`). @throws tensor-shape, quantization-unsupported */
  module(name: string, outputs: number, inputs: number): Matrix | PackedMatrix {
    const packing = this.checkpoint.config.quantization;
    if (!packing || !this.has(`${name}.qweight`)) return this.matrix(`${name}.weight`, outputs, inputs);
    const [qweight, qzeros, scales] = ['qweight', 'qzeros', 'scales'].map((part) => this.find(`${name}.${part}`));
    if (!qweight || !qzeros || !scales) return this.matrix(`${name}.weight`, outputs, inputs);
    const groupIndex = packing.method === 'gptq' ? (this.checkpoint.tensors.get(`${name}.g_idx`) ?? null) : null;
    if (packing.activationOrder && !groupIndex) throw new AppError('quantization-unsupported', { tensor: name, reason: 'desc_act without g_idx' });
    const packed = packedMatrix(this.checkpoint.files, { label: name, method: packing.method, bits: packing.bits, groupSize: packing.groupSize, symmetric: packing.symmetric, activationOrder: packing.activationOrder, qweight, qzeros, scales, groupIndex });
    expectShape(packed, outputs, inputs);
    return packed;
  }

  /** @throws tensor-shape */
  vector(name: string, length: number): Vector {
    const tensor = this.find(name);
    if (tensor && (tensor.dims.length !== 1 || tensor.dims[0] !== length)) {
      throw new AppError('tensor-shape', { tensor: name, found: `[${tensor.dims.join(', ')}]`, expected: `[${length}]` });
    }
    return { label: name, length, read: async () => (tensor ? toFloat32(await this.checkpoint.files.readTensor(tensor), tensor.type) : new Float32Array(length)) };
  }

  /** The vector when the checkpoint has it. */
  optionalVector(name: string, length: number): Vector | null {
    return this.has(name) ? this.vector(name, length) : null;
  }

  /** @throws tensor-missing naming every tensor that was asked for and is not there */
  expectComplete(): void {
    if (this.missing.size) throw new AppError('tensor-missing', { folder: this.checkpoint.folder, tensors: [...this.missing].slice(0, 20), count: this.missing.size });
  }
}

/** Vectors one after the other. */
export function joined(parts: readonly Vector[], label: string): Vector {
  return {
    label,
    length: parts.reduce((sum, part) => sum + part.length, 0),
    async read() {
      const out = new Float32Array(this.length);
      let at = 0;
      for (const part of parts) {
        out.set(await part.read(), at);
        at += part.length;
      }
      return out;
    },
  };
}
