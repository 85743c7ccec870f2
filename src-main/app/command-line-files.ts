// Which words of a command line are files to open. Plain function: no Electron, no disk.
import { resolve } from 'node:path';

/** Absolute paths of the files named after the program (and, in development, after the application's folder). */
export function filesOfCommandLine(argv: readonly string[], workingFolder: string, appFolder: string): string[] {
  const words = argv.slice(1).filter((word) => !word.startsWith('-') && word !== '');
  const paths = words.map((word) => resolve(workingFolder, word));
  // In development the first path is the application itself.
  return paths.filter((path, at) => !(at === 0 && path === resolve(appFolder)));
}
