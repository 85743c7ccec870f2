// The two schemes the window may load from: app:// serves the built window, page:// the pictures of pages. Nothing else is reachable.
import { net, protocol } from 'electron';
import { readFile, realpath } from 'node:fs/promises';
import { basename, extname, join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isCancellation } from '../base/errors.ts';
import { logFor } from '../base/log.ts';
import type { PageFiles } from './page-files.ts';
import { windowPage } from './window-page.ts';

const log = logFor('protocols');

export const windowOrigin = 'app://lectern';
/** Set by electron-vite in development only: the window then comes from its server. */
export const developmentOrigin = process.env['ELECTRON_RENDERER_URL'] ? new URL(process.env['ELECTRON_RENDERER_URL']).origin : null;

/** `styleHashes` are of the styles that stand in the page itself. */
const contentSecurityPolicy = (styleHashes: readonly string[]): string => [
  "default-src 'none'",
  "script-src 'self'",
  ["style-src 'self'", ...styleHashes.map((hash) => `'${hash}'`)].join(' '),
  "img-src 'self' page: blob: data:",
  "font-src 'self' data:",
  "connect-src 'self' page:",
  "worker-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.avif': 'image/avif',
  '.gif': 'image/gif',
  '.bmp': 'image/bmp',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

/** Pictures that the window may be given; an SVG's scripts never run in an img, but it has no business here either. */
const pictureTypes = new Set(['.png', '.jpeg', '.jpg', '.webp', '.avif', '.gif', '.bmp']);

/** Must run before the application is ready. */
export function registerSchemes(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
    { scheme: 'page', privileges: { standard: true, secure: true, supportFetchAPI: true, corsEnabled: true, stream: true } },
  ]);
}

/** A page's scripts and styles are asked for within this time of one another, in milliseconds. */
const together = 10;

/** The program behind the window's first frame (named in electron.vite.config.ts). */
const program = /\/window-[^/]+\.js$/;

/**
 * Serves the window's own files from `rendererFolder`, its page whole: with its styles and `firstFrame` in it.
 * Resolves when the program has been handed over.
 */
export function serveWindow(rendererFolder: string, firstFrame: string | null): Promise<void> {
  let tell: () => void = () => {};
  const programServed = new Promise<void>((resolve) => (tell = resolve));
  let frame = firstFrame;
  protocol.handle('app', async (request) => {
    const url = new URL(request.url);
    if (url.host !== 'lectern' || request.method !== 'GET') return refuse(403);
    const path = await insideFolder(rendererFolder, url.pathname === '/' ? '/index.html' : url.pathname);
    if (!path) return refuse(404);
    // What the page asks for together is served together, before whoever waits for the program begins.
    if (program.test(path)) setTimeout(tell, together);
    // Small files, read here: a fetch of them would pass through another process.
    const content = await readFile(path);
    const headers = { ...typeOf(path), 'x-content-type-options': 'nosniff', 'cache-control': 'no-cache' };
    if (basename(path) !== 'index.html') return new Response(new Uint8Array(content), { headers: { ...headers, 'content-security-policy': contentSecurityPolicy([]) } });
    const { page, styleHashes } = await windowPage(content.toString(), rendererFolder, frame);
    // Loaded again, after a crash, it would show what was there at the start.
    frame = null;
    return new Response(page, { headers: { ...headers, 'content-security-policy': contentSecurityPolicy(styleHashes) } });
  });
  return programServed;
}

/** Serves `page://<pageId>/image` and `page://<pageId>/thumbnail`. */
export function servePages(pathOf: PageFiles): void {
  protocol.handle('page', async (request) => {
    const url = new URL(request.url);
    const kind = url.pathname.slice(1);
    if (request.method !== 'GET' || (kind !== 'image' && kind !== 'thumbnail')) return refuse(404);
    try {
      const path = await pathOf(url.host, kind);
      if (!pictureTypes.has(extname(path))) return refuse(415);
      // A page's picture never changes under the same id; the window's cache may keep it.
      return await serveFile(path, { 'access-control-allow-origin': developmentOrigin ?? windowOrigin, 'x-content-type-options': 'nosniff', 'cache-control': 'private, max-age=86400' });
    } catch (error) {
      if (!isCancellation(error)) log('warn', `no ${kind} for ${url.host}`, error);
      return refuse(404);
    }
  });
}

function refuse(status: number): Response {
  return new Response(null, { status });
}

/** The real path of a URL's file when it lies in `folder`, links followed; null otherwise. */
async function insideFolder(folder: string, pathname: string): Promise<string | null> {
  try {
    const decoded = decodeURIComponent(pathname);
    if (decoded.includes('\0')) return null;
    const root = await realpath(folder);
    const path = await realpath(join(root, decoded));
    return path.startsWith(root + sep) ? path : null;
  } catch {
    return null;
  }
}

const typeOf = (path: string): { 'content-type': string } => ({ 'content-type': contentTypes[extname(path).toLowerCase()] ?? 'application/octet-stream' });

/** A file of any size, as a stream. */
async function serveFile(path: string, headers: Record<string, string>): Promise<Response> {
  const answer = await net.fetch(pathToFileURL(path).toString(), { bypassCustomProtocolHandlers: true });
  return new Response(answer.body, { status: answer.status, headers: { ...headers, ...typeOf(path) } });
}
