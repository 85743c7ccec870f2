// The graph of one decoder layer that is fed its weights, and where each layer's weights lie among those of the whole decoder. Writes no
// weights: the runtime makes rows of 8 bits from the decoder's blocks of 4.
import type { PackageTextLayer } from '../model/package-format.ts';
import type { DecoderOptions } from './blocks/decoder.ts';
import { singleLayer } from './blocks/decoder.ts';
import type { CheckpointWeights } from './checkpoint-weights.ts';
import type { Graph, Value } from './graph.ts';
import { GraphBuilder } from './graph-builder.ts';
import { layOutConstants } from './onnx-file.ts';
import { weightFormat } from './weight-formats.ts';

/** What the runtime's vector code takes at once. */
const leastBlock = 32;
const rowsAtOnce = 16;

export interface PlannedLayer {
  readonly graph: Graph;
  readonly describe: (files: { readonly graph: string; readonly data: string }) => PackageTextLayer;
}

/**
 * @param text the whole decoder's graph
 * @returns null unless every product of every layer is stored in symmetric blocks of 4 bits without an order of its own
 */
export function planTextLayer(weights: CheckpointWeights, options: DecoderOptions, text: Graph): PlannedLayer | null {
  const built = Array.from({ length: options.config.layers }, (_, index) => {
    const graph = new GraphBuilder('text-layer', { weightsAsInputs: true });
    singleLayer({ graph, weights, compute: 'float32' }, { ...options, format: weightFormat('w8a8') }, index);
    return graph;
  });
  const { places } = layOutConstants(text);
  const productsOf = (graph: GraphBuilder): (readonly Value[])[] => graph.weightInputs.filter((parts) => parts.length === 2);
  const vectorsOf = (graph: GraphBuilder): Value[] => graph.weightInputs.flatMap((parts) => (parts.length === 1 ? parts : []));
  const stored = built.flatMap((graph) => productsOf(graph).map(([integers, scales]) => ({ constant: text.constants.get(integers!.name), scales: scales!, dims: integers!.dims, zeros: text.constants.has(integers!.name.replace(/integers$/, 'zeros')) })));
  const suits = stored.every(({ constant, scales, dims: [columns, rows], zeros }) => {
    const [outputs, blocks, blockBytes] = constant?.dims ?? [];
    return outputs === rows && Number(rows) % rowsAtOnce === 0 && 2 * blocks! * blockBytes! === columns && 2 * blockBytes! >= leastBlock && !zeros && text.constants.get(scales.name)?.type === 'float32';
  });
  const [first] = built;
  if (!suits || !first) return null;
  const offset = ({ name }: Value): number => places.get(name)!.offset;
  return {
    graph: first.finish(),
    describe: ({ graph, data }) => ({
      graph, data,
      products: productsOf(first).map(([integers, scales]) => {
        const [columns, rows] = integers!.dims as [number, number];
        return { integers: integers!.name, scales: scales!.name, rows, columns, block: 2 * text.constants.get(integers!.name)!.dims[2]! };
      }),
      vectors: vectorsOf(first).map(({ name, dims }) => ({ name, length: Number(dims[0]) })),
      layers: built.map((layer) => ({
        integers: productsOf(layer).map(([integers]) => offset(integers!)),
        scales: productsOf(layer).map(([, scales]) => offset(scales!)),
        vectors: vectorsOf(layer).map(offset),
      })),
    }),
  };
}
