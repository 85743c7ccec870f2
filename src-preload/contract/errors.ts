// The closed list of what can go wrong for a user, and how an error crosses a process. The window chooses the words.
import { z } from 'zod';

/** Every code a user can meet. `data` holds what the sentence needs (file name, sizes, limits); never a stack. */
export const errorCode = z.enum([
  // files and pages
  'file-not-found', 'file-unreadable', 'file-empty', 'file-unsupported', 'file-corrupt', 'file-truncated', 'file-too-large', 'file-is-folder', 'decoder-missing',
  'image-too-large', 'image-too-small', 'pdf-encrypted', 'pdf-empty', 'capture-refused', 'disk-full', 'file-exists', 'write-failed',
  // library
  'document-not-found', 'page-not-found', 'page-not-read', 'page-changed', 'reading-empty', 'comparison-not-found', 'table-missing', 'library-corrupt', 'library-newer', 'library-locked',
  // conversations
  'conversation-not-found', 'message-not-found', 'page-blank', 'answer-running', 'places-missing',
  // extraction
  'schema-invalid',
  // engine and jobs
  'engine-stopped', 'engine-not-ready', 'out-of-memory', 'job-cancelled', 'model-missing', 'model-file-damaged', 'model-closed', 'runtime-missing',
  // checkpoints and packages
  'checkpoint-not-found', 'checkpoint-incomplete', 'checkpoint-unsupported', 'checkpoint-damaged', 'checkpoint-unsafe', 'tensor-missing', 'tensor-shape',
  'quantization-unsupported', 'package-damaged', 'package-not-found', 'package-exists', 'model-not-found', 'memory-insufficient', 'disk-insufficient',
  'provider-unavailable', 'context-overflow', 'install-not-found', 'token-unknown', 'image-empty', 'template-invalid', 'graph-invalid', 'logits-not-finite', 'import-stopped',
  // downloads
  'download-failed', 'download-corrupt', 'download-not-found', 'download-forbidden', 'network-unavailable',
  // endpoints
  'endpoint-not-found', 'endpoint-unauthorised', 'endpoint-busy', 'endpoint-failed', 'endpoint-refused', 'endpoint-timeout', 'endpoint-cut', 'consent-missing', 'model-blind', 'answer-unreadable',
  // requests
  'request-unknown', 'request-invalid', 'request-forbidden', 'internal',
]);
export type ErrorCode = z.infer<typeof errorCode>;

export const errorData = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]));
export type ErrorData = z.infer<typeof errorData>;

/** An error as it travels between processes and into the database. */
export const wireError = z.object({ code: errorCode, data: errorData, message: z.string() });
export type WireError = z.infer<typeof wireError>;
