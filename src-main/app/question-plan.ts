// What a question would send and take, worked out before it is sent: the parts that answering it would use, counted by the engine. Stores and
// sends nothing.
import type { Answerer, AskOptions, Attachment, QuestionPlan } from '@contract/conversation.ts';
import type { JobInput } from '@contract/job.ts';
import { findPackage } from '../model/store.ts';
import { askedContext } from './endpoint-context.ts';
import { pictureLimitsOf, type AnswererSources } from './answerer-limits.ts';
import type { Engine } from './engine-process.ts';
import type { Library } from './library-client.ts';
import { questionParts, sentPictures } from './question-parts.ts';

export interface PlanSources extends AnswererSources {
  library: Library;
  engine: Pick<Engine, 'run'>;
}

export interface PlannedAsk {
  parentId: string | null;
  text: string;
  attachments: readonly Attachment[];
  answerer: Answerer;
  options: AskOptions;
}

/** Null for the built-in reader, which is sent nothing. @throws what finding the answerer or its pages throws */
export async function planQuestion(sources: PlanSources, { parentId, text, attachments, answerer, options }: PlannedAsk): Promise<QuestionPlan | null> {
  if (answerer.kind === 'reader') return null;
  const { library, engine, endpoints, modelsFolder } = sources;
  const question = { role: 'user' as const, text, raw: null, attachments: [...attachments], answerer: null, sentAs: null };
  // Each page by itself is a question of its own, without what was said before.
  const isAlone = answerer.kind === 'endpoint' && options.eachPage === true && attachments.length > 0;
  const before = parentId === null || isAlone ? [] : await library.call('branchTo', { messageId: parentId });
  const shownAs = { answerer, tiles: options.tiles ?? false, ...(await pictureLimitsOf(sources, answerer, options)) };
  // No file is opened for a plan, so no password is needed.
  const { messages, pictures } = await questionParts(library, { of: () => undefined }, [...before, question], shownAs);
  const by = async (): Promise<JobInput<'plan-question'>['by']> => {
    const { maxImageTokens, maxNewTokens } = options;
    if (answerer.kind === 'endpoint') {
      const { endpoint } = await endpoints.reach(answerer.endpointId);
      const contextTokens = endpoint.contextTokens ?? (await askedContext(sources, answerer.endpointId));
      return { kind: 'endpoint', model: endpoint.model, contextTokens, tokenSide: endpoint.tokenSide, maxImageTokens: Math.min(endpoint.maxImageTokens, maxImageTokens ?? Infinity), mostImageTokens: endpoint.maxImageTokens };
    }
    return {
      kind: 'model',
      model: { folder: await findPackage(modelsFolder, answerer.packageId), ...(maxImageTokens === undefined ? {} : { maxImageTokens }) },
      numberPictures: pictures.length > 1,
      ...(maxNewTokens === undefined ? {} : { maxNewTokens }),
    };
  };
  const planned = await engine.run('plan-question', { by: await by(), messages, sizes: pictures.map(({ page: { width, height } }) => ({ width, height })) });
  const own = messages.at(-1)?.parts.filter((part) => part.type === 'page').length ?? 0;
  const earlier = pictures.length - own;
  const tokensOf = (pages: typeof planned.pages): number => pages.reduce((sum, page) => sum + page.tokens, 0);
  const ownTokens = tokensOf(planned.pages.slice(earlier));
  return {
    pictures: sentPictures(pictures.slice(earlier), planned.pages.slice(earlier)),
    textTokens: planned.textTokens,
    earlierTokens: Math.max(0, planned.promptTokens - ownTokens - planned.textTokens),
    earlierPictures: earlier,
    leftOutPictures: planned.skippedPictures,
    isReckoned: planned.isReckoned,
    // Each page by itself has the whole context for itself.
    contextTokens: isAlone ? null : planned.contextTokens,
    memory: planned.memory,
  };
}
