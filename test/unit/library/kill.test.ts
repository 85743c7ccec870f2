// The process is killed in the middle of an import (power cut, out of memory): what the library says it has, it has.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { bundleForNode } from '../../helpers/bundle.ts';
import { never, openTestLibrary, temporaryFolder, writePng } from '../../helpers/library.ts';

let worker: string;
beforeAll(async () => {
  worker = await bundleForNode('src-main/library/index.ts', 'library');
});

const host = (library: string, files: readonly string[]): string => `
  import { Worker } from 'node:worker_threads';
  const worker = new Worker(${JSON.stringify(worker)}, { workerData: { folder: ${JSON.stringify(library)} } });
  worker.on('message', (message) => {
    if (message.opened) worker.postMessage({ rpc: 'call', id: 1, method: 'importFiles', input: { paths: ${JSON.stringify(files)} } });
  });
  setInterval(() => {}, 1000);
`;

test.each([30, 120, 300])('killed %d ms after it began', async (delayMs) => {
  const folder = temporaryFolder();
  const library = join(folder.path, 'library');
  mkdirSync(library);
  const files = Array.from({ length: 150 }, (_, index) => writePng(join(folder.path, `${index}.png`), `${index} `.repeat(8000)));
  writeFileSync(join(folder.path, 'host.mjs'), host(library, files));
  const child = spawn(process.execPath, [join(folder.path, 'host.mjs')], { stdio: 'inherit' });
  const ended = once(child, 'exit');
  // From the moment it has begun.
  for (let waited = 0; waited < 10_000 && !existsSync(join(library, 'originals')); waited += 5) await sleep(5);
  await sleep(delayMs);
  child.kill('SIGKILL');
  await ended;

  const { database, methods } = openTestLibrary(library);
  try {
    expect(database.rows('check', 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    await methods.start(null);
    for (const document of methods.listDocuments(null)) {
      const original = readFileSync(join(library, 'originals', document.contentHash.slice(0, 2), `${document.contentHash}.png`));
      expect(createHash('sha256').update(original).digest('hex')).toBe(document.contentHash);
    }
    expect(readdirSync(join(library, 'originals')).filter((name) => name.startsWith('.'))).toEqual([]);
    // The same import once more completes it, without doubles.
    for (let done = 0; done < files.length; ) {
      const batch = await methods.importFiles({ paths: files.slice(done) }, { signal: never });
      expect(batch.refused).toEqual([]);
      done += batch.handled;
    }
    expect(methods.listDocuments(null)).toHaveLength(files.length);
  } finally {
    database.close();
    folder.remove();
  }
});
