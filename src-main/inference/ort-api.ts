// ONNX Runtime's C API as typed functions: finds the library that onnxruntime-node carries, reads its function table through koffi,
// and turns native failures into named errors. Knows nothing about sessions' lifetimes; session.ts is its only user.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { KoffiFunc } from 'koffi';
import { AppError, assert } from '../base/errors.ts';

/** A native address. `null` is the null pointer. */
export type Pointer = bigint | null;
/** What may stand where C wants a pointer: an address, or memory that JavaScript owns (kept alive by the caller). */
export type Memory = Pointer | NodeJS.ArrayBufferView;

type Native<Args extends readonly unknown[], Result> = KoffiFunc<(...args: [...Args]) => Result>;
type StatusCall<Args extends readonly unknown[]> = Native<Args, Pointer>;

/**
 * Position and parameter types of the functions that are used, in `struct OrtApi`. The table only ever grows at its end, so positions
 * are the same in every version. `p` pointer, `s` UTF-8 string, `f` file path (UTF-16 on Windows), `i` int32, `z` size_t.
 * @source onnxruntime_c_api.h
 */
const table = {
  CreateEnv: [3, 'isp'],
  DisableTelemetryEvents: [6, 'p'],
  CreateSession: [7, 'pfpp'],
  CreateSessionFromArray: [8, 'ppzpp'],
  Run: [9, 'ppppzpzp'],
  CreateSessionOptions: [10, 'p'],
  SetOptimizedModelFilePath: [11, 'pf'],
  DisableMemPattern: [17, 'p'],
  EnableCpuMemArena: [18, 'p'],
  DisableCpuMemArena: [19, 'p'],
  SetSessionLogId: [20, 'ps'],
  SetSessionGraphOptimizationLevel: [23, 'pi'],
  SetIntraOpNumThreads: [24, 'pi'],
  SetInterOpNumThreads: [25, 'pi'],
  SessionGetInputCount: [30, 'pp'],
  SessionGetOutputCount: [31, 'pp'],
  SessionGetInputTypeInfo: [33, 'pzp'],
  SessionGetOutputTypeInfo: [34, 'pzp'],
  SessionGetInputName: [36, 'pzpp'],
  SessionGetOutputName: [37, 'pzpp'],
  CreateRunOptions: [39, 'p'],
  RunOptionsSetTerminate: [46, 'p'],
  CreateTensorAsOrtValue: [48, 'ppzip'],
  CreateTensorWithDataAsOrtValue: [49, 'ppzpzip'],
  GetTensorMutableData: [51, 'pp'],
  CastTypeInfoToTensorInfo: [55, 'pp'],
  GetTensorElementType: [60, 'pp'],
  GetDimensionsCount: [61, 'pp'],
  GetDimensions: [62, 'ppz'],
  GetTensorTypeAndShape: [65, 'pp'],
  CreateMemoryInfo: [68, 'siiip'],
  AllocatorFree: [76, 'pp'],
  GetAllocatorWithDefaultOptions: [78, 'p'],
  GetAvailableProviders: [125, 'pp'],
  ReleaseAvailableProviders: [126, 'pi'],
  AddSessionConfigEntry: [130, 'pss'],
  CreateAllocator: [131, 'ppp'],
  CreateCUDAProviderOptions: [205, 'p'],
  UpdateCUDAProviderOptions: [206, 'pppz'],
  SessionOptionsAppendExecutionProvider_CUDA_V2: [204, 'pp'],
  SessionOptionsAppendExecutionProvider: [216, 'psppz'],
} as const satisfies Record<string, readonly [number, string]>;

/** Functions of the table that return nothing. */
const releases = {
  ReleaseEnv: 92,
  ReleaseStatus: 93,
  ReleaseMemoryInfo: 94,
  ReleaseSession: 95,
  ReleaseValue: 96,
  ReleaseRunOptions: 97,
  ReleaseTypeInfo: 98,
  ReleaseTensorTypeAndShapeInfo: 99,
  ReleaseSessionOptions: 100,
  ReleaseAllocator: 132,
  ReleaseCUDAProviderOptions: 208,
} as const;

type ArgumentOf<Letter extends string> = Letter extends 's' | 'f' ? string : Letter extends 'i' | 'z' ? number : Memory;
type ArgumentsOf<Letters extends string> = Letters extends `${infer Head}${infer Tail}` ? [ArgumentOf<Head>, ...ArgumentsOf<Tail>] : [];

export type OrtFunctions = { readonly [Name in keyof typeof table]: StatusCall<ArgumentsOf<(typeof table)[Name][1]>> } & {
  readonly [Name in keyof typeof releases]: Native<[Memory], void>;
};

export interface OrtApi {
  readonly call: OrtFunctions;
  /** Version of the loaded library, such as `1.30.0`. */
  readonly version: string;
  /** Folder of the loaded library: providers are looked for beside it. */
  readonly folder: string;
  /** Copies `bytes` bytes from native memory into `target`. */
  copyOut(target: NodeJS.ArrayBufferView, source: Pointer, bytes: number): void;
  /** Copies from `source` into native memory. */
  copyIn(target: Pointer, source: NodeJS.ArrayBufferView): void;
  /** Address of memory that JavaScript owns. Valid while `memory` is referenced and not transferred away. */
  addressOf(memory: NodeJS.ArrayBufferView): bigint;
  /** Reads a NUL-terminated UTF-8 string. */
  text(pointer: Pointer): string;
  /** Throws the named error of a failed call, and releases its status. */
  check(status: Pointer): void;
  /** The failure of a call that ended off the JS thread, or null. Releases the status. */
  failure(status: Pointer): OrtFailure | null;
}

/** What ONNX Runtime said, before it is given a name that a user understands. */
export interface OrtFailure {
  readonly code: number;
  readonly message: string;
}

/** @source onnxruntime_c_api.h `enum OrtErrorCode` */
export const ortErrorCode = { fail: 1, invalidArgument: 2, noSuchFile: 3, noModel: 4, runtimeException: 6, invalidProtobuf: 7, notImplemented: 9, invalidGraph: 10, epFail: 11 } as const;

const apiVersion = 20; // every function above exists since then, so older builds (a CUDA pack) stay usable

/**
 * Native code called through koffi runs on a stack that koffi allocates: 128 KiB by default off the JS thread, which ONNX Runtime's
 * graph recursion and matrix kernels can overrun. Pages are committed only when touched.
 */
const nativeStackBytes = 8 * 1024 * 1024;

let loading: Promise<OrtApi> | null = null;

/** Loads the runtime once per process. @throws runtime-missing */
export function loadOrtApi(): Promise<OrtApi> {
  loading ??= loadFrom(runtimeLibraryPath()).catch((error: unknown) => {
    loading = null;
    throw error instanceof AppError ? error : new AppError('runtime-missing', { what: 'onnxruntime', detail: String(error) }, error);
  });
  return loading;
}

/** Where the library lies. `LECTERN_ONNXRUNTIME` names a folder with another build of it (a CUDA pack, for example). */
export function runtimeLibraryPath(): string {
  const name = process.platform === 'win32' ? 'onnxruntime.dll' : process.platform === 'darwin' ? 'libonnxruntime.1.dylib' : 'libonnxruntime.so.1';
  const chosen = process.env['LECTERN_ONNXRUNTIME'];
  if (chosen) return path.join(chosen, name);
  let root: string;
  try {
    root = path.dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'));
  } catch (error) {
    throw new AppError('runtime-missing', { what: 'onnxruntime-node', detail: 'the package is not installed' }, error);
  }
  // a packaged application keeps native libraries outside its archive
  root = root.replace(/\bapp\.asar(?=[\\/])/, 'app.asar.unpacked');
  return path.join(root, 'bin', 'napi-v6', process.platform, process.arch, name);
}

async function loadFrom(file: string): Promise<OrtApi> {
  if (!existsSync(file)) throw new AppError('runtime-missing', { what: 'onnxruntime', file, detail: `no build for ${process.platform} ${process.arch}` });
  // The published builds of ONNX Runtime report usage on Windows. Before the first environment exists, and again below.
  process.env['ORT_DISABLE_TELEMETRY'] = '1';
  const { default: koffi } = await import('koffi');
  koffi.config({ async_stack_size: nativeStackBytes, sync_stack_size: nativeStackBytes });
  const library = koffi.load(file);
  keepForever.push(library);

  const base = library.func('const void *OrtGetApiBase()') as unknown as () => bigint;
  const apiBase = new BigUint64Array(2); // { GetApi, GetVersionString }
  const memcpy = memcpyOf(koffi.load(process.platform === 'win32' ? 'msvcrt.dll' : null));
  memcpy(apiBase, base(), apiBase.byteLength);
  const getApi = koffi.decode(apiBase[0], koffi.proto('void *GetApi(uint32_t version)')) as (version: number) => Pointer;
  const getVersion = koffi.decode(apiBase[1], koffi.proto('const char *GetVersionString()')) as () => string;
  const version = getVersion();
  const api = getApi(Math.min(apiVersion, Number(version.split('.')[1])));
  if (api === null) throw new AppError('runtime-missing', { what: 'onnxruntime', file, detail: `version ${version} is too old` });

  const slots = new BigUint64Array(217);
  memcpy(slots, api, slots.byteLength);
  const typeNames: Record<string, string> = { p: 'void *', s: 'str', f: process.platform === 'win32' ? 'str16' : 'str', i: 'int32_t', z: 'size_t' };
  const decodeFunction = (slot: number, result: string, letters: string): KoffiFunc<(...args: never[]) => unknown> => {
    const address = slots[slot];
    assert(address, `the function table of ONNX Runtime has an entry ${slot}`);
    return koffi.decode(address, koffi.proto(result, [...letters].map((letter) => typeNames[letter]!)));
  };
  const call = Object.fromEntries([
    ...Object.entries(table).map(([name, [slot, letters]]) => [name, decodeFunction(slot, 'void *', letters)]),
    ...Object.entries(releases).map(([name, slot]) => [name, decodeFunction(slot, 'void', 'p')]),
  ]) as unknown as OrtFunctions;
  const getErrorCode = decodeFunction(1, 'int32_t', 'p') as unknown as (status: Pointer) => number;
  const getErrorMessage = decodeFunction(2, 'str', 'p') as unknown as (status: Pointer) => string;

  const failure = (status: Pointer): OrtFailure | null => {
    if (status === null) return null;
    const found = { code: getErrorCode(status), message: getErrorMessage(status) };
    call.ReleaseStatus(status);
    return found;
  };
  return {
    call,
    version,
    folder: path.dirname(file),
    copyOut: (target, source, bytes) => {
      assert(bytes <= target.byteLength, 'copied native memory fits its target');
      if (bytes > 0) memcpy(target, source, bytes);
    },
    copyIn: (target, source) => {
      if (source.byteLength > 0) memcpy(target, source, source.byteLength);
    },
    addressOf: (memory) => {
      void memory.buffer; // arrays of up to 64 bytes live on the moving heap until their buffer is asked for
      return koffi.address(memory);
    },
    text: (pointer) => (pointer === null ? '' : koffi.decode.string(pointer)),
    failure,
    check: (status) => {
      const found = failure(status);
      if (found) throw namedFailure(found);
    },
  };
}

/** Null when the system can load `file`, else what it said. */
export async function canLoadLibrary(file: string): Promise<string | null> {
  try {
    const { default: koffi } = await import('koffi');
    keepForever.push(koffi.load(file));
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** koffi unloads a library when its handle is collected, which would pull the code away from under running sessions. */
const keepForever: unknown[] = [];

function memcpyOf(library: { func(definition: string): unknown }): (target: Memory, source: Memory, bytes: number) => bigint {
  keepForever.push(library);
  return library.func('void *memcpy(void *target, void *source, size_t bytes)') as (target: Memory, source: Memory, bytes: number) => bigint;
}

/** The named error of a native failure that does not concern a model file. */
export function namedFailure(failure: OrtFailure): AppError {
  if (isOutOfMemory(failure.message)) return new AppError('out-of-memory', { detail: failure.message });
  if (failure.code === ortErrorCode.epFail) return new AppError('provider-unavailable', { detail: failure.message });
  return new AppError('internal', { detail: failure.message, ortCode: failure.code });
}

/** The named error of a model that did not load. `file` is what the user knows it by. */
export function namedLoadFailure(failure: OrtFailure, file: string, provider: string): AppError {
  const { code, message } = failure;
  if (isOutOfMemory(message)) return new AppError('out-of-memory', { file, detail: message });
  if (code === ortErrorCode.noSuchFile || /No such file|cannot find the file|file_size.*failed/i.test(message)) return new AppError('model-missing', { file, detail: message });
  if (provider !== 'cpu' && (code === ortErrorCode.epFail || /provider|CUDA|cudnn|cublas|WebGPU|Dawn|DML|CoreML/i.test(message))) {
    return new AppError('provider-unavailable', { provider, file, detail: message });
  }
  return new AppError('model-file-damaged', { file, detail: message });
}

function isOutOfMemory(message: string): boolean {
  return /bad_alloc|bad allocation|Failed to allocate memory|out of memory|Available memory of|CUBLAS_STATUS_ALLOC_FAILED|CUDA failure 2\b/i.test(message);
}
