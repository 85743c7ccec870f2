// The cache that native code writes in place, under every pressure at once.
import { expect, it } from 'vitest';
import { runInNode } from '../../helpers/run-in-node.ts';

// Catches: cache memory moved or freed while a run writes it, rows of a cancelled run taken for valid, growth that loses rows, a crash when
// the model is closed before its cache.
it('a cache survives collection, growth, rewinding and cancelling in any order', async () => {
  const child = await runInNode('test/unit/inference/cache-pressure-child.ts', ['--expose-gc']);
  expect(child.status, child.stderr).toBe(0);
  const report = JSON.parse(child.stdout) as { wrong: number; cancelled: number; reused: number; capacity: number };
  expect(report).toMatchObject({ wrong: 0, capacity: 0 });
  expect(report.cancelled).toBeGreaterThan(10);
  expect(report.reused).toBeGreaterThan(5000);
}, 130_000);
