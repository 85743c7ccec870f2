// The table of requests and what every handler is given. A request without a handler does not compile.
import type { EngineStatus, ParsedInput, RequestName, RequestResult } from '@contract/requests.ts';
import type { AppInfo } from './app-handlers.ts';
import { appHandlers } from './app-handlers.ts';
import { answerPictureHandlers } from './answer-picture-handlers.ts';
import { compareHandlers } from './compare-handlers.ts';
import { conversationHandlers } from './conversation-handlers.ts';
import { correctionHandlers } from './correction-handlers.ts';
import { documentHandlers } from './document-handlers.ts';
import { endpointHandlers } from './endpoint-handlers.ts';
import { extractionHandlers } from './extraction-handlers.ts';
import { exportHandlers } from './export-handlers.ts';
import { modelHandlers } from './model-handlers.ts';
import { pageHandlers } from './page-handlers.ts';
import type { Answers } from '../app/answers.ts';
import type { Comparisons } from '../app/comparisons.ts';
import type { Dialogs } from '../app/dialogs.ts';
import type { EndpointStore } from '../app/endpoint-store.ts';
import type { Engine } from '../app/engine-process.ts';
import type { FirstFrame } from '../app/first-frame.ts';
import type { Imports } from '../app/import-run.ts';
import type { Library } from '../app/library-client.ts';
import type { Passwords } from '../app/passwords.ts';
import type { ModelViews } from '../app/model-views.ts';
import type { ModelInstalls } from '../app/model-installs.ts';
import type { Paths } from '../app/paths.ts';
import type { ReadingQueue } from '../app/reading-queue.ts';
import type { Exporting } from '../exporters/exporting.ts';
import type { SettingsStore } from '../app/settings-store.ts';
import type { Publisher } from '../app/publisher.ts';

export type Handlers = { readonly [N in RequestName]: (input: ParsedInput<N>) => RequestResult<N> | Promise<RequestResult<N>> };
/** The handlers of the named requests. */
export type HandlersFor<N extends RequestName> = Pick<Handlers, N>;
/** The names of a subject's requests: `RequestsOf<'page'>` is `'page.list' | 'page.text' | …`. */
export type RequestsOf<Subject extends string> = Extract<RequestName, `${Subject}.${string}`>;

export interface HandlerContext {
  info: AppInfo;
  /** Open once this resolves; a request that comes earlier waits. */
  library: Library;
  queue: ReadingQueue;
  imports: Imports;
  answers: Answers;
  comparisons: Comparisons;
  modelViews: ModelViews;
  /** What the user draws on the screen, as PNG; null when they changed their mind. */
  captureScreen(): Promise<Uint8Array | null>;
  /** An HTML page as PDF. */
  printHtml(html: string): Promise<Uint8Array>;
  /** Begins an export beside main; it has to be closed. */
  exporting(): Exporting;
  engine: Pick<Engine, 'run'>;
  installs: ModelInstalls;
  endpoints: EndpointStore;
  /** Where models lie. */
  folders: Pick<Paths, 'models' | 'dragged'>;
  settings: SettingsStore;
  firstFrame: FirstFrame;
  dialogs: Dialogs;
  passwords: Passwords;
  publish: Publisher;
  engineStatus(): EngineStatus;
}

export function allHandlers(context: HandlerContext): Handlers {
  return { ...appHandlers(context), ...answerPictureHandlers(context), ...compareHandlers(context), ...conversationHandlers(context), ...correctionHandlers(context), ...documentHandlers(context), ...endpointHandlers(context), ...exportHandlers(context), ...extractionHandlers(context), ...modelHandlers(context), ...pageHandlers(context) };
}
