// What the library keeps of extractions. Would catch: values changed by hand that are lost, or kept for a schema that is another one now.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { extractionSchema } from '@contract/extraction.ts';
import { openTestLibrary, temporaryFolder } from '../../helpers/library.ts';
import type { TestLibrary } from '../../helpers/library.ts';

let folder: ReturnType<typeof temporaryFolder>;
let library: TestLibrary;
beforeEach(() => {
  folder = temporaryFolder();
  mkdirSync(join(folder.path, 'library'));
  library = openTestLibrary(join(folder.path, 'library'));
});
afterEach(() => {
  library.database.close();
  folder.remove();
});

const schema = extractionSchema.parse({ name: 'Mine', fields: [{ name: 'total', type: 'amount' }] });

test('a schema is kept by its name, changed and removed', () => {
  library.methods.saveExtractionSchema({ schema });
  const changed = extractionSchema.parse({ ...schema, fields: [...schema.fields, { name: 'date', type: 'date' }] });
  library.methods.saveExtractionSchema({ schema: changed });
  expect(library.methods.extractionSchemas(null)).toEqual([changed]);
  library.methods.deleteExtractionSchema({ name: 'Mine' });
  expect(library.methods.extractionSchemas(null)).toEqual([]);
});

test('nothing is kept for a document that the library does not have', () => {
  expect(library.methods.keptExtraction({ documentId: 'none', schema })).toBeNull();
  expect(() => library.methods.keepExtraction({ documentId: 'none', schema, extraction: { fields: { total: null }, rows: {}, problems: [], model: null, otherRows: {} } })).toThrow(/internal|FOREIGN KEY/);
});
