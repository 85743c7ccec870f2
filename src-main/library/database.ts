// The one door to SQLite: opening, pragmas, migrations, named statements. Knows no table beyond the schema version.
import Libsql from 'libsql';
import { existsSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import type { ErrorCode } from '@contract/errors.ts';
import { AppError, assert } from '../base/errors.ts';
import { logFor } from '../base/log.ts';
import { latestVersion, migrations } from './migrations.ts';

const log = logFor('library');
/** A statement slower than this is logged by its name. */
const slowMs = 40;
export interface DatabaseOptions {
  /** How long a statement waits for another connection (a backup tool, say) before it gives up. Default 5 s. */
  busyTimeoutMs?: number;
}

type SqlValue = string | number | null;
type Parameters = Readonly<Record<string, SqlValue>>;

/** Every statement carries a name: the log of slow statements and tests speak of names, not of SQL. */
export interface Database {
  readonly file: string;
  rows<Row>(name: string, sql: string, parameters?: Parameters): Row[];
  row<Row>(name: string, sql: string, parameters?: Parameters): Row | undefined;
  /** Runs a changing statement; the number of rows it changed. */
  run(name: string, sql: string, parameters?: Parameters): number;
  /** All or nothing. Nested calls join the outer transaction. */
  transaction<T>(work: () => T): T;
  close(): void;
}

/** Puts SQLite's failure in the user's terms. */
export function databaseError(error: unknown, file: string): AppError {
  if (error instanceof AppError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const message = error instanceof Error ? error.message : String(error);
  const named: [RegExp, ErrorCode][] = [
    [/^SQLITE_(CORRUPT|NOTADB)/, 'library-corrupt'],
    [/^SQLITE_(BUSY|LOCKED|PROTOCOL)/, 'library-locked'],
    [/^SQLITE_FULL/, 'disk-full'],
    [/^SQLITE_(READONLY|CANTOPEN|IOERR|PERM)/, 'write-failed'],
  ];
  const found = named.find(([pattern]) => pattern.test(code));
  if (found) return new AppError(found[1], { file }, error);
  // libsql reports failures to open without an SQLite code.
  if (message.includes('Unable to open connection')) return new AppError('write-failed', { file }, error);
  return new AppError('internal', { file, detail: message }, error);
}

/** Opens (or makes) the library and brings it to the latest version. Throws library-newer, library-corrupt, library-locked. */
export function openDatabase(file: string, { busyTimeoutMs = 5000 }: DatabaseOptions = {}): Database {
  const isNew = file === ':memory:' || !existsSync(file);
  let connection: Libsql.Database | null = null;
  try {
    connection = new Libsql(file);
    connection.pragma(`busy_timeout = ${busyTimeoutMs}`);
    const version = userVersion(connection);
    // Looked at before anything is written: a library of a later Lectern stays as it is.
    if (version > latestVersion) throw new AppError('library-newer', { file, found: version, supported: latestVersion });
    connection.pragma('journal_mode = WAL');
    connection.pragma('synchronous = FULL');
    connection.pragma('foreign_keys = ON');
    if (!isNew && version > 0 && version < latestVersion) backUp(connection, `${file}.before-${latestVersion}.backup`);
    migrate(connection, version);
    return wrap(connection, file);
  } catch (error) {
    connection?.close();
    throw databaseError(error, file);
  }
}

function userVersion(connection: Libsql.Database): number {
  const [row] = connection.pragma('user_version') as { user_version: number }[];
  assert(row, 'user_version answers');
  return row.user_version;
}

function backUp(connection: Libsql.Database, target: string): void {
  if (existsSync(target)) return;
  connection.prepare('VACUUM INTO :target').run({ target });
}

function migrate(connection: Libsql.Database, from: number): void {
  for (const one of migrations) {
    if (one.version <= from) continue;
    connection.exec('BEGIN IMMEDIATE');
    try {
      connection.exec(one.sql);
      connection.exec(`PRAGMA user_version = ${one.version}`);
      connection.exec('COMMIT');
    } catch (error) {
      connection.exec('ROLLBACK');
      throw error;
    }
    log('info', `migrated to ${one.version}`);
  }
}

function wrap(connection: Libsql.Database, file: string): Database {
  const statements = new Map<string, Libsql.Statement<unknown[]>>();
  let depth = 0;

  const timed = <T>(name: string, work: () => T): T => {
    const start = performance.now();
    try {
      return work();
    } catch (error) {
      const named = databaseError(error, file);
      if (named.code === 'internal') log('error', `${name} failed`, error);
      throw named;
    } finally {
      const ms = performance.now() - start;
      if (ms > slowMs) log('warn', `slow: ${name} took ${ms.toFixed(0)} ms`);
    }
  };
  const statement = (sql: string): Libsql.Statement<unknown[]> => {
    let prepared = statements.get(sql);
    if (!prepared) statements.set(sql, (prepared = connection.prepare(sql)));
    return prepared;
  };
  const rows = <Row>(name: string, sql: string, parameters: Parameters = {}): Row[] => timed(name, () => statement(sql).all(parameters) as Row[]);

  return {
    file,
    rows,
    // libsql's own get() adds a key to the row: the first of all() is clean.
    row: <Row>(name: string, sql: string, parameters?: Parameters) => rows<Row>(name, sql, parameters)[0],
    run: (name, sql, parameters = {}) => timed(name, () => statement(sql).run(parameters).changes),
    transaction(work) {
      if (depth > 0) return work();
      timed('begin', () => connection.exec('BEGIN IMMEDIATE'));
      depth++;
      try {
        const result = work();
        timed('commit', () => connection.exec('COMMIT'));
        return result;
      } catch (error) {
        // A failed COMMIT (full disk) may have ended the transaction itself.
        if (connection.inTransaction) connection.exec('ROLLBACK');
        throw error;
      } finally {
        depth--;
      }
    },
    close() {
      statements.clear();
      // libsql lets go of the file only when its statements are collected: what must be in the file is put there now.
      if (connection.open) connection.pragma('wal_checkpoint(TRUNCATE)');
      connection.close();
    },
  };
}
