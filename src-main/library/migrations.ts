// The list of schema changes in order. A migration that has shipped is never edited: the next change is a new file.
import { sql as documentsAndPages } from './migrations/0001-documents-and-pages.ts';
import { sql as conversations } from './migrations/0002-conversations.ts';
import { sql as corrections } from './migrations/0003-corrections.ts';
import { sql as comparisons } from './migrations/0004-comparisons.ts';
import { sql as tags } from './migrations/0005-tags.ts';
import { sql as extractions } from './migrations/0006-extractions.ts';
import { sql as modelViews } from './migrations/0007-model-views.ts';
import { sql as sentAs } from './migrations/0008-sent-as.ts';

export interface Migration {
  readonly version: number;
  readonly sql: string;
}

export const migrations: readonly Migration[] = [
  { version: 1, sql: documentsAndPages },
  { version: 2, sql: conversations },
  { version: 3, sql: corrections },
  { version: 4, sql: comparisons },
  { version: 5, sql: tags },
  { version: 6, sql: extractions },
  { version: 7, sql: modelViews },
  { version: 8, sql: sentAs },
];

export const latestVersion = Math.max(...migrations.map((one) => one.version));
