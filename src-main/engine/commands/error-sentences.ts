// What the command line says about a failure, in English. The window has its own words for the same codes.
import type { ErrorCode, ErrorData } from '@contract/errors.ts';
import { AppError } from '../../base/errors.ts';

const mega = (value: unknown): string => (typeof value === 'number' ? `${Math.round(value)} megapixels` : 'the limit');

const giga = (value: unknown): string => (typeof value === 'number' ? `${(value / 2 ** 30).toFixed(1)} GB` : '?');
const names = (value: unknown): string => (Array.isArray(value) && value.length > 0 ? `; there are ${value.join(', ')}` : '; none is imported yet');

const list = (value: unknown): string => (Array.isArray(value) ? value.join(', ') : typeof value === 'string' ? value : '');
const base = (value: unknown): string => (typeof value === 'string' ? (value.split(/[\\/]/).at(-1) ?? '') : '');

const sentences: Partial<Record<ErrorCode, (data: ErrorData) => string>> = {
  'file-not-found': () => 'there is no such file',
  'file-unreadable': () => 'the file cannot be opened (no permission?)',
  'file-empty': () => 'the file is empty',
  'file-unsupported': (data) => (data['format'] ? `files of the kind ${String(data['format']).toUpperCase()} are not supported` : 'the file is neither a picture nor a PDF that can be read'),
  'decoder-missing': (data) => `this system cannot decode HEIC photos: ${data['system'] === 'win32' ? 'install “HEIF Image Extensions” and “HEVC Video Extensions” from the Microsoft Store' : 'install libheif-examples (Debian, Ubuntu), libheif-tools (Fedora) or libheif (Arch)'}, or export them as JPEG`,
  'file-corrupt': () => 'the file is damaged',
  'file-truncated': () => 'the file ends too early: part of it is missing',
  'file-too-large': () => 'the file is too large',
  'file-is-folder': () => 'this is a folder',
  'image-too-large': (data) => `the picture is too large${typeof data['width'] === 'number' ? ` (${data['width']} × ${String(data['height'])} pixels)` : ''}: at most ${mega(data['limitMegapixels'])}`,
  'image-too-small': (data) => `the picture is too small (${String(data['width'])} × ${String(data['height'])} pixels)`,
  'pdf-encrypted': (data) => (data['passwordGiven'] === true ? 'the password does not open the PDF' : 'the PDF is protected by a password; give it with --password'),
  'pdf-empty': () => 'the PDF has no pages',
  'page-not-found': (data) => `there is no page ${String(data['page'] ?? '')}`,
  'table-missing': () => 'there is no table, and csv and xlsx hold tables only',
  'disk-full': () => 'the disk is full',
  'file-exists': () => 'a file of this name exists already',
  'write-failed': (data) => `writing failed${data['folder'] ? ` (folder ${String(data['folder'])})` : ''}`,
  'schema-invalid': (data) => `the schema cannot be used: ${Array.isArray(data['reasons']) ? data['reasons'].join('; ') : ''}`,
  'out-of-memory': () => 'there is not enough memory',
  'job-cancelled': () => 'cancelled',
  'model-missing': (data) => `a model file is missing: ${String(data['name'] ?? '')}`,
  'model-file-damaged': (data) => `a model file is damaged: ${String(data['file'] ?? '')}`,
  'model-not-found': (data) => (data['name'] ? `there is no model "${String(data['name'])}"${names(data['known'])}` : `name a model with --model${names(data['known'])}`),
  'model-closed': () => 'the model was closed while it was in use',
  'package-not-found': (data) => `there is no compiled model in ${String(data['folder'] ?? '')}`,
  'package-damaged': (data) => `the compiled model is damaged: ${String(data['file'] ?? '')} (${String(data['reason'] ?? '')}); import the checkpoint again`,
  'memory-insufficient': (data) => {
    if (data['stage'] === 'compile') return `not enough memory to compile it: ${giga(data['neededBytes'])} are needed, ${giga(data['freeBytes'])} are free; close other programs, or go on with --anyway`;
    if (data['stage'] === 'run') return `its weights would take ${giga(data['neededBytes'])}, this machine has ${giga(data['freeBytes'])}; take --weights int4 or a smaller model, or compile it for another machine with --anyway`;
    return `not enough memory: ${giga(data['neededBytes'])} are needed (weights ${giga(data['weightsBytes'])}, context ${giga(data['cacheBytes'])}, pictures ${giga(data['visionBytes'])}), ${giga(data['freeBytes'])} are free; ask with a smaller --context or --max-image-tokens, or a smaller model`;
  },
  'provider-unavailable': (data) => `${String(data['provider'] ?? 'the provider')} cannot be used: ${String(data['detail'] ?? '')}; leave --provider out to take what works`,
  'context-overflow': (data) => `the question takes ${String(data['tokens'])} tokens, more than the ${String(data['limit'])} of the context; ask with a larger --context, fewer pages or a smaller --max-image-tokens`,
  'image-empty': () => 'the picture has no area',
  'token-unknown': (data) => `the tokenizer has no token ${String(data['token'])}: its files do not belong to this model`,
  'template-invalid': (data) => `the chat template of the model cannot be used: ${String(data['detail'] ?? '')}`,
  'logits-not-finite': () => 'the model computed no numbers: its weights are damaged, or its precision is too low',
  'import-stopped': (data) => `a part of the compiler stopped unexpectedly (${String(data['detail'] ?? '')}); nothing was kept, try again`,
  'checkpoint-not-found': (data) => `${String(data['folder'] ?? 'the folder')} is no checkpoint${data['reason'] ? `: ${String(data['reason'])}` : ''}`,
  'checkpoint-incomplete': (data) => `the checkpoint is incomplete, missing: ${list(data['missing'])}${data['reason'] ? ` (${String(data['reason'])})` : ''}; download it again`,
  'checkpoint-unsupported': (data) => `${base(data['file'])}: ${String(data['reason'] ?? 'not supported')}${data['modelType'] ? ` (model type: ${String(data['modelType'])})` : ''}`,
  'checkpoint-damaged': (data) => `${base(data['file'])} is damaged: ${String(data['reason'] ?? '')}; download it again`,
  'checkpoint-unsafe': (data) => `${base(data['file'])} wants to run code (${String(data['what'] ?? '')}), which a checkpoint has no need to; nothing was run. Use a safetensors release`,
  'tensor-missing': (data) => `${String(data['count'] ?? '')} tensors are missing: ${list(data['tensors'])}`,
  'tensor-shape': (data) => `${String(data['tensor'])} is ${String(data['found'])}, its configuration wants ${String(data['expected'])}`,
  'quantization-unsupported': (data) => `its quantisation cannot be read: ${data['tensor'] ? `${String(data['tensor'])}: ` : ''}${String(data['reason'] ?? '')}`,
  'package-exists': (data) => `there is a model "${String(data['id'])}" already; use --overwrite or another --id`,
  'graph-invalid': (data) => `the compiler made an illegal graph, which is a bug: ${String(data['node'] ?? '')}: ${String(data['reason'] ?? '')}`,
  'disk-insufficient': (data) => `not enough room on the disk: ${giga(data['neededBytes'])} are needed, ${giga(data['availableBytes'])} are free`,
  'download-not-found': (data) => `there is no ${String(data['what'] ?? 'such repository')} at ${String(data['url'] ?? 'the endpoint')}`,
  'download-forbidden': (data) => `${String(data['what'] ?? 'the repository')} asks for permission: accept its terms on its page and set HF_TOKEN`,
  'download-failed': (data) => `downloading ${String(data['what'] ?? '')} failed (${String(data['status'] ?? data['reason'] ?? '')}); what has arrived is kept, try again`,
  'download-corrupt': (data) => `${String(data['file'] ?? 'a file')} arrived damaged; try again, only it is fetched anew`,
  'network-unavailable': (data) => `${String(data['url'] ?? 'the server')} cannot be reached (${String(data['reason'] ?? '')}); what has arrived is kept, try again`,
  'runtime-missing': (data) => `a part of the program cannot be loaded: ${String(data['name'] ?? 'ONNX Runtime')}`,
};

/** One clause without a full stop; the caller puts the file's name before it. */
export function sentenceFor(error: unknown): string {
  if (error instanceof AppError) return sentences[error.code]?.(error.data) ?? error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
