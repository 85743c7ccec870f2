// The sample documents that come with Lectern, imported once into a new library. Removing them later is final.
import { access } from 'node:fs/promises';
import type { Imports } from './import-run.ts';
import type { Library } from './library-client.ts';

const key = 'samples-imported';

/** `LECTERN_SAMPLES=none` keeps a library empty, for tests. */
export async function importSamplesOnce(library: Library, imports: Imports, folder: string): Promise<void> {
  if (process.env['LECTERN_SAMPLES'] === 'none' || (await library.call('fact', { key })) !== null) return;
  const documents = await library.call('listDocuments', null);
  const isThere = await access(folder).then(
    () => true,
    () => false,
  );
  if (isThere && documents.length === 0) await imports.paths([folder]);
  await library.call('setFact', { key, value: new Date().toISOString() });
}
