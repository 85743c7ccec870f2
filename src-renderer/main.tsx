// The window's process starts here: join the stores to main, the commands to keys and menu, then draw.
import './styles.css';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { connectDropAndPaste } from './app/drop-zone.ts';
import { connectCommands } from './commands/command-keys.ts';
import { connectStores } from './stores/connect.ts';

connectStores();
connectCommands();
connectDropAndPaste();
createRoot(document.getElementById('root')!).render(<App />);
