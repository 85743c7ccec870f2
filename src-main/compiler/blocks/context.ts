// What every block is given: the graph being built, the checkpoint's weights, and how to compute.
import type { CheckpointWeights } from '../checkpoint-weights.ts';
import type { GraphBuilder } from '../graph-builder.ts';
import type { ComputeType } from '../weight-formats.ts';

export interface BlockContext {
  readonly graph: GraphBuilder;
  readonly weights: CheckpointWeights;
  /** Type of activations inside linear layers and attention; sums between layers are float32 always. */
  readonly compute: ComputeType;
}
