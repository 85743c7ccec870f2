// What the application does besides showing its window: library, engine, queue, answers, installs, put together once.
// Loaded when the window is already on its way: nothing of it is needed to open one.
import { app } from 'electron';
import { join } from 'node:path';
import type { EventName, EventPayload } from '@contract/events.ts';
import type { Answer, EngineStatus } from '@contract/requests.ts';
import { logFor } from '../base/log.ts';
import { answerRequest } from '../ipc/answer-request.ts';
import { allHandlers } from '../ipc/handlers.ts';
import { createAnswers } from './answers.ts';
import { createComparisons } from './comparisons.ts';
import { systemDialogs } from './dialogs.ts';
import { createEndpointStore } from './endpoint-store.ts';
import { superviseEngine } from './engine-process.ts';
import { startExporting } from './export-worker.ts';
import { createImports } from './import-run.ts';
import { systemKeyVault } from './key-vault.ts';
import type { FirstFrame } from './first-frame.ts';
import type { Library } from './library-client.ts';
import type { MainWindow } from './main-window.ts';
import { createModelInstalls } from './model-installs.ts';
import { createModelViews } from './model-views.ts';
import { createPageFiles } from './page-files.ts';
import type { PageFiles } from './page-files.ts';
import { createPasswords } from './passwords.ts';
import type { Paths } from './paths.ts';
import { printHtml } from './print-html.ts';
import { publishChanged } from './publisher.ts';
import { ReadingQueue } from './reading-queue.ts';
import { importSamplesOnce } from './samples.ts';
import { captureScreen } from './screen-capture.ts';
import type { SettingsStore } from './settings-store.ts';
import { createWatchedFolder } from './watched-folder.ts';

const log = logFor('services');

/** How long the end waits for work in flight to be put back in line; what is not, the next start puts there. */
const endPatienceMs = 1000;

export interface Services {
  /** Answers one request of the window. */
  answer(name: unknown, input: unknown): Promise<Answer<unknown>>;
  readonly pageFiles: PageFiles;
  /** Reads what waits, watches the folder, brings in `files`; in a new library without any, the samples. */
  startReading(files: readonly string[]): Promise<void>;
  importFiles(files: readonly string[]): void;
  watch(folder: string | null): void;
  /** Puts what is in flight back in line and closes the database. */
  end(): Promise<void>;
}

export interface ServicesInput {
  library: Library;
  paths: Paths;
  settings: SettingsStore;
  firstFrame: FirstFrame;
  window(): MainWindow | null;
  publish<N extends EventName>(name: N, payload: EventPayload<N>): void;
}

export function createServices({ library, paths, settings, firstFrame, window, publish }: ServicesInput): Services {
  const engineStatus = (): EngineStatus => {
    const { state, restarts, error } = engine.state;
    const { queued, paused, error: queueError } = queue.status;
    return { state, restarts, queued, paused, error: queueError ?? error };
  };
  const tellEngine = (): void => publish('engine.changed', engineStatus());
  const engine = superviseEngine({
    script: join(paths.program, 'main', 'engine.js'),
    logFolder: paths.logs,
    sendJob: (started, port) => {
      const open = window();
      if (open) open.sendJob(started, port);
      else port.close();
    },
    onChange: tellEngine,
  });
  const passwords = createPasswords();
  const queue = new ReadingQueue({ library, engine, passwords, onChanged: (changed) => publishChanged(publish, changed), onStatus: tellEngine });
  const imports = createImports({
    library,
    onProgress: (progress) => publish('import.progress', progress),
    async onStored(documentIds) {
      publish('document.changed', { documents: await library.call('documentsById', { documentIds }) });
      queue.wake();
    },
  });
  const endpoints = createEndpointStore({ library, vault: systemKeyVault() });
  const answers = createAnswers({ library, engine, publish, passwords, endpoints, modelsFolder: paths.models });
  const pageFiles = createPageFiles({ library, engine, passwords });
  const comparisons = createComparisons({ library, engine, queue, passwords, pageFiles, publish });
  const modelViews = createModelViews({ library, engine, passwords, endpoints, modelsFolder: paths.models });
  const installs = createModelInstalls({ library, engine, publish, modelsFolder: paths.models, checkpointsFolder: paths.checkpoints });
  const watched = createWatchedFolder({ library, imports });
  const handlers = allHandlers({
    info: {
      version: app.getVersion(),
      electron: process.versions.electron ?? '',
      platform: process.platform,
      dataFolder: paths.data,
      unsandboxed: app.commandLine.hasSwitch('no-sandbox'),
    },
    library,
    queue,
    imports,
    answers,
    comparisons,
    modelViews,
    captureScreen: () => captureScreen(window()!.browserWindow, paths),
    printHtml,
    exporting: () => startExporting(join(paths.program, 'main', 'export-worker.js')),
    engine,
    endpoints,
    installs,
    folders: paths,
    settings,
    firstFrame,
    dialogs: systemDialogs(() => window()!.browserWindow),
    passwords,
    publish,
    engineStatus,
  });
  const importFiles = (files: readonly string[]): void => {
    if (files.length === 0) return;
    imports.paths(files).then(
      (result) => publish('import.finished', result),
      (error: unknown) => log('error', 'importing failed', error),
    );
  };

  let isEnding = false;
  return {
    answer: (name, input) => answerRequest(handlers, name, input),
    pageFiles,
    async startReading(files) {
      // Left before the first drawing was over.
      if (isEnding) return;
      engine.start();
      queue.wake();
      watched.watch(settings.get().watchedFolder);
      if (files.length) importFiles(files);
      else await importSamplesOnce(library, imports, join(paths.resources, 'samples'));
    },
    importFiles,
    watch: (folder) => watched.watch(folder),
    async end() {
      isEnding = true;
      imports.cancel();
      answers.leave();
      comparisons.leave();
      modelViews.leave();
      installs.leave();
      const queueEnded = queue.stop();
      await engine.stop();
      await Promise.race([queueEnded, new Promise((resolve) => setTimeout(resolve, endPatienceMs))]);
      await library.close();
      await firstFrame.end();
    },
  };
}
