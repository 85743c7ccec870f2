// The handler that writes the pages of an answer with its places drawn on them, where the user says.
import { access } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { MessageGrounding } from '@contract/conversation.ts';
import { AppError } from '../base/errors.ts';
import { exportFileName, freeName } from '../exporters/file-names.ts';
import type { HandlerContext, HandlersFor } from './handlers.ts';

const exists = async (path: string): Promise<boolean> => await access(path).then(() => true, () => false);

export function answerPictureHandlers({ library, engine, dialogs, passwords }: HandlerContext): HandlersFor<'conversation.export-picture'> {
  return {
    'conversation.export-picture': async ({ messageId }) => {
      const { groundings } = await library.call('messageById', { messageId });
      /** Numbered through the answer, so that the pictures of two pages can be read together. */
      const placed = groundings.filter((one): one is MessageGrounding & { quad: NonNullable<MessageGrounding['quad']> } => one.quad !== null).map((one, at) => ({ pageId: one.pageId, quad: one.quad, number: at + 1, state: one.check.state }));
      const pageIds = [...new Set(placed.map((one) => one.pageId))];
      const { shown } = await library.call('pagesToShow', { attachments: pageIds.map((pageId) => ({ kind: 'page', pageId })) });
      const [first] = shown;
      if (!first) throw new AppError('places-missing');
      const nameOf = ({ fileName, page }: (typeof shown)[number]): string => exportFileName(`${fileName.replace(/\.[^.]+$/, '')} ${page.index + 1}, answer`, 'png');
      const chosen = shown.length === 1 ? await dialogs.choosePictureFile(nameOf(first)) : await dialogs.chooseExportFolder(null);
      if (chosen === null) return null;
      const files: string[] = [];
      for (const one of shown) {
        const asked = extname(chosen) === '' ? `${chosen}.png` : chosen;
        // The dialog has asked about the very file that was chosen, and about no other.
        const file = shown.length > 1 ? await freeName(join(chosen, nameOf(one)), exists) : asked === chosen ? chosen : await freeName(asked, exists);
        const { source, page } = one;
        const password = passwords.of(page.documentId);
        const places = placed.flatMap(({ pageId, ...place }) => (pageId === page.id ? [place] : []));
        await engine.run('draw-answer', { page: { source: password === undefined ? source : { ...source, password }, rotation: page.rotation }, places, file, overwrite: file === chosen });
        files.push(file);
      }
      return { files };
    },
  };
}
