// The window as it will first be drawn at the next start, as markup: the same components, from their stores' first states.
import { renderToStaticMarkup } from 'react-dom/server';
import { startingLibrary, useLibrary } from '../stores/library-store.ts';
import { useSettings } from '../stores/settings-store.ts';
import { App } from './app.tsx';

export function drawFirstFrame(): string {
  // What is drawn as on a server reads the stores' initial states: given the documents and settings that the next start will find.
  Object.assign(useLibrary.getInitialState(), startingLibrary());
  useSettings.getInitialState().settings = useSettings.getState().settings;
  // Text and attributes hold no bare quotation mark: this is the attribute, everywhere.
  return renderToStaticMarkup(<App />).replaceAll(' style="', ' data-style="');
}
