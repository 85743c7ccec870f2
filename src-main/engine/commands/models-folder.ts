// Where the command line keeps models: the application's own data folder, found without the application.
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

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
