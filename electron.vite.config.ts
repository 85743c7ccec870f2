// The three builds: main (with the engine, the library's, the exports' and the compiler's workers and the command line as further entries), preload, window.
// Targets name the oldest runtime Lectern starts on (Electron 33: Node 20.18, Chrome 130), not the installed one.
import { defineConfig } from 'electron-vite';
import react from '@vitejs/plugin-react';
import tailwindcss from '@tailwindcss/vite';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { emptyFrame } from './build/empty-frame.ts';

const at = (path: string) => resolve(import.meta.dirname, path);
const alias = { '@contract': at('src-preload/contract') };
/** Its ES module declares a `require` of its own, beside the one that electron-vite puts into every chunk. */
const zip = { fflate: at('node_modules/fflate/lib/node.cjs') };

/** All that is loaded after the first frame; not what draws the next start's. */
const startOfWindow = /src-preload\/contract\/|src-renderer\/(api|app(?!\/draw-first-frame)|canvas|commands|library|page|stores|text-panel|ui)\b|node_modules\/(react|react-dom(?!\/(server|cjs\/react-dom-server))|scheduler|zustand|zod|lucide-react|@radix-ui|@floating-ui|@tanstack)\//;

const windowSources = { root: at('src-renderer'), resolve: { alias } };

export default defineConfig({
  main: {
    resolve: { alias: { ...alias, ...zip } },
    build: {
      outDir: 'out/main',
      target: 'node20.18',
      minify: false,
      externalizeDeps: true,
      rollupOptions: {
        input: {
          index: at('src-main/index.ts'),
          engine: at('src-main/engine/index.ts'),
          library: at('src-main/library/index.ts'),
          'export-worker': at('src-main/exporters/worker.ts'),
          'compiler-worker': at('src-main/compiler/worker.ts'),
          ...(existsSync(at('src-main/engine/command-line.ts')) ? { 'command-line': at('src-main/engine/command-line.ts') } : {}),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    resolve: { alias },
    build: {
      outDir: 'out/preload',
      target: 'node20.18',
      externalizeDeps: false,
      rollupOptions: {
        input: { index: at('src-preload/index.ts'), capture: at('src-preload/capture.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    ...windowSources,
    plugins: [react(), tailwindcss(), emptyFrame({ ...windowSources, plugins: [react()] })],
    build: {
      outDir: at('out/renderer'),
      target: 'chrome130',
      minify: true,
      rollupOptions: {
        input: { index: at('src-renderer/index.html'), capture: at('src-renderer/capture.html') },
        // What the window starts with in one piece: in the twenty that would be shared with its dialogs it takes longer.
        output: { codeSplitting: { groups: [{ name: 'imports', test: /vite\/preload-helper/ }, { name: 'window', test: startOfWindow }] } },
      },
    },
  },
});
