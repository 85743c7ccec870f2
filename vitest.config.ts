// One vitest project per test folder that needs no Electron; the folder states what a test costs (see test/README.md).
import { defineConfig } from 'vitest/config';
import { resolve } from 'node:path';

const at = (path: string) => resolve(import.meta.dirname, path);

export default defineConfig({
  resolve: { alias: { '@contract': at('src-preload/contract') } },
  test: {
    include: ['test/{unit,contract,golden,parity}/**/*.test.{ts,tsx}'],
    env: { ORT_DISABLE_TELEMETRY: '1' },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Two cores and native libraries with their own threads: more workers only fight each other.
    maxWorkers: 2,
    pool: 'forks',
  },
});
