// The window's process starts here: its first frame, then the program. This much is loaded before anything is on the screen.
import './styles.css';
import { showFirstFrame } from './first-frame/first-frame.ts';
import { keepDropped } from './first-frame/keep-dropped.ts';
import { takeSystemFonts } from './first-frame/system-fonts.ts';

/** Nothing waits longer for the font than this, in milliseconds. */
const fontPatienceMs = 150;

async function begin(root: HTMLElement): Promise<void> {
  const takeDropped = keepDropped();
  // Main has told the system's side which theme is meant; the same answer as in the stores.
  document.documentElement.dataset['theme'] = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  const fonts = Promise.race([takeSystemFonts(), new Promise<void>((later) => setTimeout(later, fontPatienceMs))]);
  const frame = await showFirstFrame(root, fonts);
  const { startWindow } = await import('./app/start-window.tsx');
  await startWindow(root, { fonts, frame, takeDropped });
}

void begin(document.getElementById('root')!);
