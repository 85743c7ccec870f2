// Handlers about corrections: making a step, reading lines or a drawn box anew as a step, taking back and doing again.
import { boundsOf } from '@contract/geometry.ts';
import type { PageSource } from '@contract/job.ts';
import { AppError } from '../base/errors.ts';
import { findPackage } from '../model/store.ts';
import type { HandlerContext, HandlersFor, RequestsOf } from './handlers.ts';

/** Left around lines that a model is shown, as a share of the lower side of their box: letters at its edge are cut otherwise. */
const cropAir = 0.2;
/** A model that goes on and on is cut off at so many tokens for each character that was read there before, within these bounds. */
const tokensPerCharacter = 2, leastTokens = 128, mostTokens = 2048;

export function correctionHandlers({ library, engine, passwords, folders }: HandlerContext): HandlersFor<RequestsOf<'correction'>> {
  /** What models are reading now. */
  const reading = new Set<AbortController>();

  const sourceOf = async (pageId: string): Promise<PageSource> => {
    const { source, documentId } = await library.call('pagePaths', { pageId });
    const password = passwords.of(documentId);
    return { ...source, ...(password !== undefined && { password }) };
  };

  return {
    'correction.make': (input) => library.call('correct', input),
    'correction.read': async ({ pageId, after, target, script }) => {
      const source = await sourceOf(pageId);
      const { rotation } = await library.call('pageById', { pageId });
      const quads = target.kind === 'box' ? [target.quad] : await library.call('lineQuads', { pageId, lines: target.lines });
      const { lines } = await engine.run('read-region', { source, quads, rotation, script, split: target.kind === 'box' });
      const correction = target.kind === 'box' ? ({ kind: 'add', after: target.after, with: lines } as const) : ({ kind: 'replace', lines: [...target.lines].sort((a, b) => a - b), with: lines } as const);
      return await library.call('correct', { pageId, after, correction });
    },
    'correction.read-by-model': async ({ pageId, after, lines, modelId }) => {
      const folder = await findPackage(folders.models, modelId);
      const source = await sourceOf(pageId);
      const { rotation, width: pageWidth, height: pageHeight } = await library.call('pageById', { pageId });
      const quads = await library.call('lineQuads', { pageId, lines });
      if (quads.length === 0) throw new AppError('request-invalid', { name: 'correction.read-by-model' });
      const { x, y, width, height } = boundsOf(quads.flat());
      const air = Math.min(width, height) * cropAir, left = Math.max(0, x - air), top = Math.max(0, y - air);
      const crop = { x: left, y: top, width: Math.min(pageWidth, x + width + air) - left, height: Math.min(pageHeight, y + height + air) - top };
      const controller = new AbortController();
      reading.add(controller);
      try {
        const text = await library.call('pageText', { pageId });
        const characters = text?.regions.flatMap((region) => region.lines).reduce((sum, line, index) => sum + (lines.includes(index) ? line.text.length : 0), 0) ?? 0;
        const answer = await engine.run(
          'answer',
          {
            model: { folder },
            messages: [{ role: 'user', parts: [{ type: 'page', page: { source, rotation, crop } }, { type: 'text', text: 'Read all the text in the image, line by line. Write down the text alone.' }] }],
            sampling: { temperature: 0 },
            maxNewTokens: Math.min(mostTokens, Math.max(leastTokens, characters * tokensPerCharacter)),
          },
          { signal: controller.signal },
        );
        if (answer.text.trim() === '') throw new AppError('reading-empty', { model: answer.record.model.name });
        return await library.call('correctByReading', { pageId, after, lines, text: answer.text });
      } finally {
        reading.delete(controller);
      }
    },
    'correction.stop-reading': () => {
      for (const one of reading) one.abort();
      return {};
    },
    'correction.undo': (input) => library.call('undoCorrection', input),
    'correction.redo': (input) => library.call('redoCorrection', input),
  };
}
