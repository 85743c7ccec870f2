// The window's process starts here: join the stores to main, the commands to keys and menu, then draw.
// Drawing waits a moment for the list of documents and for the font: to draw once, with them, is faster than to draw twice.
import './styles.css';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { connectDropAndPaste } from './app/drop-zone.ts';
import { connectCommands } from './commands/command-keys.ts';
import { connectStores } from './stores/connect.ts';
import { libraryLoaded } from './stores/library-store.ts';
import { takeSystemFonts } from './ui/system-fonts.ts';

/** A slow library must not keep the window empty. */
const patienceMs = 150;

const fonts = takeSystemFonts();
connectStores();
connectCommands();
connectDropAndPaste();
const root = createRoot(document.getElementById('root')!);
void Promise.race([Promise.all([fonts, libraryLoaded()]), new Promise((later) => setTimeout(later, patienceMs))]).then(() => root.render(<App />));
