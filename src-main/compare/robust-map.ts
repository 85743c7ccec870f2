// Finds the map that most pairs of points agree on, though some are wrong or were moved: random pairs first, then better and better
// fits to those that agree. Deterministic. Knows no pages.
import type { PageMatrix } from '@contract/compare.ts';
import { distance, fitMap, isMild, type PointPair } from './matrix.ts';

const tries = 400;

function countNear(m: PageMatrix, pairs: readonly PointPair[], reach: number): number {
  let count = 0;
  for (const pair of pairs) if (distance(m, pair) <= reach) count++;
  return count;
}

function seededRandom(): () => number {
  let state = 0x2545f491;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export interface RobustMap {
  readonly matrix: PageMatrix;
  readonly inliers: readonly PointPair[];
  /** Median distance of the inliers. */
  readonly errorPixels: number;
}

/** `reach`: distance in target pixels up to which a pair agrees. Null when fewer than `least` pairs agree on anything. */
export function robustMap(pairs: readonly PointPair[], size: { width: number; height: number }, reach: number, least: number): RobustMap | null {
  if (pairs.length < least) return null;
  const random = seededRandom();
  const pick = (): PointPair => pairs[Math.floor(random() * pairs.length)]!;
  // A page seen at an angle agrees with no similarity everywhere: the first reach is generous, the next ones strict.
  let best: PageMatrix | null = null, bestCount = 0;
  const far = 0.15 * Math.hypot(size.width, size.height);
  for (let at = 0; at < tries; at++) {
    const a = pick(), b = pick();
    if (Math.hypot(a.x - b.x, a.y - b.y) < (at < tries / 2 ? far : far / 8)) continue;
    const m = fitMap('similarity', [a, b]);
    if (!m) continue;
    const count = countNear(m, pairs, reach) + 0.3 * countNear(m, pairs, 3 * reach);
    if (count > bestCount) {
      best = m;
      bestCount = count;
    }
  }
  if (!best) return null;
  let matrix: PageMatrix = best;
  const near = (m: PageMatrix, limit: number): PointPair[] => pairs.filter((pair) => distance(m, pair) <= limit);
  // Each freer kind of map must earn its freedom by bringing more pairs together.
  for (const kind of ['similarity', 'affine', 'projective'] as const) {
    let candidate: PageMatrix | null = matrix;
    for (const limit of [3 * reach, 2 * reach, reach, reach, reach]) {
      const some = near(candidate, limit);
      const fitted: PageMatrix | null = some.length >= (kind === 'projective' ? 8 : 4) ? fitMap(kind, some) : null;
      if (!fitted || !isMild(fitted, size.width, size.height)) break;
      candidate = fitted;
    }
    const [now, then] = [countNear(candidate, pairs, reach), countNear(matrix, pairs, reach)];
    const tight = countNear(candidate, pairs, reach / 3), tightThen = countNear(matrix, pairs, reach / 3);
    if (now + tight >= 1.03 * (then + tightThen)) matrix = candidate;
  }
  const inliers = near(matrix, reach);
  if (inliers.length < least || !isMild(matrix, size.width, size.height)) return null;
  const sorted = inliers.map((pair) => distance(matrix, pair)).sort((a, b) => a - b);
  return { matrix, inliers, errorPixels: sorted[sorted.length >> 1]! };
}
