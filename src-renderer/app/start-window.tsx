// The program behind the window's first frame: join the stores to main, draw, the commands to keys and menu.
// Drawing waits for the list of documents and for the font: to draw once, with them, is faster than to draw twice.
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { connectCommands } from '../commands/command-keys.ts';
import { connectStores } from '../stores/connect.ts';
import { importFiles } from '../stores/library-actions.ts';
import { libraryLoaded } from '../stores/library-store.ts';
import { App } from './app.tsx';
import { connectDropAndPaste } from './drop-zone.ts';
import { keepFirstFrame } from './keep-first-frame.ts';
import type { FirstFrame } from '../first-frame/first-frame.ts';

/** A slow library must not keep the window empty. */
const patienceMs = 150;

/** What there was before the program. */
export interface BeforeProgram {
  readonly fonts: Promise<void>;
  readonly frame: FirstFrame | null;
  readonly takeDropped: () => File[];
}

export async function startWindow(root: HTMLElement, { fonts, frame, takeDropped }: BeforeProgram): Promise<void> {
  connectStores();
  const facts = Promise.all([fonts, libraryLoaded()]);
  // Instead of a first frame with documents there is never one without.
  await (frame ? facts : Promise.race([facts, new Promise((later) => setTimeout(later, patienceMs))]));
  const drawing = createRoot(root);
  flushSync(() => drawing.render(<App />));
  connectCommands();
  connectDropAndPaste();
  const dropped = takeDropped();
  if (dropped.length > 0) void importFiles(dropped);
  frame?.handOver();
  keepFirstFrame();
}
