// Where the command line keeps models: the application's own data folder, found without the application.
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { AppError } from '../../base/errors.ts';
import { manifestFile } from '../../model/package-format.ts';

function dataFolder(): string {
  const data = process.env['LECTERN_DATA'];
  if (data) return resolve(data);
  if (process.platform === 'win32') return join(process.env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'Lectern');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Lectern');
  return join(process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'Lectern');
}

/** Compiled packages. */
export function modelsFolder(): string {
  return join(dataFolder(), 'models');
}

/** Downloaded checkpoints, before they are compiled. */
export function checkpointsFolder(): string {
  return join(dataFolder(), 'checkpoints');
}

/** The folder of the package that `--model` names, by folder or id. Null when none is wanted by name and none is installed. @throws model-not-found with the names that exist */
export function packageFolder(wanted: string | undefined): string | null {
  const isPackage = (folder: string): boolean => existsSync(join(folder, manifestFile));
  const folder = modelsFolder();
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => isPackage(join(folder, name))) : [];
  if (wanted === undefined) {
    if (names.length <= 1) return names.length === 1 ? join(folder, names[0]!) : null;
    throw new AppError('model-not-found', { name: '', known: names });
  }
  if (isPackage(resolve(wanted))) return resolve(wanted);
  if (names.includes(wanted)) return join(folder, wanted);
  throw new AppError('model-not-found', { name: wanted, known: names });
}
