// The application starts here: the order of the start-up and of the end, nothing else.
import { app, BrowserWindow, session } from 'electron';
import { join, resolve } from 'node:path';
import type { EventName, EventPayload } from '@contract/events.ts';
import type { EngineStatus } from '@contract/requests.ts';
import { createAnswers } from './app/answers.ts';
import type { Answers } from './app/answers.ts';
import { createComparisons } from './app/comparisons.ts';
import type { Comparisons } from './app/comparisons.ts';
import { createModelViews } from './app/model-views.ts';
import type { ModelViews } from './app/model-views.ts';
import { askForFreshLibrary, systemDialogs } from './app/dialogs.ts';
import { createEndpointStore } from './app/endpoint-store.ts';
import { superviseEngine } from './app/engine-process.ts';
import type { Engine } from './app/engine-process.ts';
import { filesOfCommandLine } from './app/command-line-files.ts';
import { createImports } from './app/import-run.ts';
import type { Imports } from './app/import-run.ts';
import { systemKeyVault } from './app/key-vault.ts';
import { openLibrary } from './app/library-client.ts';
import type { Library } from './app/library-client.ts';
import { openLibraryOrAsk } from './app/library-trouble.ts';
import { openLogFile } from './app/log-file.ts';
import { openMainWindow } from './app/main-window.ts';
import type { MainWindow } from './app/main-window.ts';
import { createModelInstalls } from './app/model-installs.ts';
import type { ModelInstalls } from './app/model-installs.ts';
import { installMenu } from './app/menu.ts';
import { createPageFiles } from './app/page-files.ts';
import type { PageFiles } from './app/page-files.ts';
import { printHtml } from './app/print-html.ts';
import { createPasswords } from './app/passwords.ts';
import { findPaths } from './app/paths.ts';
import { registerSchemes, servePages, serveWindow } from './app/protocols.ts';
import { publishChanged } from './app/publisher.ts';
import { captureScreen } from './app/screen-capture.ts';
import { ReadingQueue } from './app/reading-queue.ts';
import { importSamplesOnce } from './app/samples.ts';
import { isOwnAddress, restrictContents, restrictSession } from './app/security.ts';
import { openSettings } from './app/settings-store.ts';
import { createWatchedFolder } from './app/watched-folder.ts';
import type { WatchedFolder } from './app/watched-folder.ts';
import { alsoLogTo, configureLog, logFor } from './base/log.ts';
import { allHandlers } from './ipc/handlers.ts';
import type { Handlers } from './ipc/handlers.ts';
import { routeRequests } from './ipc/router.ts';

configureLog('main');
const log = logFor('main');
const paths = findPaths(import.meta.dirname);
const firstFiles = filesOfCommandLine(process.argv, process.cwd(), app.getAppPath());

const isOnly = app.requestSingleInstanceLock({ files: firstFiles });
if (!isOnly) {
  // The one that runs gets the files.
  app.quit();
} else {
  registerSchemes();
  // With --no-sandbox (started as root) asking for the sandbox would end every child process.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  restrictContents();
  start();
}

/** How long the end waits for work in flight to be put back in line; what is not, the next start puts there. */
const endPatienceMs = 1000;

interface Running {
  library: Library;
  engine: Engine;
  queue: ReadingQueue;
  imports: Imports;
  answers: Answers;
  comparisons: Comparisons;
  modelViews: ModelViews;
  pageFiles: PageFiles;
  watched: WatchedFolder;
  installs: ModelInstalls;
}

function start(): void {
  const logFile = openLogFile(paths.logs, 'main');
  const keepLog = (line: string): void => void logFile.write(line);
  alsoLogTo(keepLog);
  // Electron still shows its own dialog for the first; this only leaves a trace.
  process.on('uncaughtExceptionMonitor', (error) => log('error', 'uncaught', error));
  process.on('unhandledRejection', (reason) => log('error', 'unhandled rejection', reason));
  const settings = openSettings(paths.settings);
  let window: MainWindow | null = null;
  let running: Running | null = null;
  /** Files that the system asks to open before everything is up. */
  let pendingFiles: string[] = firstFiles;

  const publish = <N extends EventName>(name: N, payload: EventPayload<N>): void => {
    if (name === 'settings.changed') {
      const { theme, watchedFolder } = payload as EventPayload<'settings.changed'>;
      window?.applyTheme(theme);
      running?.watched.watch(watchedFolder);
    }
    window?.send(name, payload);
  };
  const engineStatus = (): EngineStatus => {
    if (!running) return { state: 'starting', queued: 0, paused: false, restarts: 0, error: null };
    const { state, restarts, error } = running.engine.state;
    const queue = running.queue.status;
    return { state, restarts, queued: queue.queued, paused: queue.paused, error: queue.error ?? error };
  };
  const tellEngine = (): void => publish('engine.changed', engineStatus());

  const importNow = (files: readonly string[]): void => {
    if (files.length === 0) return;
    if (!running) {
      pendingFiles = [...pendingFiles, ...files];
      return;
    }
    running.imports.paths(files).then(
      (result) => publish('import.finished', result),
      (error: unknown) => log('error', 'importing failed', error),
    );
  };

  app.on('second-instance', (_event, argv, workingDirectory, data) => {
    window?.show();
    const files = (data as { files?: unknown } | null)?.files;
    importNow(Array.isArray(files) ? files.filter((one) => typeof one === 'string') : filesOfCommandLine(argv, workingDirectory, app.getAppPath()));
  });
  app.on('open-file', (event, file) => {
    event.preventDefault();
    importNow([resolve(file)]);
  });

  // Opened while Chromium is still getting ready: the window's first question finds it there.
  const opened = openLibraryOrAsk(() => openLibrary(join(import.meta.dirname, 'library.js'), paths.library, keepLog), paths.library, askForFreshLibrary).then(async (library) => {
    await library.call('start', null);
    return library;
  });

  /** What is heavy starts once the window is on its way, so that it does not wait for any of it. */
  const startServices = async (): Promise<Handlers> => {
    const library = await opened;
    const engine = superviseEngine({
      script: join(import.meta.dirname, 'engine.js'),
      logFolder: paths.logs,
      sendJob: (started, port) => (window ? window.sendJob(started, port) : port.close()),
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
    running = { library, engine, queue, imports, answers, comparisons, modelViews, installs, pageFiles, watched: createWatchedFolder({ library, imports }) };
    return allHandlers({
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
      captureScreen: () => captureScreen(window!.browserWindow, paths),
      printHtml,
      engine,
      endpoints,
      installs,
      folders: paths,
      settings,
      dialogs: systemDialogs(() => window!.browserWindow),
      passwords,
      publish,
      engineStatus,
    });
  };

  const startReading = async (): Promise<void> => {
    if (!running) return;
    running.engine.start();
    running.queue.wake();
    running.watched.watch(settings.get().watchedFolder);
    const files = pendingFiles;
    pendingFiles = [];
    if (files.length) importNow(files);
    else await importSamplesOnce(running.library, running.imports, join(paths.resources, 'samples'));
  };

  // Not awaited at the top level: Electron becomes ready only after this module has run.
  void app.whenReady().then(() => {
    restrictSession(session.defaultSession);
    serveWindow(join(paths.program, 'renderer'));
    // Before the window opens: a document knows only the schemes that were handled when it began to load.
    servePages(async (pageId, kind) => {
      await services;
      return await running!.pageFiles(pageId, kind);
    });
    const shown = new Promise<void>((resolve) => {
      window = openMainWindow(paths, settings.get().theme, resolve);
    });
    installMenu((command) => publish('menu.command', { command }), app.isPackaged);
    const services = startServices();
    routeRequests(services, (event) => {
      const frame = event.senderFrame;
      return frame !== null && window !== null && frame === window.browserWindow.webContents.mainFrame && isOwnAddress(frame.url);
    });
    Promise.all([services, shown])
      .then(startReading)
      .catch((error: unknown) => {
        // The user has been told why and chose to leave.
        log('error', 'the start failed', error);
        app.quit();
      });
  });

  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0 && app.isReady()) window = openMainWindow(paths, settings.get().theme, () => {});
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });

  let ended = false;
  app.on('will-quit', (event) => {
    if (ended || !running) return;
    // Held until what is in flight is back in line and the database is closed.
    event.preventDefault();
    const { library, engine, queue, imports, answers, comparisons, modelViews, installs } = running;
    imports.cancel();
    answers.leave();
    comparisons.leave();
    modelViews.leave();
    installs.leave();
    const queueEnded = queue.stop();
    engine
      .stop()
      .then(() => Promise.race([queueEnded, new Promise((resolve) => setTimeout(resolve, endPatienceMs))]))
      .then(() => library.close())
      .catch((error: unknown) => log('error', 'the end was not clean', error))
      .finally(() => {
        ended = true;
        app.quit();
      });
  });
}
