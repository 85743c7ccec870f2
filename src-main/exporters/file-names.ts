// File names for exports that every file system takes, and free ones beside taken ones. Looks at no disk itself.
import { dirname, extname, join, basename } from 'node:path';

/** Longest name in UTF-8 bytes: most file systems stop at 255, and a number may still be added. */
const maxNameBytes = 200;
/** Names that Windows keeps for devices. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

/** Without what some file system refuses; '' when nothing is left. */
function cleanName(text: string): string {
  const clean = text
    .normalize('NFC')
    // eslint-disable-next-line no-control-regex -- control characters are what is being removed
    .replace(/[\u0000-\u001f\u007f<>:"/\\|?*\u202a-\u202e\u2066-\u2069]/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '');
  let name = reserved.test(clean) ? `${clean}_` : clean;
  const encoder = new TextEncoder();
  while (encoder.encode(name).length > maxNameBytes) name = [...name].slice(0, -1).join('');
  return name.trim();
}

/** A document's title as a file name with the format's ending. */
export const exportFileName = (title: string, extension: string): string => `${cleanName(title) || 'Untitled'}.${extension}`;

/** What a name's template may hold, each in braces. */
export interface NameFacts {
  /** The document's title; on the command line the file's name without its ending. */
  title: string;
  /** The file it came from, with its ending. */
  file: string;
  /** From 1; null for a document as a whole. */
  page: number | null;
  /** The day of the export. */
  date: Date;
  format: string;
}

const token = /\{(\w+)\}/g;
const tokens: Readonly<Record<string, (facts: NameFacts) => string>> = {
  title: (facts) => facts.title,
  file: (facts) => facts.file,
  page: (facts) => (facts.page === null ? '' : String(facts.page)),
  date: ({ date }) => `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`,
  format: (facts) => facts.format,
};
export const nameTokens = Object.keys(tokens).map((name) => `{${name}}`);

/** Tokens of a template that do not exist. */
export function unknownTokens(template: string): string[] {
  return [...template.matchAll(token)].filter(([, name]) => !Object.hasOwn(tokens, name!)).map(([whole]) => whole);
}

/**
 * A template filled in: what stands before a slash of the template is a folder, below the chosen one. A page that the template does not
 * name is added, or pages of one document would take each other's name.
 */
export function pathFrom(template: string, facts: NameFacts, extension: string): string {
  const complete = facts.page === null || template.includes('{page}') ? template : `${template} ({page})`;
  // A title with a slash makes no folder, and no template leads out of the chosen one.
  const parts = complete.split(/[\\/]/).map((part) => part.replace(token, (whole, name: string) => tokens[name]?.(facts) ?? whole));
  const name = parts.pop() ?? '';
  return join(...parts.map(cleanName).filter((part) => part !== ''), exportFileName(name, extension));
}

/** `path` itself when free, else with ` (2)`, ` (3)` … before its ending. */
export async function freeName(path: string, isTaken: (path: string) => Promise<boolean>): Promise<string> {
  if (!(await isTaken(path))) return path;
  // "a.alto.xml" becomes "a (2).alto.xml".
  const ending = /\.(?:alto|page)\.xml$/i.exec(path)?.[0] ?? extname(path);
  const stem = basename(path, ending);
  for (let number = 2; ; number++) {
    const name = `${stem} (${number})${ending}`;
    const candidate = dirname(path) === '.' ? name : join(dirname(path), name);
    if (!(await isTaken(candidate))) return candidate;
  }
}
