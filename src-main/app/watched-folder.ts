// A folder whose files are brought into the library by themselves. Looks again and again instead of asking the system, which is silent
// about network folders; takes a file only when it has stopped growing. What it has taken is remembered in the library.
import { stat } from 'node:fs/promises';
import { systemCode } from '../base/errors.ts';
import { logFor } from '../base/log.ts';
import { findFiles, type Imports } from './import-run.ts';
import type { Library } from './library-client.ts';

const log = logFor('watched-folder');
const lookEveryMs = 2000;
/** A file that was not touched for this long is whole. Copies over slow networks pause, but not that long. */
const quietMs = 3000;
/** Names under which browsers and programs keep what is not finished yet. */
const unfinished = /\.(part|partial|crdownload|download|tmp|temp|opdownload)$|^~|~$/i;

export interface WatchedFolder {
  /** Watches this folder from now on, or none. */
  watch(folder: string | null): void;
  stop(): void;
}

/** Which state of a file was taken: when it changes, it is another file. */
const stateOf = ({ size, mtimeMs }: { size: number; mtimeMs: number }): string => `${size}:${mtimeMs}`;

export function createWatchedFolder({ library, imports, everyMs = lookEveryMs, quietForMs = quietMs }: { library: Library; imports: Pick<Imports, 'paths'>; everyMs?: number; quietForMs?: number }): WatchedFolder {
  let watched: string | null = null;
  let stopWatching = new AbortController();
  let missingTold = false;

  const look = async (folder: string, taken: Map<string, string>, before: Map<string, string>, signal: AbortSignal): Promise<void> => {
    const { files, refused } = await findFiles([folder], signal);
    const gone = refused.find((one) => one.path === folder && one.error.code === 'file-not-found');
    if (gone && !missingTold) log('warn', `the watched folder ${folder} is not there`);
    missingTold = gone !== undefined;
    if (gone || signal.aborted) return;
    const now = new Map<string, string>();
    const ready: string[] = [];
    for (const path of files) {
      const name = path.split(/[\\/]/).at(-1)!;
      if (unfinished.test(name)) continue;
      try {
        const facts = await stat(path);
        const state = stateOf(facts);
        now.set(path, state);
        // The same as at the last look, long enough untouched, and not taken yet.
        if (facts.size > 0 && before.get(path) === state && Date.now() - facts.mtimeMs >= quietForMs && taken.get(path) !== state) ready.push(path);
      } catch (error) {
        if (systemCode(error) !== 'ENOENT') log('warn', `${path} cannot be looked at`, error);
      }
    }
    before.clear();
    for (const [path, state] of now) before.set(path, state);
    if (ready.length === 0 || signal.aborted) return;
    const { cancelled } = await imports.paths(ready);
    if (cancelled) return;
    // A file that was refused is not asked for again until it changes.
    for (const path of ready) taken.set(path, now.get(path)!);
    for (const path of taken.keys()) if (!now.has(path)) taken.delete(path);
    await library.call('setFact', { key: `watched:${folder}`, value: JSON.stringify([...taken]) });
  };

  const run = async (folder: string, signal: AbortSignal): Promise<void> => {
    const kept = await library.call('fact', { key: `watched:${folder}` });
    const taken = new Map<string, string>(kept === null ? [] : (JSON.parse(kept) as [string, string][]));
    const before = new Map<string, string>();
    while (!signal.aborted) {
      await look(folder, taken, before, signal).catch((error: unknown) => log('warn', 'looking into the watched folder failed', error));
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, everyMs);
        signal.addEventListener('abort', () => { clearTimeout(timer); resolve(); }, { once: true });
      });
    }
  };

  return {
    watch(folder) {
      if (folder === watched) return;
      stopWatching.abort();
      stopWatching = new AbortController();
      watched = folder;
      missingTold = false;
      if (folder !== null) run(folder, stopWatching.signal).catch((error: unknown) => log('error', 'watching the folder ended', error));
    },
    stop() {
      stopWatching.abort();
    },
  };
}
