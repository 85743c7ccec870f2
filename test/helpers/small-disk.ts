// A disk that is really full after a few bytes, for tests of what happens then. Needs the right to mount.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

/** Mounts a file system of `size` (as mount writes it) at `path`, or answers null where that is not allowed. */
export function mountSmallDisk(path: string, size: string): { unmount(): void } | null {
  mkdirSync(path);
  if (spawnSync('/bin/mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', path]).status !== 0) return null;
  return {
    // Lazily: a database lets go of its file only when its statements are collected.
    unmount: () => void spawnSync('/bin/umount', ['--lazy', path]),
  };
}
