// Where one tensor lies on disk, and reading byte ranges of it through shared file handles. Every reader of a checkpoint format ends here.
import { type FileHandle, open } from 'node:fs/promises';
import { AppError, fileError, systemCode } from '../base/errors.ts';
import type { ElementType } from './element-type.ts';

/** A dense row-major tensor as consecutive bytes of a file. */
export interface StoredTensor {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly number[];
  readonly file: string;
  /** Absolute byte position in `file`. May exceed 2^31. */
  readonly offset: number;
  readonly byteLength: number;
}

/** Consecutive bytes of a file. */
export interface FileRange {
  readonly file: string;
  readonly position: number;
  readonly byteLength: number;
}

/** Opens each file once and reads ranges from it. `close` it when done. */
export class FilePool {
  private readonly handles = new Map<string, Promise<FileHandle>>();

  private handle(file: string): Promise<FileHandle> {
    let handle = this.handles.get(file);
    if (!handle) {
      handle = open(file, 'r');
      this.handles.set(file, handle);
    }
    return handle;
  }

  async size(file: string): Promise<number> {
    try {
      return (await (await this.handle(file)).stat()).size;
    } catch (error) {
      throw systemCode(error) ? fileError(error, file) : error;
    }
  }

  /** Fills `target` from `position`. @throws checkpoint-damaged when the file ends before. */
  async readInto(file: string, position: number, target: Uint8Array): Promise<void> {
    try {
      const handle = await this.handle(file);
      let done = 0;
      while (done < target.byteLength) {
        const { bytesRead } = await handle.read(target, done, Math.min(target.byteLength - done, 1 << 30), position + done);
        if (bytesRead === 0) throw new AppError('checkpoint-damaged', { file, reason: 'the file ends too early' });
        done += bytesRead;
      }
    } catch (error) {
      throw systemCode(error) ? fileError(error, file) : error;
    }
  }

  async read(file: string, position: number, length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    await this.readInto(file, position, bytes);
    return bytes;
  }

  /** Bytes `start … start + length` of a tensor. */
  readTensor(tensor: StoredTensor, start = 0, length = tensor.byteLength - start): Promise<Uint8Array> {
    return this.read(tensor.file, tensor.offset + start, length);
  }

  async close(): Promise<void> {
    const opened = [...this.handles.values()];
    this.handles.clear();
    await Promise.allSettled(opened.map(async (handle) => (await handle).close()));
  }
}
