// What the question will take, before it is sent: tokens of the model's context, memory, and how finely the pages are shown to it.
import { ChevronDown, TriangleAlert } from 'lucide-react';
import type { AskOptions, Attachment, Message } from '@contract/conversation.ts';
import { useAnswerer } from '../stores/answerers.ts';
import { useAttached } from '../stores/attached-pages.ts';
import { changeDraft, type Draft } from '../stores/composer-store.ts';
import { useLibrary } from '../stores/library-store.ts';
import { useModels } from '../stores/models-store.ts';
import { usePages } from '../stores/page-store.ts';
import { byteWords } from '../ui/byte-words.ts';
import { classes } from '../ui/classes.ts';
import { DropMenu, type MenuEntry } from '../ui/menu.tsx';
import { questionCost, type PictureSize } from './question-cost.ts';

const details = [
  { options: {}, name: 'usual', label: 'Usual size: for ordinary print' },
  { options: { maxImageTokens: 1536 }, name: 'fine', label: 'Fine: small print, about twice as slow' },
  { options: { maxImageTokens: 3072 }, name: 'finest', label: 'Finest: tiny print, about four times as slow' },
  { options: { tiles: true }, name: 'in tiles', label: 'In tiles: large pages with tiny print' },
] as const satisfies readonly { options: AskOptions; name: string; label: string }[];

export function CostLine({ openId, draft, attachments, before }: { openId: string | null; draft: Draft; attachments: readonly Attachment[]; before: readonly Message[] }) {
  const answerer = useAnswerer();
  const model = useModels((state) => (answerer.kind === 'model' ? state.description?.models.find((one) => one.id === answerer.packageId) : undefined));
  const sizes = useSizes(attachments);
  if (answerer.kind === 'endpoint') return sizes.length > 1 ? <EachPage openId={openId} draft={draft} count={sizes.length} /> : null;
  if (!model) return null;
  const { maxImageTokens } = draft.options;
  const { tokens, contextTokens, memoryBytes } = questionCost(model, draft.text, sizes, before, maxImageTokens);
  const over = tokens > contextTokens * 0.9;
  const chosen = details.find(({ options }) => JSON.stringify(options) === JSON.stringify(draft.options)) ?? details[0];
  const entries = details.map((one): MenuEntry => ({
    kind: 'item', id: one.name, label: one.label, checked: one === chosen,
    run: () => changeDraft(openId, { options: one.options }),
  }));
  return (
    <p className="mt-1.5 flex flex-wrap items-center gap-x-2 px-1 text-tiny text-faint tabular-nums">
      <span className={classes(over && 'text-warn')} title="Estimated from the sizes of the pages and the conversation so far">
        {over && <TriangleAlert size={11} className="mr-1 inline-block align-[-1px]" aria-hidden />}
        About {tokens.toLocaleString('en')} of {contextTokens.toLocaleString('en')} tokens{over ? ': ask about fewer pages' : ''}
      </span>
      <span>{model.loaded ? 'open' : `${byteWords(memoryBytes)} of memory`}</span>
      <span className="flex-1" />
      {sizes.length > 0 && (
        <DropMenu entries={entries}>
          <button type="button" className="flex items-center gap-1 rounded px-1 hover:bg-hover hover:text-ink">Detail: {chosen.name}<ChevronDown size={11} aria-hidden /></button>
        </DropMenu>
      )}
    </p>
  );
}

/** For a server: one question over all pages, or one for each of them, several at once. */
function EachPage({ openId, draft, count }: { openId: string | null; draft: Draft; count: number }) {
  const { eachPage, ...others } = draft.options;
  return (
    <label className="mt-1.5 flex w-fit items-center gap-1.5 px-1 text-tiny text-muted">
      <input type="checkbox" className="accent-accent" checked={eachPage ?? false} onChange={(event) => changeDraft(openId, { options: event.target.checked ? { ...others, eachPage: true } : others })} />
      Ask about each of the {count} pages by itself
    </label>
  );
}

/** The size of every picture that the attachments become; null while it is not known. */
function useSizes(attachments: readonly Attachment[]): (PictureSize | null)[] {
  const byId = useAttached((attached) => attached.byId);
  const byDocument = usePages((pages) => pages.byDocument);
  const documents = useLibrary((library) => library.byId);
  return attachments.flatMap((one) => {
    if (one.kind !== 'document') return [byId.get(one.pageId) ?? null];
    const pages = byDocument.get(one.documentId);
    return pages && pages.length > 0 ? [...pages] : Array.from({ length: documents.get(one.documentId)?.pageCount ?? 1 }, () => null);
  });
}
