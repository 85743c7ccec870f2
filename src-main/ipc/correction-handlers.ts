// Handlers about corrections: making a step, reading lines or a drawn box anew as a step, taking back and doing again.
import type { HandlerContext, HandlersFor, RequestsOf } from './handlers.ts';

export function correctionHandlers({ library, engine, passwords }: HandlerContext): HandlersFor<RequestsOf<'correction'>> {
  return {
    'correction.make': (input) => library.call('correct', input),
    'correction.read': async ({ pageId, after, target, script }) => {
      const { source, documentId } = await library.call('pagePaths', { pageId });
      const { rotation } = await library.call('pageById', { pageId });
      const password = passwords.of(documentId);
      const quads = target.kind === 'box' ? [target.quad] : await library.call('lineQuads', { pageId, lines: target.lines });
      const { lines } = await engine.run('read-region', { source: { ...source, ...(password !== undefined && { password }) }, quads, rotation, script, split: target.kind === 'box' });
      const correction = target.kind === 'box' ? ({ kind: 'add', after: target.after, with: lines } as const) : ({ kind: 'replace', lines: [...target.lines].sort((a, b) => a - b), with: lines } as const);
      return await library.call('correct', { pageId, after, correction });
    },
    'correction.undo': (input) => library.call('undoCorrection', input),
    'correction.redo': (input) => library.call('redoCorrection', input),
  };
}
