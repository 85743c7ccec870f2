// Where things lie: the data folder and what is in it, and what ships with the application. Makes the data folder and the one for temporary files.
import { app } from 'electron';
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

export interface Paths {
  /** Everything that Lectern writes by itself lies under here. */
  readonly data: string;
  readonly library: string;
  /** Compiled models, a folder each. The command line keeps them here too. */
  readonly models: string;
  /** Downloaded checkpoints, before they are compiled. */
  readonly checkpoints: string;
  /** Files that are being dragged out of the window. */
  readonly dragged: string;
  /** Files that live no longer than the work they are made for. */
  readonly temporary: string;
  readonly settings: string;
  readonly windowState: string;
  readonly firstFrame: string;
  readonly logs: string;
  /** Read only: sample documents, licences. */
  readonly resources: string;
  /** The built program: main, preload, renderer. */
  readonly program: string;
}

/** `mainFolder` is where main's own bundle lies (out/main). Points Electron's own files into the data folder too. */
export function findPaths(mainFolder: string): Paths {
  const override = process.env['LECTERN_DATA'];
  if (override) app.setPath('userData', resolve(override));
  const data = app.getPath('userData');
  mkdirSync(data, { recursive: true });
  app.setPath('sessionData', join(data, 'session'));
  app.setAppLogsPath(join(data, 'logs'));
  app.setPath('crashDumps', join(data, 'crashes'));
  const program = resolve(mainFolder, '..');
  return {
    data,
    library: join(data, 'library'),
    models: join(data, 'models'),
    checkpoints: join(data, 'checkpoints'),
    dragged: join(data, 'dragged'),
    temporary: join(data, 'temporary'),
    settings: join(data, 'settings.json'),
    windowState: join(data, 'window.json'),
    firstFrame: join(data, 'first-frame.json'),
    logs: join(data, 'logs'),
    resources: app.isPackaged ? process.resourcesPath : resolve(program, '..', 'resources'),
    program,
  };
}

/**
 * From here on this process and those it starts keep their temporary files in the data folder: parts of documents lie nowhere else. What an earlier run left is
 * removed, so only the one running application may ask for it, and only when it is known to be the one: Chromium's lock is a socket in the system's folder,
 * whose path must stay short.
 */
export function claimTemporaryFolder({ temporary }: Paths): void {
  rmSync(temporary, { recursive: true, force: true, maxRetries: 3 });
  mkdirSync(temporary, { recursive: true });
  // The names under which systems and programs look for it.
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) process.env[name] = temporary;
  app.setPath('temp', temporary);
}
