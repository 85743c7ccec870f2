// Which system's list of fonts the styles use (styles.css), and loading the one that Lectern brings along for Linux.
const systems = { mac: /mac/i, windows: /win/i } as const;

const system = (Object.keys(systems) as (keyof typeof systems)[]).find((one) => systems[one].test(navigator.platform)) ?? 'linux';

/** Sets the list, before anything is drawn. Resolves when the interface's own font is there, so that text is not laid out twice. */
export async function takeSystemFonts(): Promise<void> {
  document.documentElement.dataset['system'] = system;
  if (system === 'linux') await document.fonts.load('1em "Inter Variable"');
}
