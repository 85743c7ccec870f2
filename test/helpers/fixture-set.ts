// The set of rendered pages with their ground truth, and reading one of them as the engine does. Knows no thresholds.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { linesOf, type PageText } from '@contract/document.ts';
import type { Rotation } from '@contract/geometry.ts';
import { readPage } from '../../src-main/engine/jobs/read-page.ts';
import { quietJob } from '../../src-main/base/job.ts';
import { scorePage, type PageScore, type PageTruth } from './score-pages.ts';

export interface FixtureItem {
  readonly id: string;
  readonly file: string;
  readonly lang: string;
  readonly kind: string;
  readonly variant: string;
  readonly rotation: Rotation;
  readonly gt: string;
  readonly orderTrusted: boolean;
}

export interface FixtureTruth extends PageTruth {
  readonly fields?: Readonly<Record<string, string>>;
  readonly kv?: readonly { readonly q: string; readonly a: readonly string[] }[];
  /** Rows of the page's table, cells apart by tabs. */
  readonly tsv?: string;
}

const folder = resolve(import.meta.dirname, '../fixtures/pages');

export const fixtureItems: readonly FixtureItem[] = (JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as { items: FixtureItem[] }).items;

export function truthOf(item: FixtureItem): FixtureTruth {
  return JSON.parse(readFileSync(join(folder, item.gt), 'utf8')) as FixtureTruth;
}

export async function readFixture(item: FixtureItem): Promise<{ text: PageText; score: PageScore }> {
  const format = item.file.endsWith('.png') ? 'png' : 'jpeg';
  const text = await readPage(quietJob(), { source: { path: join(folder, item.file), format, pageIndex: 0 }, rotation: null });
  return { text, score: scorePage(truthOf(item), linesOf(text), { orderTrusted: item.orderTrusted }) };
}
