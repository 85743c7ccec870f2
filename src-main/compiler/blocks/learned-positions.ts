// A learned grid of positions, blended for each patch from its four neighbours; which ones, and how much of each, the runtime computes.
import type { Matrix } from '../../model/matrix.ts';
import { visionGraph } from '../../model/package-format.ts';
import type { Value } from '../graph.ts';
import { int } from '../graph-builder.ts';
import { densePlan } from '../weight-plans.ts';
import type { BlockContext } from './context.ts';

/**
 * ```
 *  position_index [4, N] ── Gather(grid) ── [4, N, hidden] ─┐
 *  position_weight [4, N] ── Unsqueeze ─────────────────────× ── ReduceSum ── [N, hidden]
 * ```
 * @param grid `[side², hidden]`
 */
export function blendedPositions({ graph }: BlockContext, grid: Matrix): Value {
  const index = graph.input(visionGraph.positionIndex, 'int64', [4, 'patches']);
  const weight = graph.input(visionGraph.positionWeight, 'float32', [4, 'patches']);
  const [table] = graph.weights(densePlan('/vision/positions/grid', grid, 'float32', false));
  const corners = graph.node('Gather', '/vision/positions', [table!, index], { attributes: { axis: int(0) } });
  const factors = graph.node('Unsqueeze', '/vision/positions', [weight, graph.integers([2])]);
  const weighted = graph.node('Mul', '/vision/positions', [corners, factors]);
  return graph.node('ReduceSum', '/vision/positions', [weighted, graph.integers([0])], { attributes: { keepdims: int(0) } });
}
