// A decoder on a GPU provider with its cache on the device, without a GPU: WebGPU on the software Vulkan that Electron carries.
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runInNode } from '../../helpers/run-in-node.ts';

const electron = existsSync('.cache') ? readdirSync('.cache').filter((name) => name.startsWith('electron-')).map((name) => path.resolve('.cache', name)).find((folder) => existsSync(path.join(folder, 'libvk_swiftshader.so'))) : undefined;

interface Run { tokens: number[][]; reused: number[]; logits: number[]; cacheInPlainMemory: boolean }

describe.skipIf(process.platform !== 'linux' || !electron)('a cache on the device', () => {
  // Catches: a cache that is copied to the CPU and back, rows lost between runs on the device, a provider that is refused without a reason.
  it('gives the tokens and logits of the CPU, reuses and rewinds', async () => {
    const icd = path.join(tmpdir(), `lectern-icd-${process.pid}.json`);
    writeFileSync(icd, JSON.stringify({ file_format_version: '1.0.0', ICD: { library_path: path.join(electron!, 'libvk_swiftshader.so'), api_version: '1.0.5' } }));
    try {
      const child = await runInNode('test/unit/inference/device-cache-child.ts', [], { VK_ICD_FILENAMES: icd, VK_DRIVER_FILES: icd, LD_LIBRARY_PATH: electron! }, 300_000);
      expect(child.status, child.stderr).toBe(0);
      const report = JSON.parse(child.stdout) as { choice: { provider: string; refused: { provider: string; reason: string }[] }; cpu: Run; webgpu: Run };
      expect(report.choice.provider).toBe('webgpu');
      expect(report.choice.refused.map((one) => one.provider)).toEqual(['cuda']);
      expect(report.choice.refused[0]!.reason).toMatch(/missing|no CUDA part/);
      expect(report.cpu.cacheInPlainMemory).toBe(true);
      expect(report.webgpu.cacheInPlainMemory).toBe(false);
      expect(report.webgpu.tokens).toEqual(report.cpu.tokens);
      expect(report.webgpu.reused).toEqual(report.cpu.reused);
      report.webgpu.logits.forEach((value, at) => expect(Math.abs(value - report.cpu.logits[at]!)).toBeLessThan(2e-3));
    } finally {
      rmSync(icd, { force: true });
    }
  }, 300_000);
});
