// The three kinds of failure kept apart: AppError (a user can meet it), failed assertion (a bug), cancellation (nobody's fault).
import type { ErrorCode, ErrorData, WireError } from '@contract/errors.ts';

/** Something that a user can meet. `code` picks the sentence in the window, `data` fills it, `cause` is for the log. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly data: ErrorData;

  constructor(code: ErrorCode, data: ErrorData = {}, cause?: unknown) {
    super(`${code} ${JSON.stringify(data)}`, cause === undefined ? undefined : { cause });
    this.name = 'AppError';
    this.code = code;
    this.data = data;
  }
}

/** States what must hold. A failure is a bug in Lectern, never a user's mistake. */
export function assert(condition: unknown, sentence: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${sentence}`);
}

/** True for an abort reason, the platform's or ours. */
export function isCancellation(error: unknown): boolean {
  if (error instanceof AppError) return error.code === 'job-cancelled';
  return error instanceof Error && error.name === 'AbortError';
}

/** The node error code (`ENOENT`, …) of a system failure, or null. */
export function systemCode(error: unknown): string | null {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return null;
}

/** Names a file system failure in the user's terms; anything unknown becomes `fallback`. */
export function fileError(error: unknown, file: string, fallback: ErrorCode = 'file-unreadable'): AppError {
  if (error instanceof AppError) return error;
  const named: Record<string, ErrorCode> = {
    ENOENT: 'file-not-found',
    EACCES: 'file-unreadable',
    EPERM: 'file-unreadable',
    EISDIR: 'file-is-folder',
    ENOSPC: 'disk-full',
    EDQUOT: 'disk-full',
    EEXIST: 'file-exists',
  };
  const code = systemCode(error);
  return new AppError((code && named[code]) || fallback, { file }, error);
}

export function toWireError(error: unknown): WireError {
  if (error instanceof AppError) return { code: error.code, data: error.data, message: error.message };
  if (isCancellation(error)) return { code: 'job-cancelled', data: {}, message: 'cancelled' };
  return { code: 'internal', data: {}, message: error instanceof Error ? error.message : String(error) };
}

export function fromWireError(wire: WireError): AppError {
  const error = new AppError(wire.code, wire.data);
  error.message = wire.message;
  return error;
}
