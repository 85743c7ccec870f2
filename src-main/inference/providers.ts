// Which hardware a model runs on: tries CUDA, DirectML or CoreML, WebGPU, then the CPU, and says why each one before was refused.
// Knows libraries and the runtime's providers, no models.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../base/errors.ts';
import { canLoadLibrary } from './ort-api.ts';
import { describeRuntime, openSession, type Provider, type Session } from './session.ts';
import { tensor } from './tensor.ts';

export interface ProviderChoice {
  readonly provider: Provider;
  /** Why each provider that would have been better is not used. */
  readonly refused: readonly { readonly provider: Provider; readonly reason: string }[];
  /** Rows that its attention computes rightly in one run. */
  readonly attentionRows: number;
}

const runtimeName: Record<Provider, string> = {
  cuda: 'CUDAExecutionProvider', dml: 'DmlExecutionProvider', coreml: 'CoreMLExecutionProvider', webgpu: 'WebGpuExecutionProvider', cpu: 'CPUExecutionProvider',
};

/** Best first. */
export function candidates(platform: NodeJS.Platform = process.platform): Provider[] {
  if (platform === 'win32') return ['cuda', 'dml', 'webgpu', 'cpu'];
  if (platform === 'darwin') return ['coreml', 'webgpu', 'cpu'];
  return ['cuda', 'webgpu', 'cpu'];
}

/** Libraries of CUDA that ONNX Runtime's provider needs, in the order in which a missing one explains the others. */
function cudaLibraries(platform: NodeJS.Platform): { name: string; files: string[] }[] {
  const versions = ['13', '12'];
  if (platform === 'win32') {
    return [
      { name: 'the NVIDIA driver', files: ['nvcuda.dll'] },
      { name: 'the CUDA runtime', files: versions.map((major) => `cudart64_${major}.dll`) },
      { name: 'cuBLAS', files: versions.map((major) => `cublas64_${major}.dll`) },
    ];
  }
  return [
    { name: 'the NVIDIA driver', files: ['libcuda.so.1'] },
    { name: 'the CUDA runtime', files: versions.map((major) => `libcudart.so.${major}`) },
    { name: 'cuBLAS', files: versions.map((major) => `libcublasLt.so.${major}`) },
    { name: 'cuRAND', files: ['libcurand.so.10'] },
  ];
}

async function whyNotCuda(folder: string): Promise<string | null> {
  const provider = process.platform === 'win32' ? 'onnxruntime_providers_cuda.dll' : 'libonnxruntime_providers_cuda.so';
  for (const { name, files } of cudaLibraries(process.platform)) {
    const failures: string[] = [];
    let found = false;
    for (const file of files) {
      const problem = await canLoadLibrary(file);
      if (problem === null) {
        found = true;
        break;
      }
      failures.push(file);
    }
    // ask for the driver first: without one, nothing else is worth installing
    if (!found) return `${name} is missing (${failures.join(' or ')})`;
  }
  if (!existsSync(path.join(folder, provider))) return `this build of ONNX Runtime has no CUDA part (${provider} beside it)`;
  return null;
}

/** Graph of one GroupQueryAttention over `q` [1, S, 64], `k` and `v` [1, S, 32], 2 heads on 1. Its bytes are rebuilt by the tests. */
export const attentionProbe = Uint8Array.from(Buffer.from('CAo6/AMKmwEKAXEKAWsKAXYKCHBhc3Rfa2V5CgpwYXN0X3ZhbHVlCglzZXFsZW5zX2sKBXRvdGFsEgF5EgtwcmVzZW50X2tleRINcHJlc2VudF92YWx1ZSITR3JvdXBRdWVyeUF0dGVudGlvbioQCgludW1faGVhZHMYAqABAioTCgxrdl9udW1faGVhZHMYAaABAjoNY29tLm1pY3Jvc29mdBIEdGlueVobCgFxEhYKFAgBEhAKAggBCgYSBHJvd3MKAghAWhsKAWsSFgoUCAESEAoCCAEKBhIEcm93cwoCCCBaGwoBdhIWChQIARIQCgIIAQoGEgRyb3dzCgIIIFoqCghwYXN0X2tleRIeChwIARIYCgIIAQoCCAEKChIIY2FwYWNpdHkKAgggWiwKCnBhc3RfdmFsdWUSHgocCAESGAoCCAEKAggBCgoSCGNhcGFjaXR5CgIIIFoXCglzZXFsZW5zX2sSCgoICAYSBAoCCAFaDwoFdG90YWwSBgoECAYSAGIbCgF5EhYKFAgBEhAKAggBCgYSBHJvd3MKAghAYi0KC3ByZXNlbnRfa2V5Eh4KHAgBEhgKAggBCgIIAQoKEghjYXBhY2l0eQoCCCBiLwoNcHJlc2VudF92YWx1ZRIeChwIARIYCgIIAQoCCAEKChIIY2FwYWNpdHkKAgggQgQKABAVQhEKDWNvbS5taWNyb3NvZnQQAQ==', 'base64'));
const head = 32;

/** What the probe must give: causal attention, computed here. */
function expectedAttention(q: Float32Array, k: Float32Array, v: Float32Array, rows: number): Float32Array {
  const result = new Float32Array(rows * 2 * head);
  for (let row = 0; row < rows; row++) {
    for (let one = 0; one < 2; one++) {
      const at = (row * 2 + one) * head;
      const scores = Array.from({ length: row + 1 }, (_, other) => {
        let sum = 0;
        for (let d = 0; d < head; d++) sum += q[at + d]! * k[other * head + d]!;
        return Math.exp(sum / Math.sqrt(head));
      });
      const total = scores.reduce((sum, score) => sum + score, 0);
      for (let d = 0; d < head; d++) result[at + d] = scores.reduce((sum, score, other) => sum + score * v[other * head + d]!, 0) / total;
    }
  }
  return result;
}

/** Whether attention over `rows` new rows gives the right numbers on an open session. */
async function attendsRightly(session: Session, rows: number): Promise<boolean> {
  const wave = (count: number, phase: number): Float32Array => Float32Array.from({ length: count }, (_, at) => Math.sin(at * 12.9898 + phase));
  const q = wave(rows * 2 * head, 1);
  const k = wave(rows * head, 2);
  const v = wave(rows * head, 3);
  const [key, value] = [session.allocate('float32', [1, 1, 128, head]), session.allocate('float32', [1, 1, 128, head])];
  try {
    const { y } = await session.run(
      {
        q: tensor('float32', [1, rows, 2 * head], q), k: tensor('float32', [1, rows, head], k), v: tensor('float32', [1, rows, head], v),
        past_key: key, past_value: value, seqlens_k: tensor('int32', [1], Int32Array.of(rows - 1)), total: tensor('int32', [], Int32Array.of(rows)),
      },
      { outputs: ['y'], into: { present_key: key, present_value: value } },
    );
    const expected = expectedAttention(q, k, v, rows);
    return expected.every((wanted, at) => Math.abs((y!.data[at] as number) - wanted) < 5e-3);
  } finally {
    key.close();
    value.close();
  }
}

/** Rows that are tried: a long prefill, and what runs below the threshold of the fused kernels. */
const probedRows = [64, 16];

/**
 * What `provider` can do here: rows of attention that come out right in one run (Infinity: any number), or why it cannot be used.
 * WebGPU's fused attention is wrong on devices with narrow subgroups (software Vulkan), but right for few rows.
 */
async function probe(provider: Provider): Promise<number | string> {
  const runtime = await describeRuntime();
  if (provider === 'cuda') {
    const reason = await whyNotCuda(runtime.folder);
    if (reason !== null) return reason;
    // CUDA has no 32-bit attention: half-precision packages are compiled for it
    return await opens(provider);
  }
  if (!runtime.providers.includes(runtimeName[provider])) return 'this build of ONNX Runtime does not contain it';
  if (provider !== 'webgpu') return await opens(provider);
  let session: Session | null = null;
  try {
    session = await openSession(attentionProbe, { provider, threads: 1, logId: 'provider check' });
    for (const rows of probedRows) if (await attendsRightly(session, rows)) return rows === probedRows[0] ? Infinity : rows;
    return 'its attention computes wrong numbers';
  } catch (error) {
    return detailOf(error);
  } finally {
    session?.close();
  }
}

async function opens(provider: Provider): Promise<number | string> {
  try {
    (await openSession(attentionProbe, { provider, threads: 1, logId: 'provider check' })).close();
    return Infinity;
  } catch (error) {
    return detailOf(error);
  }
}

/** What the runtime says, without the place in its source and the condition that it found false. */
function detailOf(error: unknown): string {
  const said = error instanceof AppError && typeof error.data['detail'] === 'string' ? error.data['detail'] : String(error);
  return /^\S+\.cc:\d+ .* was false\. (?<reason>.+)$/s.exec(said)?.groups?.['reason'] ?? said;
}

let chosen: Promise<ProviderChoice> | null = null;

/** The best provider that works here; asked once per process. Never throws for a missing one. @throws runtime-missing */
export function chooseProvider(): Promise<ProviderChoice> {
  chosen ??= choose(candidates()).catch((error: unknown) => {
    chosen = null;
    throw error;
  });
  return chosen;
}

/** Tries `order` from the front. @throws provider-unavailable with every reason when none works */
export async function choose(order: readonly Provider[]): Promise<ProviderChoice> {
  const refused: { provider: Provider; reason: string }[] = [];
  for (const provider of order) {
    const found = provider === 'cpu' ? Infinity : await probe(provider);
    if (typeof found === 'number') return { provider, refused, attentionRows: found };
    refused.push({ provider, reason: found });
  }
  throw new AppError('provider-unavailable', { provider: order.join(', '), detail: refused.map(({ provider, reason }) => `${provider}: ${reason}`).join('; ') });
}
