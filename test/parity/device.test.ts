// The reference's tokens from a compiled decoder on a GPU provider with its cache on the device.
import { describe, expect, it } from 'vitest';
import { runInNode } from '../helpers/run-in-node.ts';
import { softwareVulkan } from '../helpers/software-vulkan.ts';

describe.skipIf(!softwareVulkan)('on WebGPU', () => {
  it('answers with the reference’s tokens', async () => {
    const child = await runInNode('test/parity/device-child.ts', [], softwareVulkan!, 300_000);
    expect(child.status, child.stderr).toBe(0);
    const report = JSON.parse(child.stdout) as Record<string, { provider: string; tokens: number[]; expected: number[] }>;
    expect(Object.keys(report)).toEqual(['qwen2-vl', 'qwen3-vl']);
    for (const { provider, tokens, expected } of Object.values(report)) {
      expect(provider).toBe('webgpu');
      expect(tokens).toEqual(expected);
    }
  }, 300_000);
});
