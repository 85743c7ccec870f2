// Files named on the command line, in development and packaged, among Electron's own switches.
import { expect, test } from 'vitest';
import { filesOfCommandLine } from '../../../src-main/app/command-line-files.ts';

test.each([
  ['packaged', ['/opt/lectern/lectern', 'a.png', '/x/b.pdf'], '/opt/lectern/resources/app.asar', ['/work/a.png', '/x/b.pdf']],
  ['development', ['/electron', '/src/lectern', 'a.png'], '/src/lectern', ['/work/a.png']],
  ['development from the folder itself', ['/electron', '.', '.'], '/work', ['/work']],
  ['with switches', ['/electron', '--inspect=0', '--no-sandbox', '/src/lectern', '한글 파일.png'], '/src/lectern', ['/work/한글 파일.png']],
  ['without files', ['/electron', '/src/lectern'], '/src/lectern', []],
])('%s', (_what, argv, app, files) => {
  expect(filesOfCommandLine(argv, '/work', app)).toEqual(files);
});
