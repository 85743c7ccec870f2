// The application starts here: the order of the start-up and of the end, nothing else. What a window does not need to open
// (services.ts and all behind it) is loaded after it.
import { app, BrowserWindow, session } from 'electron';
import { join, resolve } from 'node:path';
import type { EventName, EventPayload } from '@contract/events.ts';
import { filesOfCommandLine } from './app/command-line-files.ts';
import { openFirstFrame } from './app/first-frame.ts';
import { openLibrary } from './app/library-client.ts';
import { openLibraryOrAsk } from './app/library-trouble.ts';
import { openLogFile } from './app/log-file.ts';
import { openMainWindow } from './app/main-window.ts';
import type { MainWindow } from './app/main-window.ts';
import { findPaths, claimTemporaryFolder } from './app/paths.ts';
import { registerSchemes, servePages, serveWindow } from './app/protocols.ts';
import { isOwnAddress, restrictContents, restrictSession } from './app/security.ts';
import type { Services } from './app/services.ts';
import { openSettings } from './app/settings-store.ts';
import { alsoLogTo, configureLog, logFor } from './base/log.ts';
import { routeRequests } from './ipc/router.ts';

/** After it is shown the window draws its first content; until then nothing else wants the processor. */
const drawingMs = 500;

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

function start(): void {
  claimTemporaryFolder(paths);
  const logFile = openLogFile(paths.logs, 'main');
  const keepLog = (line: string): void => void logFile.write(line);
  alsoLogTo(keepLog);
  // Electron still shows its own dialog for the first; this only leaves a trace.
  process.on('uncaughtExceptionMonitor', (error) => log('error', 'uncaught', error));
  process.on('unhandledRejection', (reason) => log('error', 'unhandled rejection', reason));
  const settings = openSettings(paths.settings);
  const firstFrame = openFirstFrame(paths);
  let window: MainWindow | null = null;
  let running: Services | null = null;
  /** Files that the system asks to open before everything is up. */
  let pendingFiles: string[] = firstFiles;

  const publish = <N extends EventName>(name: N, payload: EventPayload<N>): void => {
    if (name === 'settings.changed') {
      const { theme, watchedFolder } = payload as EventPayload<'settings.changed'>;
      window?.applyTheme(theme);
      running?.watch(watchedFolder);
    }
    if (name === 'settings.changed' || name === 'document.changed' || name === 'document.removed') firstFrame.forget();
    window?.send(name, payload);
  };

  const importNow = (files: readonly string[]): void => {
    if (running) running.importFiles(files);
    else pendingFiles = [...pendingFiles, ...files];
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

  const startServices = async (drawn: Promise<void>): Promise<Services> => {
    // With a first frame on its way nobody waits for the library yet; else it opens beside the window's own start, on another core.
    const opened = (firstFrame.html === null ? Promise.resolve() : drawn)
      .then(() =>
        openLibraryOrAsk(
          () => openLibrary({ workerScript: join(import.meta.dirname, 'library.js'), folder: paths.library, onLog: keepLog, onAsked: firstFrame.libraryAsked }),
          paths.library,
          async (trouble) => (await import('./app/dialogs.ts')).askForFreshLibrary(trouble),
        ),
      )
      .then(async (library) => {
        await library.call('start', null);
        return library;
      });
    const [{ createServices }, library] = await Promise.all([drawn.then(() => import('./app/services.ts')), opened]);
    running = createServices({ library, paths, settings, firstFrame, window: () => window, publish });
    return running;
  };

  const startReading = async (services: Services): Promise<void> => {
    await new Promise((later) => setTimeout(later, drawingMs));
    const files = pendingFiles;
    pendingFiles = [];
    await services.startReading(files);
  };

  // Not awaited at the top level: Electron becomes ready only after this module has run.
  void app.whenReady().then(() => {
    restrictSession(session.defaultSession);
    const programServed = serveWindow(join(paths.program, 'renderer'), firstFrame.html);
    // Before the window opens: a document knows only the schemes that were handled when it began to load.
    servePages(async (pageId, kind) => await (await services).pageFiles(pageId, kind));
    const shown = new Promise<void>((resolve) => {
      window = openMainWindow(paths, settings.get().theme, resolve);
    });
    const drawn = Promise.race([programServed, shown.then(() => new Promise<void>((later) => setTimeout(later, drawingMs)))]);
    const services = startServices(drawn);
    routeRequests(services, (event) => {
      const frame = event.senderFrame;
      return frame !== null && window !== null && frame === window.browserWindow.webContents.mainFrame && isOwnAddress(frame.url);
    });
    void drawn.then(() => import('./app/menu.ts')).then(({ installMenu }) => installMenu((command) => publish('menu.command', { command }), app.isPackaged));
    Promise.all([services, shown])
      .then(([ready]) => startReading(ready))
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
    running
      .end()
      .catch((error: unknown) => log('error', 'the end was not clean', error))
      .finally(() => {
        ended = true;
        app.quit();
      });
  });
}
