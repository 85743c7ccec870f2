// The one door to ONNX Runtime: opens a model, runs it off the JavaScript thread, cancels it, closes it. Knows nothing about what a
// model computes. Results own their memory; inputs are read where they lie.
import { accessSync, constants } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { AppError, assert, fileError } from '../base/errors.ts';
import { nativeQueue } from './native-queue.ts';
import { loadOrtApi, namedFailure, namedLoadFailure, type OrtApi, type Pointer } from './ort-api.ts';
import { allocateOn, copyTensor, HeldTensor, holdTensorOn, readShape, wrapTensor, zeros, type TensorInfo } from './ort-value.ts';
import type { Tensor, TensorType } from './tensor.ts';

export type Provider = 'cpu' | 'cuda' | 'dml' | 'coreml' | 'webgpu';

export interface SessionOptions {
  /** Where the graph runs; what the provider lacks runs on the CPU. Default `cpu`. */
  readonly provider?: Provider;
  /** The provider's own options, such as `{ device_id: '0' }`. */
  readonly providerOptions?: Readonly<Record<string, string>>;
  /** Threads within one operator. Default: one per logical core, at most 16. */
  readonly threads?: number;
  /** Threads wait for work in a loop: a little faster alone, much slower beside other work. Default false. */
  readonly spin?: boolean;
  /** Keep freed memory for the next run: faster with many sizes of large tensors, never given back. Default false. */
  readonly memoryArena?: boolean;
  /** Default `all`. */
  readonly graphOptimization?: 'none' | 'basic' | 'extended' | 'all';
  /** ONNX Runtime session configuration entries, such as `session.disable_prepacking`. */
  readonly configEntries?: Readonly<Record<string, string>>;
  /** Writes the optimised graph here while loading. */
  readonly optimizedModelFile?: string;
  readonly logId?: string;
}

export interface RunOptions {
  readonly signal?: AbortSignal;
  /** Which outputs are wanted; default all that `into` does not take. Asking for fewer saves copies, not computation. */
  readonly outputs?: readonly string[];
  /** Outputs written in place, into memory that the caller holds. They are not in the result. */
  readonly into?: Readonly<Record<string, HeldTensor>>;
}

export interface Session {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  readonly provider: Provider;
  /**
   * Runs off the JS thread. Outputs own their memory (copied once) and are ordinary tensors. The memory of inputs must not change
   * until the promise settles. Aborting `signal` ends the run within one node and rejects with `job-cancelled`; the session stays usable.
   * @throws job-cancelled, model-closed, out-of-memory, internal (a wrong shape, a failing kernel)
   */
  run(inputs: Readonly<Record<string, Tensor | HeldTensor>>, options?: RunOptions): Promise<Record<string, Tensor>>;
  /** Memory for a tensor that stays where the model computes: on the provider's device, or plain memory (`data` not null) on the CPU. */
  allocate<T extends TensorType>(type: T, dims: readonly number[]): HeldTensor<T>;
  /** Ends running runs, then frees the model. Later runs are refused with `model-closed`. */
  close(): void;
}

/** Holds a tensor's memory for repeated use by any CPU-side input or output; nothing is copied. @throws runtime-missing */
export async function holdTensor<T extends TensorType>(source: Tensor<T>): Promise<HeldTensor<T>> {
  return holdTensorOn(await loadOrtApi(), source);
}

/** Loads the runtime and names its version and providers, for diagnosis. @throws runtime-missing */
export async function describeRuntime(): Promise<{ version: string; folder: string; providers: string[] }> {
  const api = await loadOrtApi();
  const list = new BigUint64Array(1);
  const count = new Int32Array(2);
  api.check(api.call.GetAvailableProviders(list, count));
  const names = new BigUint64Array(count[0]!);
  api.copyOut(names, list[0]!, names.byteLength);
  const providers = Array.from(names, (name) => api.text(name));
  api.check(api.call.ReleaseAvailableProviders(list[0]!, count[0]!));
  return { version: api.version, folder: api.folder, providers };
}

/**
 * Opens a model from a file (external data is looked for beside it) or from bytes, off the JS thread.
 * @throws model-missing, model-file-damaged, runtime-missing, provider-unavailable, out-of-memory
 */
export async function openSession(model: string | Uint8Array, options: SessionOptions = {}): Promise<Session> {
  const name = typeof model === 'string' ? path.basename(model) : (options.logId ?? 'model in memory');
  if (typeof model === 'string') checkReadable(model);
  else if (model.byteLength === 0) throw new AppError('model-file-damaged', { file: name, detail: 'empty' });
  const api = await loadOrtApi();
  const environment = environmentOf(api);
  const nativeOptions = createOptions(api, options, name);
  await nativeQueue.enter();
  const out = new BigUint64Array(1);
  const status = await new Promise<Pointer>((resolve, reject) => {
    const done = (error: unknown, result: Pointer): void => (error ? reject(error) : resolve(result));
    if (typeof model === 'string') api.call.CreateSession.async(environment, model, nativeOptions, out, done);
    else api.call.CreateSessionFromArray.async(environment, api.addressOf(model), model.byteLength, nativeOptions, out, done);
  }).finally(() => {
    nativeQueue.leave();
    api.call.ReleaseSessionOptions(nativeOptions);
  });
  assert(model.length >= 0, 'the bytes of the model outlive the native call');
  const failed = api.failure(status);
  if (failed) throw namedLoadFailure(failed, name, options.provider ?? 'cpu');
  return new NativeSession(api, out[0]!, options.provider ?? 'cpu');
}

function checkReadable(file: string): void {
  try {
    accessSync(file, constants.R_OK);
  } catch (error) {
    const named = fileError(error, file);
    throw named.code === 'file-not-found' ? new AppError('model-missing', { file: path.basename(file), path: file }, error) : named;
  }
}

let environment: bigint | null = null;
function environmentOf(api: OrtApi): bigint {
  if (environment !== null) return environment;
  const out = new BigUint64Array(1);
  // failures come back as values, so the library itself only speaks when it is about to die
  api.check(api.call.CreateEnv(process.env['LECTERN_LOG'] === 'debug' ? 2 : 4, 'lectern', out));
  environment = out[0]!;
  api.check(api.call.DisableTelemetryEvents(environment));
  return environment;
}

const optimizationLevel = { none: 0, basic: 1, extended: 2, all: 99 } as const;

function createOptions(api: OrtApi, options: SessionOptions, name: string): bigint {
  const { call, check } = api;
  const out = new BigUint64Array(1);
  check(call.CreateSessionOptions(out));
  const native = out[0]!;
  try {
    check(call.SetSessionLogId(native, options.logId ?? name));
    check(call.SetSessionGraphOptimizationLevel(native, optimizationLevel[options.graphOptimization ?? 'all']));
    check(call.SetIntraOpNumThreads(native, Math.max(1, options.threads ?? Math.min(16, availableParallelism()))));
    check(call.SetInterOpNumThreads(native, 1));
    check(options.memoryArena ? call.EnableCpuMemArena(native) : call.DisableCpuMemArena(native));
    if (options.optimizedModelFile) check(call.SetOptimizedModelFilePath(native, options.optimizedModelFile));
    const spin = options.spin ? '1' : '0';
    const entries = { 'session.intra_op.allow_spinning': spin, 'session.inter_op.allow_spinning': spin, ...options.configEntries };
    for (const [key, value] of Object.entries(entries)) check(call.AddSessionConfigEntry(native, key, value));
    appendProvider(api, native, options);
    return native;
  } catch (error) {
    call.ReleaseSessionOptions(native);
    throw error;
  }
}

const genericProvider = { dml: 'DML', coreml: 'CoreML', webgpu: 'WebGPU' } as const;

function appendProvider(api: OrtApi, native: bigint, options: SessionOptions): void {
  const provider = options.provider ?? 'cpu';
  if (provider === 'cpu') return;
  const { call } = api;
  const entries = Object.entries(options.providerOptions ?? {});
  const keys = new StringList(api, entries.map(([key]) => key));
  const values = new StringList(api, entries.map(([, value]) => value));
  try {
    if (provider === 'cuda') {
      const out = new BigUint64Array(1);
      api.check(call.CreateCUDAProviderOptions(out));
      const cuda = out[0]!;
      try {
        if (entries.length > 0) api.check(call.UpdateCUDAProviderOptions(cuda, keys.pointers, values.pointers, entries.length));
        api.check(call.SessionOptionsAppendExecutionProvider_CUDA_V2(native, cuda));
      } finally {
        call.ReleaseCUDAProviderOptions(cuda);
      }
    } else {
      if (provider === 'dml') api.check(call.DisableMemPattern(native));
      api.check(call.SessionOptionsAppendExecutionProvider(native, genericProvider[provider], keys.pointers, values.pointers, entries.length));
    }
  } catch (error) {
    const detail = error instanceof AppError && typeof error.data['detail'] === 'string' ? error.data['detail'] : String(error);
    throw new AppError('provider-unavailable', { provider, detail }, error);
  }
}

/** C strings and an array of pointers to them, alive as long as this object. */
class StringList {
  readonly pointers: BigUint64Array;
  readonly #bytes: Uint8Array[];

  constructor(api: OrtApi, strings: readonly string[]) {
    this.#bytes = strings.map((text) => new Uint8Array(Buffer.from(`${text}\0`, 'utf8')));
    this.pointers = new BigUint64Array(Math.max(1, strings.length));
    this.#bytes.forEach((bytes, at) => {
      this.pointers[at] = api.addressOf(bytes);
    });
  }

  at(index: number): bigint {
    return this.pointers[index]!;
  }

  get length(): number {
    return this.#bytes.length;
  }
}

class NativeSession implements Session {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly provider: Provider;
  readonly #api: OrtApi;
  #session: bigint | null;
  readonly #inputText: StringList;
  readonly #outputText: StringList;
  readonly #inputIndex: ReadonlyMap<string, number>;
  readonly #outputIndex: ReadonlyMap<string, number>;
  /** Run options of runs in flight, so that closing can end them. */
  readonly #running = new Set<bigint>();
  #allocator: bigint | null = null;
  #allocated = 0;
  #closed = false;

  constructor(api: OrtApi, session: bigint, provider: Provider) {
    this.#api = api;
    this.#session = session;
    this.provider = provider;
    this.inputs = readInfos(api, session, 'Input');
    this.outputs = readInfos(api, session, 'Output');
    this.inputNames = this.inputs.map((info) => info.name);
    this.outputNames = this.outputs.map((info) => info.name);
    this.#inputText = new StringList(api, this.inputNames);
    this.#outputText = new StringList(api, this.outputNames);
    this.#inputIndex = new Map(this.inputNames.map((name, at) => [name, at]));
    this.#outputIndex = new Map(this.outputNames.map((name, at) => [name, at]));
  }

  async run(inputs: Readonly<Record<string, Tensor | HeldTensor>>, options: RunOptions = {}): Promise<Record<string, Tensor>> {
    await nativeQueue.enter(options.signal);
    try {
      return await this.#run(inputs, options);
    } finally {
      nativeQueue.leave();
    }
  }

  async #run(inputs: Readonly<Record<string, Tensor | HeldTensor>>, { signal, outputs, into = {} }: RunOptions): Promise<Record<string, Tensor>> {
    const api = this.#api;
    const session = this.#session;
    if (this.#closed || session === null) throw new AppError('model-closed');
    const wanted = outputs ?? this.outputNames.filter((name) => !(name in into));
    const held = Object.entries(into);
    const fed = Object.entries(inputs);
    const inputNames = BigUint64Array.from(fed, ([name]) => this.#inputText.at(indexOf(this.#inputIndex, name, 'input')));
    const outputNames = BigUint64Array.from([...wanted, ...held.map(([name]) => name)], (name) => this.#outputText.at(indexOf(this.#outputIndex, name, 'output')));
    const outputValues = new BigUint64Array(outputNames.length);
    held.forEach(([, value], at) => {
      outputValues[wanted.length + at] = value.value;
    });
    const inputValues = new BigUint64Array(fed.length);
    const wrapped: bigint[] = [];
    let runOptions: bigint | null = null;
    const terminate = (): void => {
      if (runOptions !== null) api.call.RunOptionsSetTerminate(runOptions);
    };
    try {
      fed.forEach(([, value], at) => {
        if (value instanceof HeldTensor) inputValues[at] = value.value;
        else wrapped.push((inputValues[at] = wrapTensor(api, value)));
      });
      const out = new BigUint64Array(1);
      api.check(api.call.CreateRunOptions(out));
      runOptions = out[0]!;
      this.#running.add(runOptions);
      signal?.addEventListener('abort', terminate, { once: true });
      if (signal?.aborted) terminate();
      const names = [api.addressOf(inputNames), api.addressOf(inputValues), api.addressOf(outputNames), api.addressOf(outputValues)] as const;
      const status = await new Promise<Pointer>((resolve, reject) => {
        api.call.Run.async(session, runOptions, names[0], names[1], fed.length, names[2], outputNames.length, names[3], (error: unknown, result: Pointer) =>
          error ? reject(error) : resolve(result),
        );
      });
      const failed = api.failure(status);
      if (this.#closed) throw new AppError('model-closed');
      if (signal?.aborted) throw new AppError('job-cancelled');
      if (failed) throw namedFailure(failed);
      return Object.fromEntries(wanted.map((name, at) => [name, copyTensor(api, outputValues[at]!)]));
    } finally {
      signal?.removeEventListener('abort', terminate);
      for (const value of wrapped) api.call.ReleaseValue(value);
      for (const value of outputValues.subarray(0, wanted.length)) if (value !== 0n) api.call.ReleaseValue(value);
      if (runOptions !== null) {
        this.#running.delete(runOptions);
        api.call.ReleaseRunOptions(runOptions);
        runOptions = null;
      }
      // what native code read and wrote by address is referenced up to here, so it was not collected meanwhile
      assert(fed.length === inputNames.length && held.length + wanted.length === outputNames.length && inputs !== null, 'bound memory outlives the run');
      this.#freeWhenIdle();
    }
  }

  allocate<T extends TensorType>(type: T, dims: readonly number[]): HeldTensor<T> {
    const api = this.#api;
    if (this.#closed || this.#session === null) throw new AppError('model-closed');
    if (deviceMemory[this.provider] === null) return holdTensorOn(api, zeros(type, dims));
    if (this.#allocator === null) {
      const out = new BigUint64Array(1);
      const device = deviceMemory[this.provider]!;
      api.check(api.call.CreateMemoryInfo(device, 0, 0, 0, out));
      const info = out[0]!;
      try {
        api.check(api.call.CreateAllocator(this.#session, info, out));
      } finally {
        api.call.ReleaseMemoryInfo(info);
      }
      this.#allocator = out[0]!;
    }
    this.#allocated++;
    return allocateOn(api, this.#allocator, type, dims, () => {
      this.#allocated--;
      this.#freeWhenIdle();
    });
  }

  close(): void {
    this.#closed = true;
    for (const runOptions of this.#running) this.#api.call.RunOptionsSetTerminate(runOptions);
    this.#freeWhenIdle();
  }

  /** Frees the model once nothing runs on it and no device tensor of it is left. */
  #freeWhenIdle(): void {
    if (!this.#closed || this.#running.size > 0 || this.#allocated > 0 || this.#session === null) return;
    if (this.#allocator !== null) this.#api.call.ReleaseAllocator(this.#allocator);
    this.#api.call.ReleaseSession(this.#session);
    this.#allocator = null;
    this.#session = null;
  }
}

/** ONNX Runtime's name of each provider's device memory; null where tensors lie in plain memory. */
const deviceMemory: Record<Provider, string | null> = { cpu: null, cuda: 'Cuda', dml: 'DML', coreml: null, webgpu: 'WebGPU_Buf' };

function indexOf(index: ReadonlyMap<string, number>, name: string, kind: string): number {
  const at = index.get(name);
  assert(at !== undefined, `the model has an ${kind} named ${name}, among ${[...index.keys()].slice(0, 12).join(', ')}`);
  return at;
}

function readInfos(api: OrtApi, session: bigint, kind: 'Input' | 'Output'): TensorInfo[] {
  const { call, check } = api;
  const out = new BigUint64Array(1);
  check(kind === 'Input' ? call.SessionGetInputCount(session, out) : call.SessionGetOutputCount(session, out));
  const count = Number(out[0]);
  check(call.GetAllocatorWithDefaultOptions(out));
  const allocator = out[0]!;
  return Array.from({ length: count }, (_, at) => {
    check(kind === 'Input' ? call.SessionGetInputName(session, at, allocator, out) : call.SessionGetOutputName(session, at, allocator, out));
    const pointer = out[0]!;
    const name = api.text(pointer);
    check(call.AllocatorFree(allocator, pointer));
    check(kind === 'Input' ? call.SessionGetInputTypeInfo(session, at, out) : call.SessionGetOutputTypeInfo(session, at, out));
    const typeInfo = out[0]!;
    check(call.CastTypeInfoToTensorInfo(typeInfo, out)); // borrowed from typeInfo; null for sequences and maps
    const info = out[0] === 0n ? { type: null, dims: [] } : readShape(api, out[0]!);
    call.ReleaseTypeInfo(typeInfo);
    return { name, ...info };
  });
}
