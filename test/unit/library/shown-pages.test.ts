// What a question shows of pages: the height of the smallest text is remembered while a question is typed, so it must follow a page that is read again.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { addReadDocument, lineAt, openTestLibrary, pageWith, regionOf, temporaryFolder, writePng } from '../../helpers/library.ts';

test('the height of the smallest text is that of the page as it is read now', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder.path, 'library'));
  const library = openTestLibrary(join(folder.path, 'library'));
  try {
    const file = join(folder.path, 'page.png');
    writePng(file, 'page');
    const { pageId } = await addReadDocument(library, file, ['HELLO', 'Total 12.50']);
    const shown = (): number | null => library.methods.pagesToShow({ attachments: [{ kind: 'page', pageId }] }).shown[0]!.smallestText;
    const before = shown();
    expect(before).toBeGreaterThan(0);
    expect(shown()).toBe(before);
    library.methods.readAgain({ pageId, rotation: null });
    library.methods.savePageText({ pageId, text: pageWith([regionOf('paragraph', [lineAt('small', 10, 10, { height: 5 })])]) });
    expect(shown()).toBe(5);
  } finally {
    library.database.close();
    folder.remove();
  }
});
