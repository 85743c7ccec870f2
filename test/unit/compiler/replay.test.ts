// The node lists of every recorded architecture and weight format: a refactoring of the compiler must not change one line of them.
// After a deliberate change: `npx vitest run test/unit/compiler/replay.test.ts --update`, and read the difference.
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type CompileOptions, planGraphs, usualOptions } from '../../../src-main/compiler/compile.ts';
import { describeGraph } from '../../../src-main/compiler/graph.ts';
import { type Checkpoint, openCheckpoint } from '../../../src-main/model/checkpoint.ts';
import { weightFormat } from '../../../src-main/compiler/weight-formats.ts';

const fixtures = path.join(import.meta.dirname, '../../fixtures');
const exact: CompileOptions = { text: weightFormat('fp32'), head: weightFormat('fp32'), vision: weightFormat('fp32'), fast: false, compute: 'float32' };
const opened: Checkpoint[] = [];
afterAll(() => Promise.all(opened.map((one) => one.close())));

describe.each(['qwen-vl-chat', 'qwen-vl-chat-int4', 'qwen2-vl', 'qwen2-vl-gptq-int4', 'qwen2-vl-awq', 'qwen2.5-vl', 'qwen3-vl'])('%s', (name) => {
  test.each([['exact', exact], ['usual', usualOptions]] as const)('%s', async (kind, options) => {
    const checkpoint = await openCheckpoint(path.join(fixtures, 'checkpoints', name));
    opened.push(checkpoint);
    const lists = planGraphs(checkpoint, options).map(describeGraph);
    await expect(`${lists.join('\n\n')}\n`).toMatchFileSnapshot(path.join(fixtures, 'graphs', `${name}.${kind}.txt`));
  });
});
