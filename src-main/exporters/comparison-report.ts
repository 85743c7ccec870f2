// A comparison as a report that opens in any browser and prints well: the summary, then every change with both pictures of its place.
// Where the pictures are is said by whoever asks; knows no pixels.
import type { Change, ComparedPage, ComparedPair, ModelView } from '@contract/compare.ts';
import { changeSentence, comparisonSummary, kindNames } from './comparison-sentences.ts';
import { element, escapeXml } from './xml.ts';

/** What a person decided about a change. */
export interface Review {
  readonly verdict: 'open' | 'accepted' | 'dismissed';
  readonly note: string;
}

export interface ReportPair extends ComparedPair {
  /** For each change, addresses of its place on both pages (a file beside the report, or a data address). */
  readonly crops: readonly { readonly before: string; readonly after: string }[];
  /** For each change; left out where nobody looked. */
  readonly reviews?: readonly Review[];
  /** What a model said differs; null where none was asked. */
  readonly modelView: ModelView | null;
}

/** How the places of changes are framed in the pictures of one page: dashed where only the other page has something. */
export function changeFrames(changes: readonly Change[], side: 'before' | 'after'): ('solid' | 'dashed')[] {
  return changes.map(({ kind }) => (kind === (side === 'before' ? 'inserted' : 'removed') ? 'dashed' : 'solid'));
}

const style = `
:root { color-scheme: light; }
body { font: 15px/1.5 system-ui, sans-serif; color: #1a1d21; max-width: 60rem; margin: 2rem auto; padding: 0 1.25rem; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; overflow-wrap: anywhere; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; overflow-wrap: anywhere; }
.change { border: 1px solid #d5d9de; border-radius: 8px; margin: .75rem 0; padding: .75rem; break-inside: avoid; }
.change.doubtful { border-style: dashed; }
.change p { margin: 0 0 .5rem; overflow-wrap: anywhere; } .kind { font-weight: 600; margin-right: .5rem; text-transform: capitalize; }
.pictures { display: grid; grid-template-columns: 1fr 1fr; gap: .75rem; } figure { margin: 0; } figcaption { color: #5c6570; font-size: .85rem; }
img { max-width: 100%; max-height: 22rem; border: 1px solid #e3e6ea; border-radius: 4px; } del { background: #fde8e8; } ins { background: #e2f4e5; text-decoration: none; } .note { color: #5c6570; }
`;

const pageName = ({ name, pageIndex, pageCount }: ComparedPage): string => (pageCount > 1 ? `${name}, page ${pageIndex + 1}` : name);

function changeHtml(change: Change, crops: ReportPair['crops'][number] | undefined, review: Review | undefined): string {
  const { kind, before, after, doubtful } = change;
  const words = kind === 'changed' ? `<del>${escapeXml(before.text)}</del> → <ins>${escapeXml(after.text)}</ins>`
    : kind === 'inserted' ? `<ins>${escapeXml(after.text)}</ins>` : kind === 'removed' ? `<del>${escapeXml(before.text)}</del>` : escapeXml(after.text || before.text);
  const verdict = review && review.verdict !== 'open' ? ` (${review.verdict})` : '';
  const picture = (address: string, side: string): string => `<figure><figcaption>${side}</figcaption><img src="${escapeXml(address)}" alt="${escapeXml(`${side}: ${changeSentence(change)}`)}"></figure>`;
  return [
    `<article class="change${doubtful ? ' doubtful' : ''}"><p><span class="kind">${kindNames[kind]}${verdict}</span>${words}</p>`,
    review?.note ? element('p', { class: 'note' }, escapeXml(review.note)) : '',
    crops ? `<div class="pictures">${picture(crops.before, 'Before')}${picture(crops.after, 'After')}</div>` : '',
    '</article>',
  ].join('');
}

function modelViewHtml({ answererName, named, unnamed, isCut }: ModelView): string {
  const row = ({ text, before, after, confirmedBy }: ModelView['named'][number]): string => {
    const words = before.text || after.text ? ` <del>${escapeXml(before.text)}</del> → <ins>${escapeXml(after.text)}</ins>` : '';
    return `<li><span class="kind">${confirmedBy.length ? 'confirmed' : 'unconfirmed'}</span>${escapeXml(text)}${words}</li>`;
  };
  return [
    element('h3', {}, escapeXml(`What ${answererName} sees`)),
    named.length ? `<ul>${named.map(row).join('')}</ul>` : '<p>No difference.</p>',
    isCut ? '<p class="note">The answer was cut off before its end.</p>' : '',
    unnamed.length ? `<p class="note">It does not name ${unnamed.length === 1 ? 'one of the changes' : `${unnamed.length} of the changes`} above.</p>` : '',
  ].join('');
}

function pairHtml(pair: ReportPair): string {
  const { before, after, comparison, moved } = pair;
  if (!before || !after || !comparison) return `<h2>${escapeXml(before ? `${pageName(before)} was removed` : `${pageName(after!)} was added`)}</h2>`;
  const listed = comparison.changes.map((change, at) => ({ change, html: changeHtml(change, pair.crops[at], pair.reviews?.[at]) }));
  const sure = listed.filter(({ change }) => !change.doubtful), doubtful = listed.filter(({ change }) => change.doubtful);
  return [
    `<h2>${escapeXml(`${pageName(before)} → ${pageName(after)}`)}${moved ? ' (moved)' : ''}</h2>`,
    sure.length ? sure.map(({ html }) => html).join('\n') : '<p>No change.</p>',
    doubtful.length ? `<details${sure.length ? '' : ' open'}><summary>${doubtful.length === 1 ? 'One difference that may only be a misreading' : `${doubtful.length} differences that may only be misreadings`}</summary>\n${doubtful.map(({ html }) => html).join('\n')}</details>` : '',
    pair.modelView ? modelViewHtml(pair.modelView) : '',
  ].join('\n');
}

export function comparisonHtml(title: string, pairs: readonly ReportPair[]): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeXml(title)}</title><style>${style}</style></head>
<body><h1>${escapeXml(title)}</h1><p>${escapeXml(comparisonSummary(pairs))}</p>
${pairs.some(({ crops }) => crops.length > 0) ? '<p class="note">Frames show the place of each change; a dashed one shows where something is missing that the other page has.</p>' : ''}
${pairs.map(pairHtml).join('\n')}
</body></html>
`;
}

/** The same as data: every change with places, texts, verdict, and its two pictures. */
export function comparisonJson(pairs: readonly ReportPair[]): string {
  const told = pairs.map(({ before, after, moved, comparison, crops, reviews, modelView }) => ({
    before, after, moved, modelView,
    alignment: comparison?.alignment ?? null,
    changes: (comparison?.changes ?? []).map((change, at) => ({ ...change, ...reviews?.[at], ...(crops[at] ? { crops: crops[at] } : {}) })),
  }));
  return `${JSON.stringify({ summary: comparisonSummary(pairs), pairs: told }, null, 2)}\n`;
}
