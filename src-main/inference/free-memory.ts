// How much memory a process may still take: what the machine has free, or what its container allows, whichever is less.
import { readFile } from 'node:fs/promises';
import { freemem, totalmem } from 'node:os';

async function numberIn(file: string): Promise<number | null> {
  try {
    const value = Number((await readFile(file, 'utf8')).trim());
    return Number.isFinite(value) ? value : null;
  } catch {
    return null;
  }
}

/** Linux counts the page cache as taken; `MemAvailable` is what programs can really get. */
async function availableOnLinux(): Promise<number | null> {
  try {
    const line = /^MemAvailable:\s+(\d+) kB/m.exec(await readFile('/proc/meminfo', 'utf8'));
    return line ? Number(line[1]) * 1024 : null;
  } catch {
    return null;
  }
}

export async function freeMemoryBytes(): Promise<number> {
  const free = process.platform === 'linux' ? ((await availableOnLinux()) ?? freemem()) : freemem();
  const limit = await numberIn('/sys/fs/cgroup/memory.max');
  const used = await numberIn('/sys/fs/cgroup/memory.current');
  return limit !== null && used !== null ? Math.min(free, Math.max(0, limit - used)) : free;
}

/** What a process could take if nothing else ran. */
export async function totalMemoryBytes(): Promise<number> {
  return Math.min(totalmem(), (await numberIn('/sys/fs/cgroup/memory.max')) ?? Infinity);
}
