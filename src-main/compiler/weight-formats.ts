// How weights are stored in a package and computed with: the user's choices, per part of the model.
import type { WeightType } from '../model/package-format.ts';

export interface WeightFormat {
  readonly type: WeightType;
  /** Columns that share a scale (int4, int8). A power of two from 16 on. */
  readonly block: number;
  readonly symmetric: boolean;
  /** Search each block's scale for the least error instead of taking the largest value's. */
  readonly search: boolean;
}

/** Element type of activations in linear layers. float16 is for graphs that run on a GPU; the sums between layers stay float32. */
export type ComputeType = 'float32' | 'float16';

export function weightFormat(type: WeightType, options: Partial<Omit<WeightFormat, 'type'>> = {}): WeightFormat {
  return { type, block: options.block ?? (type === 'int8' ? 32 : 128), symmetric: options.symmetric ?? true, search: options.search ?? true };
}
