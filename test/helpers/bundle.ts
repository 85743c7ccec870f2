// Builds one entry of src-main as a script that plain Node runs, for tests that need a process of their own to kill.
import { resolve } from 'node:path';
import { build } from 'vite';

const root = resolve(import.meta.dirname, '../..');

/** The path of the built script, under .cache so that packages are found from it. */
export async function bundleForNode(entry: string, name: string): Promise<string> {
  const outDir = resolve(root, '.cache/test-bundles', name);
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    resolve: { alias: { '@contract': resolve(root, 'src-preload/contract') } },
    build: { outDir, emptyOutDir: true, ssr: resolve(root, entry), target: 'node20', minify: false, rollupOptions: { external: ['libsql'], output: { entryFileNames: 'index.mjs' } } },
  });
  return resolve(outDir, 'index.mjs');
}
