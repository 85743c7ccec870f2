// Opening a library: new, of an earlier version, of a later one, damaged, locked; transactions; errors in the user's terms.
import Libsql from 'libsql';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AppError } from '../../../src-main/base/errors.ts';
import { openDatabase } from '../../../src-main/library/database.ts';
import { latestVersion, migrations } from '../../../src-main/library/migrations.ts';
import { addReadDocument, openTestLibrary, temporaryFolder, writePng } from '../../helpers/library.ts';

let folder: ReturnType<typeof temporaryFolder>;
let file: string;
beforeEach(() => {
  folder = temporaryFolder();
  file = join(folder.path, 'library.db');
});
afterEach(() => folder.remove());

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return error instanceof AppError ? error.code : `not named: ${error}`;
  }
  return 'nothing thrown';
}

test('migrations are numbered without gaps or doubles', () => {
  expect(migrations.map((one) => one.version)).toEqual(migrations.map((_, index) => index + 1));
});

test.each(migrations.map((one) => one.version))('a library of version %d opens, is backed up first, and ends with the schema of a new one', (version) => {
  const old = new Libsql(file);
  for (const one of migrations.filter((each) => each.version <= version)) old.exec(one.sql);
  old.exec(`PRAGMA user_version = ${version}`);
  old.close();
  const schema = (path: string): unknown => openDatabase(path).rows('schema', 'SELECT type, name, sql FROM sqlite_master ORDER BY name');
  expect(schema(file)).toEqual(schema(join(folder.path, 'new.db')));
  expect(existsSync(`${file}.before-${latestVersion}.backup`)).toBe(version < latestVersion);
});

test('every table of ours is STRICT', () => {
  const tables = openDatabase(file).rows<{ name: string; strict: number }>('tables', "SELECT name, strict FROM pragma_table_list WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'line_search%'");
  expect(tables.length).toBeGreaterThan(3);
  expect(tables.filter((one) => !one.strict)).toEqual([]);
});

test('writes are durable and foreign keys hold', () => {
  const database = openDatabase(file);
  expect(database.row('mode', 'PRAGMA journal_mode')).toEqual({ journal_mode: 'wal' });
  expect(database.row('keys', 'PRAGMA foreign_keys')).toEqual({ foreign_keys: 1 });
  expect(() => database.run('orphan', "INSERT INTO lines (page_id, line_index, text, folded) VALUES ('nowhere', 0, '', '')")).toThrow('internal');
});

test('a library of a later version is named and left byte for byte as it is', () => {
  const later = new Libsql(file);
  later.exec(`CREATE TABLE future (x); PRAGMA user_version = ${latestVersion + 1}`);
  later.close();
  const before = readFileSync(file);
  expect(codeOf(() => openDatabase(file))).toBe('library-newer');
  expect(readFileSync(file)).toEqual(before);
});

test('a file that is no database is named and left as it is', () => {
  writeFileSync(file, 'this was a library once '.repeat(1000));
  expect(codeOf(() => openDatabase(file))).toBe('library-corrupt');
  expect(readFileSync(file, 'utf8')).toMatch(/^this was a library once/);
});

test('a library cut short is named, when it is opened or when the hole is met', async () => {
  const library = openTestLibrary(folder.path);
  for (let index = 0; index < 20; index++) await addReadDocument(library, writePng(join(folder.path, `${index}.png`), String(index)), ['a line of text '.repeat(200)]);
  library.database.close();
  const damaged = join(folder.path, 'damaged');
  mkdirSync(damaged);
  copyFileSync(file, join(damaged, 'library.db'));
  truncateSync(join(damaged, 'library.db'), 40_960);
  expect(
    codeOf(() => {
      const { methods } = openTestLibrary(damaged);
      for (const document of methods.listDocuments(null)) for (const page of methods.pagesOf({ documentId: document.id })) methods.pageText({ pageId: page.id });
    }),
  ).toBe('library-corrupt');
});

test('a library that another program keeps locked is named', () => {
  const database = openDatabase(file, { busyTimeoutMs: 100 });
  const other = new Libsql(file);
  other.exec('BEGIN EXCLUSIVE');
  expect(codeOf(() => database.run('write', "INSERT INTO facts (key, value) VALUES ('a', 'b')"))).toBe('library-locked');
  other.exec('ROLLBACK');
  expect(database.run('write', "INSERT INTO facts (key, value) VALUES ('a', 'b')")).toBe(1);
});

test('a folder that cannot hold a library is named', () => {
  expect(codeOf(() => openDatabase(join(folder.path, 'missing', 'library.db')))).toBe('write-failed');
});

test('a transaction that throws leaves nothing, and the next one works', () => {
  const database = openDatabase(file);
  const add = (key: string): number => database.run('add', 'INSERT INTO facts (key, value) VALUES (:key, :key)', { key });
  expect(() =>
    database.transaction(() => {
      add('a');
      database.transaction(() => add('b'));
      throw new AppError('model-missing');
    }),
  ).toThrow('model-missing');
  expect(database.rows('all', 'SELECT key FROM facts')).toEqual([]);
  database.transaction(() => add('c'));
  expect(database.rows('all', 'SELECT key FROM facts')).toEqual([{ key: 'c' }]);
});

test('no table is left behind half way when a migration fails', () => {
  const old = new Libsql(file);
  old.exec('CREATE TABLE pages (in_the_way TEXT)');
  old.close();
  expect(codeOf(() => openDatabase(file))).toBe('internal');
  const names = new Libsql(file).prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all([]) as { name: string }[];
  expect(names.map((one) => one.name).filter((name) => !name.startsWith('sqlite'))).toEqual(['pages']);
  expect(readdirSync(folder.path).some((name) => name.endsWith('.backup'))).toBe(false);
});
