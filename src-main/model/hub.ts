// What a Hugging Face-compatible endpoint says about a repository: its commit, its files, their sizes and hashes. Knows the addresses, moves
// no weights.
import { AppError } from '../base/errors.ts';
import { companionFiles } from './checkpoint.ts';
import { filesWorthHaving } from './onnx-export.ts';

export interface HubOptions {
  /** A mirror is any server with the same addresses. Default https://huggingface.co */
  readonly endpoint?: string;
  /** Branch, tag or commit. Default main. */
  readonly revision?: string;
  /** Sent as a bearer token, for repositories that ask for one. */
  readonly token?: string;
}

export interface HubFile {
  readonly name: string;
  readonly sizeBytes: number;
  /** `sha256` of the content for large files, git's `sha1` of the blob for small ones. */
  readonly hash: { readonly kind: 'sha256' | 'git-sha1'; readonly value: string };
}

export interface HubRepository {
  readonly id: string;
  readonly endpoint: string;
  /** The commit that the revision stood for. */
  readonly commit: string;
  /** Files that a checkpoint needs. */
  readonly files: readonly HubFile[];
}

export const defaultEndpoint = 'https://huggingface.co';

function headersOf(options: HubOptions): Record<string, string> {
  return options.token ? { authorization: `Bearer ${options.token}` } : {};
}

/** Names the failure of a response in the user's terms. */
export function responseError(url: string, status: number, what: string): AppError {
  if (status === 404) return new AppError('download-not-found', { url, what });
  if (status === 401 || status === 403) return new AppError('download-forbidden', { url, what, status });
  return new AppError('download-failed', { url, what, status });
}

/** Names a failure to reach the server at all. */
export function networkError(url: string, error: unknown, signal: AbortSignal): AppError {
  if (error instanceof AppError) return error;
  if (signal.aborted) return new AppError('job-cancelled');
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return new AppError('network-unavailable', { url, reason: code || (cause instanceof Error ? cause.message : String(cause)) }, error);
}

/** Another attempt may do better: the network, or a server that is overcharged. */
export function worthRetrying(error: unknown): boolean {
  if (!(error instanceof AppError)) return false;
  if (error.code === 'download-failed') return !(typeof error.data['status'] === 'number' && error.data['status'] >= 400 && error.data['status'] < 500 && ![408, 429].includes(error.data['status']));
  return error.code === 'network-unavailable';
}

/** Ends early when `signal` fires. */
export const pause = (ms: number, signal: AbortSignal): Promise<void> => new Promise((resolve) => {
  const timer = setTimeout(resolve, ms);
  signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
});

const jsonAttempts = 3;
const jsonRetryMs = 300;

/** A small answer, asked for again when the connection breaks. @throws download-not-found, download-forbidden, download-failed, network-unavailable, job-cancelled */
export async function getJson(url: string, options: HubOptions, signal: AbortSignal, what: string): Promise<unknown> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await getJsonOnce(url, options, signal, what);
    } catch (error) {
      if (signal.aborted || attempt >= jsonAttempts || !worthRetrying(error)) throw error;
      await pause(jsonRetryMs * attempt, signal);
    }
  }
}

async function getJsonOnce(url: string, options: HubOptions, signal: AbortSignal, what: string): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(url, { headers: headersOf(options), signal });
  } catch (error) {
    throw networkError(url, error, signal);
  }
  if (!response.ok) throw responseError(url, response.status, what);
  try {
    return await response.json();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw networkError(url, error, signal);
    throw new AppError('download-failed', { url, what, reason: 'the answer is not JSON' }, error);
  }
}

export function fileUrl(repository: Pick<HubRepository, 'id' | 'endpoint' | 'commit'>, name: string): string {
  return `${repository.endpoint}/${repository.id}/resolve/${repository.commit}/${name.split('/').map(encodeURIComponent).join('/')}`;
}

type Json = Readonly<Record<string, unknown>>;

function readFileEntry(entry: Json): HubFile | null {
  const lfs = typeof entry['lfs'] === 'object' && entry['lfs'] !== null ? (entry['lfs'] as Json) : null;
  const name = entry['path'];
  const size = lfs?.['size'] ?? entry['size'];
  const oid = lfs?.['oid'] ?? entry['oid'];
  const hash = typeof oid === 'string' ? oid.replace(/^sha256:/, '') : '';
  if (entry['type'] !== 'file' || typeof name !== 'string' || !Number.isSafeInteger(size) || (size as number) < 0) return null;
  if (!(lfs ? /^[0-9a-f]{64}$/ : /^[0-9a-f]{40}$/).test(hash)) return null;
  return { name, sizeBytes: size as number, hash: { kind: lfs ? 'sha256' : 'git-sha1', value: hash } };
}

/** Whether what was chosen is an ONNX export and not a checkpoint. */
export function isExport({ files }: Pick<HubRepository, 'files'>): boolean {
  return files.some((file) => file.name.endsWith('.onnx'));
}

/** Of all files those that a checkpoint needs: weights in one format, indices, companions. Without weights, those of an ONNX export. */
export function chooseFiles(files: readonly HubFile[]): HubFile[] {
  const plain = files.filter((file) => /^[\w.+-]+$/.test(file.name) && !file.name.startsWith('.'));
  const safetensors = plain.filter((file) => /^(model|gptq_model)[\w.-]*\.safetensors(\.index\.json)?$/.test(file.name));
  const weights = safetensors.some((file) => file.name.endsWith('.safetensors')) ? safetensors : plain.filter((file) => /^pytorch_model[\w.-]*\.bin(\.index\.json)?$/.test(file.name));
  const companions: readonly string[] = [...companionFiles, 'quantize_config.json'];
  const graphs = files.filter((file) => /^onnx\/[\w+-][\w.+-]*$/.test(file.name));
  const wanted = weights.length > 0 ? [] : filesWorthHaving(graphs.map((file) => file.name.slice('onnx/'.length)));
  return [...plain.filter((file) => companions.includes(file.name)), ...weights, ...graphs.filter((file) => wanted.includes(file.name.slice('onnx/'.length)))];
}

/**
 * Looks a repository up.
 * @throws download-not-found, download-forbidden, download-failed, network-unavailable, job-cancelled
 */
export async function describeRepository(id: string, options: HubOptions, signal: AbortSignal): Promise<HubRepository> {
  if (!/^[\w.-]+\/[\w.-]+$/.test(id)) throw new AppError('download-not-found', { what: id, reason: 'a repository is named OWNER/NAME' });
  const endpoint = (options.endpoint ?? defaultEndpoint).replace(/\/+$/, '');
  const revision = encodeURIComponent(options.revision ?? 'main');
  const info = (await getJson(`${endpoint}/api/models/${id}/revision/${revision}`, options, signal, id)) as Json | null;
  const commit = info?.['sha'];
  if (typeof commit !== 'string' || !/^[0-9a-f]{7,64}$/.test(commit)) throw new AppError('download-failed', { what: id, reason: 'the endpoint names no commit' });
  const tree = await getJson(`${endpoint}/api/models/${id}/tree/${commit}?recursive=true`, options, signal, id);
  if (!Array.isArray(tree)) throw new AppError('download-failed', { what: id, reason: 'the endpoint lists no files' });
  const files = chooseFiles(tree.map((entry) => readFileEntry(entry as Json)).filter((file) => file !== null));
  if (!files.some((file) => file.name === 'config.json') || !files.some((file) => /\.(safetensors|bin|onnx)$/.test(file.name))) {
    throw new AppError('checkpoint-unsupported', { file: id, reason: 'it holds no config.json with safetensors or PyTorch weights, and no ONNX export for transformers.js' });
  }
  return { id, endpoint, commit, files };
}
