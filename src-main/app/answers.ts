// Answers that are being written: stores question and empty answer first, has the engine write, stores what comes of it, then tells. Knows
// who can answer, not how they do it.
import { isDeepStrictEqual } from 'node:util';
import type { Answerer, AskOptions, Attachment, Message, MessageRecord } from '@contract/conversation.ts';
import type { Endpoint } from '@contract/endpoint.ts';
import { AppError, assert, isCancellation, toWireError } from '../base/errors.ts';
import type { KeptAnswer } from '../base/job.ts';
import { logFor } from '../base/log.ts';
import type { EndedAnswer, StoredExchange, StoredMessage } from '../library/conversations.ts';
import { findPackage } from '../model/store.ts';
import { pictureLimitsOf } from './answerer-limits.ts';
import { askEachPage } from './ask-each-page.ts';
import type { EndpointStore } from './endpoint-store.ts';
import type { Engine } from './engine-process.ts';
import type { Library } from './library-client.ts';
import type { Passwords } from './passwords.ts';
import type { Publisher } from './publisher.ts';
import { onPages, questionParts, recognisedPages, sentPictures, withWords } from './question-parts.ts';
import type { QuestionParts } from './question-parts.ts';

const log = logFor('answers');

export interface AnswersOptions {
  library: Library;
  engine: Pick<Engine, 'run'>;
  publish: Publisher;
  passwords: Pick<Passwords, 'of'>;
  endpoints: Pick<EndpointStore, 'reach' | 'learnContext'>;
  /** Folder of all compiled packages. */
  modelsFolder: string;
}

export interface Asked {
  conversationId: string;
  parentId: string | null;
  text: string;
  attachments: readonly Attachment[];
  answerer: Answerer;
  options: AskOptions;
}

export interface Answers {
  /** Resolves when question and answer are stored; the answer is written after that. */
  ask(asked: Asked): Promise<{ question: Message; answer: Message }>;
  regenerate(input: { messageId: string; answerer?: Answerer | undefined; options: AskOptions }): Promise<Message>;
  /** Goes on with an answer that was cut off: a model behind its last word, others in a new answer beside it. */
  goOn(input: { messageId: string; options: AskOptions }): Promise<Message>;
  stop(messageId: string): void;
  stopConversations(conversationIds: readonly string[]): void;
  /** For the end of the program: what is being written stays as it is stored, and is 'interrupted' at the next start. */
  leave(): void;
}

interface Written {
  text: string;
  raw: string | null;
  groundings: EndedAnswer['groundings'];
  record: MessageRecord | null;
  explanation: readonly string[];
}

/** What is written of an answer. */
type Sofar = Pick<Written, 'text' | 'raw' | 'groundings'>;

/** What is written is stored at most this often: a kill loses no more. */
const keepEveryMs = 250;
/** How long the built-in reader waits for pages that are not read yet, and how often it looks. */
const readPatienceMs = 120_000;
const lookAgainMs = 200;

/** A record of an answer for which no picture left and no token was made. */
const nothingSent: Omit<MessageRecord, 'answererName' | 'totalMs' | 'finish'> = {
  provider: null, pictures: [], promptTokens: null, reusedTokens: null, newTokens: null, firstTokenMs: null, visionMs: null, prefillMs: null, decodeMs: null,
};

const pageIdsOf = ({ pictures }: QuestionParts): string[] => pictures.map(({ page }) => page.id);

/** Hears what the engine has written of an answer about these pages. */
const keptWith = ({ pictures }: QuestionParts, keep: (sofar: Sofar) => void) => ({ text, raw, groundings }: KeptAnswer): void => keep({ text, raw, groundings: onPages(pictures, groundings) });

/** As the answer before was asked for, with what is to be otherwise: also tiles and pages one by one are asked for again. */
const withChanges = ({ sentAs }: StoredMessage, changes: AskOptions): AskOptions => ({ ...sentAs?.options, ...changes });

/** Without what only later turns need. */
function shown({ raw: _raw, sentAs: _sentAs, ...message }: StoredMessage): Message {
  return message;
}

export function createAnswers({ library, engine, publish, passwords, endpoints, modelsFolder }: AnswersOptions): Answers {
  const running = new Map<string, { controller: AbortController; conversationId: string }>();
  let leaving = false;

  const tell = ({ conversation, messages }: { conversation: StoredExchange['conversation']; messages: readonly StoredMessage[] }): void => {
    publish('message.changed', { messages: messages.map(shown) });
    publish('conversation.changed', { conversations: [conversation] });
  };

  /** Stores what is written of an answer, the newest of it a few times a second, however often it is told. */
  const keeperOf = (messageId: string): { keep(sofar: Sofar): void; sofar(): Sofar | null; end(): void } => {
    let newest: Sofar | null = null;
    let isStored = true;
    let timer: NodeJS.Timeout | null = null;
    let ended = false;
    const store = (): void => {
      timer = null;
      if (isStored || newest === null || ended) return;
      isStored = true;
      library.call('keepAnswerSoFar', { messageId, text: newest.text, raw: newest.raw ?? newest.text }).catch((error: unknown) => log('warn', 'an answer so far was not stored', error));
      timer = setTimeout(store, keepEveryMs);
    };
    return {
      keep(sofar) {
        newest = sofar;
        isStored = false;
        if (timer === null) store();
      },
      sofar: () => newest,
      end() {
        ended = true;
        if (timer) clearTimeout(timer);
      },
    };
  };

  const byModel = async (packageId: string, parts: QuestionParts, answer: StoredMessage, options: AskOptions, signal: AbortSignal, keep: (sofar: Sofar) => void): Promise<Written> => {
    const started = performance.now();
    const { maxImageTokens, sampling, maxNewTokens } = options;
    const result = await engine.run(
      'answer',
      {
        model: { folder: await findPackage(modelsFolder, packageId), ...(maxImageTokens === undefined ? {} : { maxImageTokens }) },
        messages: parts.messages,
        numberPictures: parts.pictures.length > 1,
        ...(sampling === undefined ? {} : { sampling }),
        ...(maxNewTokens === undefined ? {} : { maxNewTokens }),
      },
      { messageId: answer.id, pageIds: pageIdsOf(parts), signal, onKept: keptWith(parts, keep) },
    );
    const { record } = result;
    return {
      text: result.text,
      raw: result.raw,
      groundings: onPages(parts.pictures, result.groundings),
      explanation: [],
      record: {
        answererName: record.model.name,
        provider: record.model.provider,
        pictures: sentPictures(parts.pictures, record.pages),
        promptTokens: record.promptTokens,
        reusedTokens: record.reusedTokens,
        newTokens: record.newTokens,
        firstTokenMs: record.firstTokenMs,
        visionMs: record.visionMs,
        prefillMs: record.prefillMs,
        decodeMs: record.decodeMs,
        totalMs: performance.now() - started,
        finish: result.finish,
      },
    };
  };

  const byEndpoint = async (endpointId: string, parts: QuestionParts, answer: StoredMessage, options: AskOptions, signal: AbortSignal, keep: (sofar: Sofar) => void): Promise<Written> => {
    const started = performance.now();
    const { endpoint, reached } = await endpoints.reach(endpointId);
    // Asked once more right before anything leaves: the agreement may have been taken back, and older turns hold pages too.
    if (parts.pictures.length > 0 && !endpoint.mayReceivePages) throw consentMissing(endpoint);
    if (options.eachPage && parts.messages.at(-1)?.parts.some((part) => part.type === 'page')) {
      const each = await askEachPage({ engine, endpoint: reached, parts, options, messageId: answer.id, signal, onKept: ({ text, groundings }) => keep({ text, raw: text, groundings }) });
      const { text, groundings, ...counts } = each;
      return { text, raw: text, groundings, explanation: [], record: { ...nothingSent, ...counts, answererName: `${endpoint.name} (${reached.model})`, totalMs: performance.now() - started, finish: 'stop' } };
    }
    const { maxImageTokens, sampling, maxNewTokens } = options;
    const { record, finish, groundings, text, raw } = await engine.run(
      'answer-from-endpoint',
      {
        endpoint: reached,
        messages: parts.messages,
        ...(maxImageTokens === undefined ? {} : { maxImageTokens }),
        ...(sampling === undefined ? {} : { sampling }),
        ...(maxNewTokens === undefined ? {} : { maxNewTokens }),
      },
      { messageId: answer.id, pageIds: pageIdsOf(parts), signal, onKept: keptWith(parts, keep) },
    );
    return {
      text, raw,
      groundings: onPages(parts.pictures, groundings),
      explanation: [],
      record: {
        answererName: `${endpoint.name} (${record.model})`,
        provider: null,
        pictures: sentPictures(parts.pictures, record.pages),
        promptTokens: record.promptTokens,
        reusedTokens: null,
        newTokens: record.newTokens,
        firstTokenMs: record.firstTokenMs,
        visionMs: null,
        prefillMs: null,
        decodeMs: null,
        totalMs: performance.now() - started,
        finish,
      },
    };
  };

  /** A question asked right after a page was dropped waits for its text. Reading that is paused is not waited for for ever. */
  const untilRead = async (pageIds: readonly string[], signal: AbortSignal): Promise<void> => {
    for (const started = performance.now(); performance.now() - started < readPatienceMs; ) {
      const pages = await library.call('pagesById', { pageIds });
      if (!pages.some(({ status }) => status === 'waiting' || status === 'reading')) return;
      if (signal.aborted) throw new AppError('job-cancelled');
      await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
    }
  };

  const byReader = async (parts: QuestionParts, answer: StoredMessage, signal: AbortSignal): Promise<Written> => {
    const started = performance.now();
    await untilRead(parts.pictures.map(({ page }) => page.id), signal);
    const pages = await recognisedPages(library, parts.pictures);
    const read = pages.flatMap(({ text, ...page }) => (text ? [{ ...page, text }] : []));
    if (pages.length > 0 && read.length === 0) throw new AppError('page-not-read', { file: parts.pictures[0]?.fileName ?? '' });
    const question = parts.messages.findLast((message) => message.role === 'user')?.parts.map((part) => (part.type === 'text' ? part.text : '')).join('') ?? '';
    const files = new Map(parts.pictures.map(({ page, fileName }) => [page.id, fileName]));
    const isOfSeveral = new Set(parts.pictures.map(({ page }) => page.documentId)).size > 1;
    const named = read.map((page) => ({ ...page, ...(isOfSeveral ? { document: files.get(page.pageId)! } : {}) }));
    const result = await engine.run('answer-from-text', { question, pages: named }, { messageId: answer.id });
    return {
      text: result.text,
      raw: null,
      // What the reader says is what was recognised.
      groundings: result.groundings.map((one) => ({ ...one, kind: 'line', source: 'answer', check: { state: 'found', read: result.text.slice(one.start, one.end) } })),
      explanation: [result.explanation],
      record: { ...nothingSent, answererName: 'Built-in reader', totalMs: performance.now() - started, finish: result.kind === 'beyond' ? 'refused' : 'stop' },
    };
  };

  /** An answer with its values held against the pages. One that cannot be checked is shown unchecked. */
  const checked = async (written: Written, parts: QuestionParts): Promise<Written> => {
    try {
      const groundings = written.groundings.flatMap(({ quad, source: _source, check: _check, ...rest }) => (quad ? [{ ...rest, quad }] : []));
      const pages = (await recognisedPages(library, parts.pictures)).map(({ pageId, text }) => ({ pageId, text }));
      if (!pages.some(({ text }) => text)) return written;
      return { ...written, ...(await engine.run('check-answer', { text: written.text, groundings, pages })) };
    } catch (error) {
      log('warn', 'an answer was not checked', error);
      return written;
    }
  };

  const by = async (answerer: Answerer, parts: QuestionParts, answer: StoredMessage, options: AskOptions, signal: AbortSignal, keep: (sofar: Sofar) => void): Promise<Written> => {
    if (answerer.kind === 'model') return await checked(await byModel(answerer.packageId, parts, answer, options, signal, keep), parts);
    if (answerer.kind === 'endpoint') return await checked(await byEndpoint(answerer.endpointId, parts, answer, options, signal, keep), parts);
    return await byReader(parts, answer, signal);
  };

  const write = async (question: StoredMessage, answer: StoredMessage, options: AskOptions): Promise<void> => {
    const controller = new AbortController();
    running.set(answer.id, { controller, conversationId: answer.conversationId });
    let parts: QuestionParts = { messages: [], pictures: [], sentAs: [] };
    const keeper = keeperOf(answer.id);
    let ended: EndedAnswer;
    try {
      const branch = await library.call('branchTo', { messageId: (answer.raw ?? '') !== '' ? answer.id : question.id });
      assert(answer.answerer, 'an answer has an answerer');
      parts = await questionParts(library, passwords, branch, { answerer: answer.answerer, tiles: options.tiles ?? false, ...(await pictureLimitsOf({ endpoints, modelsFolder }, answer.answerer, options)) });
      if (answer.answerer.kind !== 'reader' && parts.sentAs.length > 0) await library.call('keepSentAs', { messageId: answer.id, sentAs: { options, pictures: parts.sentAs } });
      if (answer.answerer.kind !== 'reader') parts = { ...parts, messages: await withWords(library, parts) };
      const written = await by(answer.answerer, parts, answer, options, controller.signal, keeper.keep);
      ended = { messageId: answer.id, status: 'complete', error: null, ...written };
    } catch (error) {
      // Ending the program ends the engine under the answer: no failure of the answer's.
      if (leaving) return;
      const cancelled = isCancellation(error) || controller.signal.aborted;
      const wire = toWireError(error);
      if (!cancelled && wire.code === 'internal') log('error', 'an answer failed', error);
      // Refused for its length: the next question knows before it is sent.
      if (answer.answerer?.kind === 'endpoint' && wire.code === 'context-overflow') await learnLimit(answer.answerer.endpointId, wire.data['limit']);
      const { text, raw, groundings } = keeper.sofar() ?? answer;
      ended = { messageId: answer.id, text, raw, groundings, status: cancelled ? 'stopped' : 'failed', error: cancelled ? null : named(wire, parts), record: null, explanation: [] };
    } finally {
      running.delete(answer.id);
      keeper.end();
    }
    const { message, conversation } = await library.call('endAnswer', ended);
    tell({ conversation, messages: [message] });
  };

  /** The answer is stored and shown; writing it must not hold up who asked. */
  const begin = (exchange: StoredExchange, options: AskOptions, isNewQuestion: boolean): void => {
    tell({ conversation: exchange.conversation, messages: isNewQuestion ? [exchange.question, exchange.answer] : [exchange.answer] });
    write(exchange.question, exchange.answer, options).catch((error: unknown) => log('error', 'the end of an answer was not stored', error));
  };

  const learnLimit = async (endpointId: string, limit: unknown): Promise<void> => {
    if (typeof limit !== 'number') return;
    await endpoints.learnContext(endpointId, limit).catch((error: unknown) => log('warn', 'a server’s context was not stored', error));
  };

  const regenerate: Answers['regenerate'] = async ({ messageId, answerer, options }) => {
    const before = await library.call('messageById', { messageId });
    if (before.role !== 'assistant' || before.parentId === null || before.answerer === null) throw new AppError('message-not-found', { messageId });
    const exchange = await library.call('addAnswer', { questionId: before.parentId, answerer: answerer ?? before.answerer });
    begin(exchange, isDeepStrictEqual(exchange.answer.answerer, before.answerer) ? withChanges(before, options) : options, false);
    return shown(exchange.answer);
  };

  return {
    async ask({ options, ...asked }) {
      // Refused before anything is stored: the window asks the user, then asks again.
      if (asked.answerer.kind === 'endpoint' && asked.attachments.length > 0) {
        const { endpoint } = await endpoints.reach(asked.answerer.endpointId);
        if (!endpoint.mayReceivePages) throw consentMissing(endpoint);
      }
      const exchange = await library.call('addExchange', asked);
      begin(exchange, options, true);
      return { question: shown(exchange.question), answer: shown(exchange.answer) };
    },
    regenerate,
    async goOn({ messageId, options }) {
      const before = await library.call('messageById', { messageId });
      if (before.answerer?.kind !== 'model' || (before.raw ?? '') === '') return await regenerate({ messageId, options });
      const exchange = await library.call('reopenAnswer', { messageId });
      begin(exchange, withChanges(before, options), false);
      return shown(exchange.answer);
    },
    stop: (messageId) => running.get(messageId)?.controller.abort(),
    stopConversations(conversationIds) {
      for (const one of running.values()) if (conversationIds.includes(one.conversationId)) one.controller.abort();
    },
    leave() {
      leaving = true;
      for (const one of running.values()) one.controller.abort();
    },
  };
}

function consentMissing({ id, name, baseUrl }: Endpoint): AppError {
  return new AppError('consent-missing', { endpointId: id, endpoint: name, host: new URL(baseUrl).host });
}

/** The same error with the name that the user knows: the engine only saw the copy in the library. */
function named(error: EndedAnswer['error'] & object, parts: QuestionParts): EndedAnswer['error'] {
  const path = error.data['file'] ?? error.data['path'];
  const part = parts.pictures.find(({ source }) => source.path === path) ?? (error.code === 'page-blank' ? parts.pictures.at(-1) : undefined);
  return part ? { ...error, data: { ...error.data, file: part.fileName, page: part.page.index + 1 } } : error;
}
