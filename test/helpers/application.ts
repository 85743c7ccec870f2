// Starts the application for one test, in a home of its own. Knows processes and folders; the person at the window is in window.ts.
import type { ElectronApplication } from '@playwright/test';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchApplication } from '../../build/application-driver.mjs';
import type { Application } from '../../build/application-driver.mjs';

/** The folders of one test: an empty home, the application's data, and where its files lie. */
export interface Place {
  readonly home: string;
  readonly data: string;
  readonly files: string;
  remove(): void;
}

export function newPlace(): Place {
  const folder = mkdtempSync(join(tmpdir(), 'lectern-e2e-'));
  const at = (name: string): string => mkdtempSync(join(folder, `${name}-`));
  return { home: at('home'), data: at('data'), files: at('files'), remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }) };
}

/**
 * Nothing of the person who runs the tests reaches the application: neither their folders nor the switch for the runtime's
 * telemetry, which the application has to set by itself.
 */
export function launch(place: Place, options: { files?: readonly string[]; env?: Readonly<Record<string, string>> } = {}): Promise<Application> {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(ORT_|XDG_|NODE_OPTIONS$|npm_|INIT_CWD$)/.test(name));
  return launchApplication({
    files: options.files ?? [],
    cwd: place.files,
    // GTK, which Chromium links, keeps a cache of desktop settings in the home folder; it is not what is tested.
    env: { ...Object.fromEntries(inherited), GSETTINGS_BACKEND: 'memory', HOME: place.home, LECTERN_DATA: place.data, ...options.env },
  });
}

/** The process numbers of the application's children of one type, by Electron's own account. */
export async function processesOf(electron: ElectronApplication, type: string): Promise<{ pid: number; name: string }[]> {
  return electron.evaluate(({ app }, wanted) => app.getAppMetrics().filter((one) => one.type === wanted).map((one) => ({ pid: one.pid, name: one.name ?? one.serviceName ?? '' })), type);
}

/** Linux's `Seccomp:` of a process: 0 = none, 2 = filtered. */
export async function seccompMode(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^Seccomp:\s+(\d)/m.exec(status)?.[1] ?? Number.NaN);
}
