// What the reference implementation recorded for a tiny checkpoint: cases, and tensors by name. Knows the recordings' layout
// (build/fixtures/README.md) and nothing of Lectern.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const checkpointsFolder = path.resolve('test/fixtures/checkpoints');

export interface ReferenceMessage {
  role: 'system' | 'user' | 'assistant';
  content: string | ({ type: 'text'; text: string } | { type: 'image'; image: string })[];
}

export interface ReferenceCase {
  messages: ReferenceMessage[];
  prompt: string;
  inputIds: number[];
  imageGridThw?: [number, number, number][];
  resized?: { width: number; height: number; sha256: string }[];
  pixelValues?: { shape: number[]; sum: number; sumOfSquares: number; minimum: number; maximum: number };
  imageEmbeds?: { shape: number[]; sum: number; sumOfSquares: number };
  ropeDelta: number;
  rows: Record<string, number[]>;
  greedyTokens: number[];
  greedyMargins: number[];
  decodeSteps: number[];
}

export interface Reference {
  readonly folder: string;
  readonly cases: Record<string, ReferenceCase>;
  /** Null when it was not recorded. */
  tensor(name: string): { dims: number[]; data: Float32Array | Int32Array } | null;
  json(file: string): Record<string, unknown>;
}

/** Names of the recorded checkpoints that exist, of `names`. */
export function recorded(...names: string[]): string[] {
  return names.filter((name) => existsSync(path.join(checkpointsFolder, name, 'reference.safetensors')));
}

export function loadReference(name: string): Reference {
  const folder = path.join(checkpointsFolder, name);
  const json = (file: string): Record<string, unknown> => JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Record<string, unknown>;
  const bytes = readFileSync(path.join(folder, 'reference.safetensors'));
  const headerSize = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.subarray(8, 8 + headerSize).toString('utf8')) as Record<string, { dtype: string; shape: number[]; data_offsets: [number, number] }>;
  return {
    folder,
    json,
    cases: json('reference.json')['cases'] as Record<string, ReferenceCase>,
    tensor(tensorName) {
      const entry = header[tensorName];
      if (!entry) return null;
      const copy = Uint8Array.from(bytes.subarray(8 + headerSize + entry.data_offsets[0], 8 + headerSize + entry.data_offsets[1]));
      return { dims: entry.shape, data: entry.dtype === 'I32' ? new Int32Array(copy.buffer) : new Float32Array(copy.buffer) };
    },
  };
}

export function picturePath(name: string): string {
  return path.join(checkpointsFolder, 'images', name);
}

/** max |a - b| / max |b|. */
export function relativeError(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  let worst = 0;
  let largest = 0;
  for (let at = 0; at < theirs.length; at++) {
    worst = Math.max(worst, Math.abs(ours[at]! - theirs[at]!));
    largest = Math.max(largest, Math.abs(theirs[at]!));
  }
  return ours.length === theirs.length ? worst / (largest || 1) : Infinity;
}

/** The rows of a `[n, columns]` array that a recording kept. */
export function pickRows(data: Float32Array, columns: number, rows: readonly number[]): Float32Array {
  const picked = new Float32Array(rows.length * columns);
  rows.forEach((row, at) => picked.set(data.subarray(row * columns, (row + 1) * columns), at * columns));
  return picked;
}
