// Runs a TypeScript file of the tests in a fresh Node process, with Node's own flags: for tests about memory and about dying.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'vite';

/** Bundles `file` (from the project's root), runs it, and gives what it wrote. Bundled inside the project so that packages resolve. */
export async function runInNode(file: string, flags: readonly string[] = [], environment: Readonly<Record<string, string>> = {}, timeoutMs = 120_000, args: readonly string[] = []): Promise<{ status: number | null; signal: string | null; stdout: string; stderr: string }> {
  const outDir = path.resolve(`.cache/test-child-${process.pid}-${path.basename(file, '.ts')}`);
  try {
    await build({
      configFile: false,
      logLevel: 'error',
      resolve: { alias: { '@contract': path.resolve('src-preload/contract') } },
      build: { ssr: path.resolve(file), outDir, target: 'node20', minify: false, rollupOptions: { output: { format: 'es', entryFileNames: 'child.mjs' } } },
    });
    const { status, signal, stdout, stderr } = spawnSync(process.execPath, [...flags, path.join(outDir, 'child.mjs'), ...args], { encoding: 'utf8', timeout: timeoutMs, env: { ...process.env, ...environment } });
    return { status, signal, stdout, stderr };
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
}
