// Which hardware a model runs on: tries CUDA, DirectML or CoreML, WebGPU, then the CPU, and says why each one before was refused.
// Knows libraries and the runtime's providers, no models.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../base/errors.ts';
import { canLoadLibrary } from './ort-api.ts';
import { describeRuntime, openSession, type Provider } from './session.ts';
import { tensor } from './tensor.ts';

export interface ProviderChoice {
  readonly provider: Provider;
  /** Why each provider that would have been better is not used. */
  readonly refused: readonly { readonly provider: Provider; readonly reason: string }[];
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

/** One Add node: opening it makes the provider create its device. */
function smallestModel(): Uint8Array {
  return Uint8Array.from(Buffer.from('CAo6PAoOCgF4CgF4EgF5IgNBZGQSBHRpbnlaEQoBeBIMCgoIARIGCgQSAmQwYhEKAXkSDAoKCAESBgoEEgJkMEIECgAQFUIRCg1jb20ubWljcm9zb2Z0EAE=', 'base64'));
}

async function whyNot(provider: Provider, model: Uint8Array): Promise<string | null> {
  const runtime = await describeRuntime();
  if (provider === 'cuda') {
    const reason = await whyNotCuda(runtime.folder);
    if (reason !== null) return reason;
  } else if (!runtime.providers.includes(runtimeName[provider])) {
    return 'this build of ONNX Runtime does not contain it';
  }
  try {
    const session = await openSession(model, { provider, threads: 1, logId: 'provider check' });
    try {
      const { y } = await session.run({ x: tensor('float32', [4], Float32Array.of(1, 2, 3, 4)) });
      return y?.data[3] === 8 ? null : 'it computes wrong numbers';
    } finally {
      session.close();
    }
  } catch (error) {
    return error instanceof AppError && typeof error.data['detail'] === 'string' ? error.data['detail'] : String(error);
  }
}

let chosen: Promise<ProviderChoice> | null = null;

/** The best provider that works here; asked once per process. Never throws for a missing one. @throws runtime-missing */
export function chooseProvider(model: Uint8Array = smallestModel()): Promise<ProviderChoice> {
  chosen ??= choose(candidates(), model).catch((error: unknown) => {
    chosen = null;
    throw error;
  });
  return chosen;
}

/** Tries `order` from the front. */
export async function choose(order: readonly Provider[], model: Uint8Array = smallestModel()): Promise<ProviderChoice> {
  const refused: { provider: Provider; reason: string }[] = [];
  for (const provider of order) {
    const reason = provider === 'cpu' ? null : await whyNot(provider, model);
    if (reason === null) return { provider, refused };
    refused.push({ provider, reason });
  }
  throw new AppError('provider-unavailable', { provider: order.join(', '), detail: refused.map(({ provider, reason }) => `${provider}: ${reason}`).join('; ') });
}
