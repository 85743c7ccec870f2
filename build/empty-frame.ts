// Part of the window's build: draws the first frame of an empty library with the window's own components (app/draw-first-frame.tsx),
// for the very first start, which has no last session to take it from.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';
import type { Plugin, UserConfig } from 'vite';

/** What the components ask of a window while they are drawn. */
const standIns = {
  window: { innerWidth: 1280 },
  navigator: { platform: { darwin: 'MacIntel', win32: 'Win32' }[process.platform as string] ?? 'Linux' },
};

/** `renderer` is the window's own configuration; the result stands beside its page as `empty-frame.html`. */
export function emptyFrame(renderer: Pick<UserConfig, 'root' | 'resolve' | 'plugins'>): Plugin {
  return {
    name: 'empty-frame',
    apply: 'build',
    async writeBundle({ dir }) {
      // Inside the program's own folder, from where its packages are found.
      const folder = mkdtempSync(join(dir!, '..', 'empty-frame-'));
      try {
        await build({
          ...renderer,
          configFile: false,
          logLevel: 'warn',
          build: { ssr: true, outDir: folder, rollupOptions: { input: join(renderer.root!, 'app/draw-first-frame.tsx'), output: { format: 'es', entryFileNames: 'draw.mjs' } } },
        });
        for (const [name, value] of Object.entries(standIns)) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
        const { drawFirstFrame } = (await import(pathToFileURL(join(folder, 'draw.mjs')).href)) as { drawFirstFrame(): string };
        writeFileSync(join(dir!, 'empty-frame.html'), drawFirstFrame());
      } finally {
        for (const name of Object.keys(standIns)) Reflect.deleteProperty(globalThis, name);
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}
