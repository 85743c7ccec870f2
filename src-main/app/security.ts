// What the window is not allowed: permissions, new windows, leaving its own pages, web views. One call per session and per window.
import { app } from 'electron';
import type { Session, WebContents, WebPreferences } from 'electron';
import { logFor } from '../base/log.ts';
import { developmentOrigin, windowOrigin } from './protocols.ts';

const log = logFor('security');

/** Writing text to the clipboard after a click or key is all the window may do beyond drawing. */
const allowedPermissions = new Set(['clipboard-sanitized-write']);

/** True for addresses of our own window. */
export function isOwnAddress(address: string): boolean {
  try {
    const url = new URL(address);
    const origin = `${url.protocol}//${url.host}`;
    return origin === windowOrigin || (developmentOrigin !== null && origin === developmentOrigin);
  } catch {
    return false;
  }
}

/** What every window of ours gets, with a bridge of its own. */
export const strictPreferences = (preload: string): WebPreferences => ({
  preload,
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  webviewTag: false,
  navigateOnDragDrop: false,
  spellcheck: false,
});

export function restrictSession(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, answer) => answer(allowedPermissions.has(permission) && isOwnAddress(contents.getURL())));
  session.setPermissionCheckHandler((_contents, permission, origin) => allowedPermissions.has(permission) && isOwnAddress(origin));
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => event.preventDefault());
  // Spell checking would download dictionaries.
  session.setSpellCheckerEnabled(false);
  // The window has nothing to fetch: whatever is asked for over a network is refused below the CSP too.
  session.webRequest.onBeforeRequest({ urls: ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*'] }, (details, answer) => {
    const allowed = developmentOrigin !== null && sameHost(details.url, developmentOrigin);
    if (!allowed) log('warn', 'a network request of the window was refused');
    answer({ cancel: !allowed });
  });
}

function sameHost(address: string, origin: string): boolean {
  return new URL(address).host === new URL(origin).host;
}

/** Holds for every web contents that ever comes to be, also those nobody expected. */
export function restrictContents(): void {
  app.on('web-contents-created', (_event, contents: WebContents) => {
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.on('will-navigate', (event) => {
      if (!isOwnAddress(event.url)) event.preventDefault();
    });
    contents.on('will-frame-navigate', (event) => {
      if (!isOwnAddress(event.url)) event.preventDefault();
    });
    contents.on('will-redirect', (event) => {
      if (!isOwnAddress(event.url)) event.preventDefault();
    });
  });
}
