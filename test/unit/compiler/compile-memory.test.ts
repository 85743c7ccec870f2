// A compile's memory depends on the largest matrix, not on how many there are: that is why a 7B checkpoint compiles on a small machine.
import { cpSync, mkdirSync, mkdtempSync, openSync, closeSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { bundleForNode } from '../../helpers/bundle.ts';
import { runInNode } from '../../helpers/run-in-node.ts';
import { checkpointsFolder } from '../../helpers/reference.ts';
import { safetensorsBytes } from '../../helpers/checkpoint-files.ts';

const root = mkdtempSync(path.join(tmpdir(), 'lectern-compile-memory-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Qwen2-VL with wide layers: a header, and as many zeros as it promises, which take no room on the disk. */
function wideCheckpoint(layers: number): string {
  const folder = path.join(root, `${layers}-layers`);
  mkdirSync(folder);
  const source = path.join(checkpointsFolder, 'qwen2-vl');
  for (const name of readdirSync(source)) if (!/^(model|reference)/.test(name)) cpSync(path.join(source, name), path.join(folder, name));
  const [hidden, intermediate] = [1024, 4096];
  const config = JSON.parse(readFileSync(path.join(source, 'config.json'), 'utf8')) as Record<string, object>;
  writeFileSync(path.join(folder, 'config.json'), JSON.stringify({
    ...config, hidden_size: hidden, intermediate_size: intermediate, num_attention_heads: 8, num_key_value_heads: 2, num_hidden_layers: layers,
    rope_scaling: { type: 'mrope', mrope_section: [16, 24, 24] }, vision_config: { ...config['vision_config'], hidden_size: hidden },
  }));
  const bytes = readFileSync(path.join(source, 'model.safetensors'));
  const header = JSON.parse(bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE(0))).toString('utf8')) as Record<string, { dtype: string; shape: number[] }>;
  const shapes = new Map<string, number[]>();
  const textWidths: Readonly<Record<string, number[]>> = {
    q_proj: [hidden, hidden], k_proj: [256, hidden], v_proj: [256, hidden], o_proj: [hidden, hidden], gate_proj: [intermediate, hidden], up_proj: [intermediate, hidden], down_proj: [hidden, intermediate],
  };
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__' || /^model\.layers\.[1-9]/.test(name)) continue;
    const module = Object.keys(textWidths).find((one) => name.startsWith('model.') && name.includes(one));
    const shape = module ? (name.endsWith('.bias') ? [textWidths[module]![0]!] : textWidths[module]!) : name.startsWith('visual.') ? (name.includes('merger.mlp.2') ? [hidden, ...entry.shape.slice(1)] : entry.shape) : [...entry.shape.slice(0, -1), hidden];
    for (let layer = 0; layer < (name.includes('.layers.0.') ? layers : 1); layer++) shapes.set(name.replace('.layers.0.', `.layers.${layer}.`), shape);
  }
  let end = 0;
  const written = Object.fromEntries([...shapes].map(([name, shape]) => [name, { dtype: 'BF16', shape, data_offsets: [end, (end += 2 * shape.reduce((product, dim) => product * dim, 1))] }]));
  const head = safetensorsBytes(written);
  const file = path.join(folder, 'model.safetensors');
  const handle = openSync(file, 'w');
  writeSync(handle, head);
  closeSync(handle);
  truncateSync(file, head.length + end);
  return folder;
}

describe('compiling many layers', () => {
  // Catches: matrices that are read whole, or kept after they are written.
  it('takes the memory of a few', async () => {
    const measured = [];
    const script = await bundleForNode('src-main/compiler/worker.ts', 'compiler-worker-memory');
    for (const layers of [2, 14]) {
      const child = await runInNode('test/unit/compiler/compile-memory-child.ts', [], {}, 240_000, [wideCheckpoint(layers), path.join(root, 'packages'), script]);
      expect(child.status, child.stderr).toBe(0);
      measured.push(JSON.parse(child.stdout) as { peakMb: number; packageMb: number });
      rmSync(path.join(root, 'packages'), { recursive: true });
    }
    const [few, many] = measured as [{ peakMb: number; packageMb: number }, { peakMb: number; packageMb: number }];
    // twelve more layers: 190 million weights, 380 MB as they are stored
    expect(many.packageMb - few.packageMb).toBeGreaterThan(250);
    expect(many.peakMb - few.peakMb).toBeLessThan(60);
    expect(many.peakMb).toBeLessThan(350);
  }, 300_000);
});
