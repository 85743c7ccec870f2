// Runs one TypeScript file of the project under plain Node: `node build/run-typescript.mjs FILE [ARGUMENTS]`. Vite translates
// it and what it imports of ours; packages are loaded as they are. For benchmarks and fixture generators, never for the product.
import { resolve } from 'node:path';
import { runnerImport } from 'vite';
import { root } from './setup.mjs';

const file = resolve(process.argv[2] ?? '');
process.argv.splice(1, 2, file);
await runnerImport(file, {
  root,
  configFile: false,
  logLevel: 'error',
  resolve: { alias: { '@contract': resolve(root, 'src-preload/contract') } },
});
