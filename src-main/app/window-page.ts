// The window's page in one piece: each file it would ask for before its first paint is another turn through three processes.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The scripts behind the first frame (named in electron.vite.config.ts). */
const program = /^(?:start-)?window-[^/]+\.js$/;
const styleLink = /<link rel="stylesheet"[^>]* href="([^"]+)"[^>]*>/g;

export interface WindowPage {
  page: string;
  /** For the content policy: `sha256-…` of every style in the page. */
  styleHashes: readonly string[];
}

/** `page` (of `folder`) with its style sheets and the first frame in it; without one it asks for the program at once, which draws the first. */
export async function windowPage(page: string, folder: string, firstFrame: string | null): Promise<WindowPage> {
  const styleHashes: string[] = [];
  let whole = page;
  for (const [link, address = ''] of page.matchAll(styleLink)) {
    // Addresses in a sheet are seen from its own place.
    const style = (await readFile(join(folder, address), 'utf8')).replaceAll('url(./', `url(${dirname(address)}/`);
    styleHashes.push(`sha256-${createHash('sha256').update(style).digest('base64')}`);
    whole = whole.replace(link, () => `<style>${style}</style>`);
  }
  if (firstFrame !== null) whole = whole.replace('</body>', () => `<template id="first-frame">${firstFrame}</template></body>`);
  else {
    const scripts = (await readdir(join(folder, 'assets'))).filter((name) => program.test(name));
    whole = whole.replace('</head>', () => `${scripts.map((name) => `<link rel="modulepreload" crossorigin href="./assets/${name}">`).join('')}</head>`);
  }
  return { page: whole, styleHashes };
}
