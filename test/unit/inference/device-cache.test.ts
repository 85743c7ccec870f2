// A decoder on a GPU provider with its cache on the device, without a GPU: WebGPU on the software Vulkan that Electron carries.
import { describe, expect, it } from 'vitest';
import { runInNode } from '../../helpers/run-in-node.ts';
import { softwareVulkan } from '../../helpers/software-vulkan.ts';

interface Run {
  tokens: number[][];
  reused: number[];
  logits: number[];
  cacheInPlainMemory: boolean;
}

describe.skipIf(!softwareVulkan)('a cache on the device', () => {
  // Catches: a cache that is copied to the CPU and back, rows lost between runs on the device, a provider that is refused without a
  // reason, fused attention that is wrong on this device being used all the same.
  it('gives the tokens and logits of the CPU, reuses and rewinds', async () => {
    const child = await runInNode('test/unit/inference/device-cache-child.ts', [], softwareVulkan!, 300_000);
    expect(child.status, child.stderr).toBe(0);
    const report = JSON.parse(child.stdout) as { choice: { provider: string; attentionRows: number; refused: { provider: string; reason: string }[] }; cpu: Run; webgpu: Run };
    expect(report.choice.provider).toBe('webgpu');
    expect(report.choice.attentionRows).toBe(16);
    expect(report.choice.refused.map((one) => one.provider)).toEqual(['cuda']);
    expect(report.choice.refused[0]!.reason).toMatch(/missing|no CUDA part/);
    expect(report.cpu.cacheInPlainMemory).toBe(true);
    expect(report.webgpu.cacheInPlainMemory).toBe(false);
    expect(report.webgpu.tokens).toEqual(report.cpu.tokens);
    expect(report.webgpu.reused).toEqual(report.cpu.reused);
    report.webgpu.logits.forEach((value, at) => expect(Math.abs(value - report.cpu.logits[at]!)).toBeLessThan(1e-4));
  }, 300_000);
});
