// What every architecture file offers: a decoder and a vision tower from a checkpoint's configuration. Names and choices are theirs, blocks are shared.
import type { PackageTextConfig, PackageVisionConfig } from '../../model/package-format.ts';
import type { BlockContext } from '../blocks/context.ts';
import type { DecoderOptions } from '../blocks/decoder.ts';
import type { WeightFormat } from '../weight-formats.ts';

export interface ArchitectureFormats {
  readonly text: WeightFormat;
  readonly head: WeightFormat;
  readonly vision: WeightFormat;
}

export interface ArchitectureGraphs {
  /** What the decoder consists of. */
  readonly text: (config: PackageTextConfig, vision: PackageVisionConfig, formats: ArchitectureFormats) => DecoderOptions;
  /** Adds the vision tower to the context's graph. */
  readonly vision: (context: BlockContext, config: PackageVisionConfig, formats: ArchitectureFormats) => void;
  /** Tensor that holds the token embeddings. */
  readonly embeddings: string;
}
