// What the question will take, before it is sent: tokens of the model's context, memory, each picture at the size it will have; a warning where small
// print would be lost, and how finely pages are shown. All figures are main's.
import { useEffect, useState } from 'react';
import { ChevronDown, ChevronRight, TriangleAlert } from 'lucide-react';
import type { AskOptions, Attachment, Message, QuestionPlan } from '@contract/conversation.ts';
import { useAnswerer } from '../stores/answerers.ts';
import { useAttached } from '../stores/attached-pages.ts';
import { changeDraft, type Draft } from '../stores/composer-store.ts';
import { useLibrary } from '../stores/library-store.ts';
import { useModels } from '../stores/models-store.ts';
import { planSoon, usePlan } from '../stores/question-plan.ts';
import { Button } from '../ui/button.tsx';
import { byteWords } from '../ui/byte-words.ts';
import { classes } from '../ui/classes.ts';
import { errorLine } from '../ui/error-sentences.ts';
import { DropMenu, type MenuEntry } from '../ui/menu.tsx';
import { pictureCount, useFirstNumber } from './attachment-strip.tsx';
import { SentPictures, smallText } from './sent-pictures.tsx';

const sizes = [
  { tokens: undefined, name: 'usual', label: 'Usual size: for ordinary print' },
  { tokens: 1536, name: 'fine', label: 'Fine: small print, about twice as slow' },
  { tokens: 3072, name: 'finest', label: 'Finest: tiny print, about four times as slow' },
] as const;
/** With less room than this left, an answer would hardly begin. */
const leastRoom = 128;
const number = (value: number): string => value.toLocaleString('en');
const counted = (count: number, one: string, many = `${one}s`): string => `${number(count)} ${count === 1 ? one : many}`;

interface CostLineProps {
  openId: string | null;
  draft: Draft;
  attachments: readonly Attachment[];
  /** The messages that come before the question. */
  before: readonly Message[];
}

export function CostLine({ openId, draft, attachments, before }: CostLineProps) {
  const answerer = useAnswerer();
  const [open, setOpen] = useState(false);
  const model = useModels((state) => (answerer.kind === 'model' ? state.description?.models.find((one) => one.id === answerer.packageId) : undefined));
  const pages = useLibrary((library) => attachments.reduce((sum, one) => sum + pictureCount(one, (id) => library.byId.get(id)?.pageCount ?? 1), 0));
  const first = useFirstNumber(before);
  usePlanOf({ draft, attachments, before });
  const plan = usePlan((state) => state.plan);
  const failure = usePlan((state) => state.failure);
  if (answerer.kind === 'reader' || before.at(-1)?.status === 'streaming') return null;
  const change = (options: AskOptions): void => changeDraft(openId, { options });
  // The first generation sees each picture at one size, a server at the size that it was set up with.
  const hasSizes = answerer.kind === 'model' && model?.architecture !== 'qwen-vl';
  return (
    <div className="mt-1.5 px-1 text-tiny text-faint tabular-nums">
      {plan && <SmallTextWarning plan={plan} options={draft.options} hasSizes={hasSizes} onChange={change} />}
      <div className="flex flex-wrap items-center gap-x-2">
        {plan ? (
          <button type="button" aria-expanded={open} onClick={() => setOpen(!open)} className="-ml-1 flex items-center gap-0.5 rounded px-1 text-left hover:bg-hover hover:text-ink">
            <ChevronRight size={11} className={classes('shrink-0 transition-transform', open && 'rotate-90')} aria-hidden /><Summary plan={plan} />
          </button>
        ) : <span className={classes(failure && 'text-warn')}>{failure ? errorLine(failure) : 'Counting…'}</span>}
        <span className="flex-1" />
        {pages > 0 && <Detail options={draft.options} hasSizes={hasSizes} onChange={change} />}
      </div>
      {plan && open && <PlanDetails plan={plan} first={first} isFirst={before.length === 0} />}
      {answerer.kind === 'endpoint' && pages > 1 && (
        <label className="mt-1 flex w-fit items-center gap-1.5 text-muted">
          <input type="checkbox" className="accent-accent" checked={draft.options.eachPage ?? false} onChange={(event) => change(withOption(draft.options, 'eachPage', event.target.checked || undefined))} />
          Ask about each of the {pages} pages by itself
        </label>
      )}
    </div>
  );
}

/** Options with one of them changed; undefined leaves it out. */
function withOption<K extends keyof AskOptions>(options: AskOptions, key: K, value: AskOptions[K] | undefined): AskOptions {
  const { [key]: _before, ...others } = options;
  return value === undefined ? others : { ...others, [key]: value };
}

/** Has the question counted whenever it, its answerer or its pages change. */
function usePlanOf({ draft, attachments, before }: Omit<CostLineProps, 'openId'>): void {
  const answerer = useAnswerer();
  const last = before.at(-1);
  const asked = answerer.kind === 'reader' || last?.status === 'streaming' ? null : { parentId: last?.id ?? null, text: draft.text.trim(), attachments: [...attachments], answerer, options: draft.options };
  // A page that is read or turned meanwhile, a model that is opened, another limit of a server: all change the count.
  const read = useAttached((attached) => attachments.map((one) => (one.kind === 'document' ? '' : JSON.stringify([attached.byId.get(one.pageId)?.status, attached.byId.get(one.pageId)?.rotation]))).join());
  const readDocuments = useLibrary((library) => attachments.map((one) => (one.kind === 'document' ? (library.byId.get(one.documentId)?.readCount ?? 0) : '')).join());
  const loaded = useModels((state) => JSON.stringify(state.description?.models.find((one) => answerer.kind === 'model' && one.id === answerer.packageId)?.loaded ?? null));
  const key = JSON.stringify([asked, last?.status, read, readDocuments, loaded]);
  useEffect(() => {
    planSoon(asked);
    // oxlint-disable-next-line react/exhaustive-deps -- the key says all that matters
  }, [key]);
}

function Summary({ plan }: { plan: QuestionPlan }) {
  const { used, room } = totals(plan);
  if (plan.contextTokens === null) {
    const pictures = plan.pictures.length + plan.earlierPictures;
    return <span title="By the size that the server’s rule allows. How much the server takes at once, it does not say.">{pictures === 0 ? 'No pictures are sent' : `${counted(pictures, 'picture')}, about ${number(used)} tokens`}</span>;
  }
  const over = room < leastRoom;
  const { memory } = plan;
  const short = memory !== null && !memory.isOpen && memory.neededBytes > memory.freeBytes;
  return (
    <>
      <span className={classes(over && 'text-warn')}>
        {over && <TriangleAlert size={11} className="mr-1 inline-block align-[-1px]" aria-hidden />}
        {plan.isReckoned ? 'about ' : ''}{number(used)} of {number(plan.contextTokens)} tokens{over ? `: ${shorterBy(plan)}` : ''}
      </span>
      {memory && <span className={classes('ml-2', short && 'text-warn')}>{memory.isOpen ? 'model loaded' : `${byteWords(memory.neededBytes)} of memory${short ? `, only ${byteWords(memory.freeBytes)} free` : ''}`}</span>}
    </>
  );
}

/** What to leave out of a question that is too long: whatever takes most. */
function shorterBy(plan: QuestionPlan): string {
  const { pictureTokens } = totals(plan);
  if (plan.earlierTokens > Math.max(pictureTokens, plan.textTokens)) return 'begin a new conversation';
  return plan.textTokens > pictureTokens ? 'ask in fewer words' : 'ask about fewer pages';
}

function totals({ pictures, textTokens, earlierTokens, contextTokens }: QuestionPlan): { pictureTokens: number; used: number; room: number } {
  const pictureTokens = pictures.reduce((sum, one) => sum + (one.tokens ?? 0), 0);
  const used = pictureTokens + textTokens + earlierTokens;
  return { pictureTokens, used, room: contextTokens === null ? Infinity : Math.max(0, contextTokens - used) };
}

function PlanDetails({ plan, first, isFirst }: { plan: QuestionPlan; first: number; isFirst: boolean }) {
  const { pictureTokens, room } = totals(plan);
  const { memory } = plan;
  const rows: [string, string][] = [];
  if (plan.pictures.length > 0) rows.push(['Pictures', `${number(pictureTokens)} tokens`]);
  const about = plan.isReckoned ? 'about ' : '';
  rows.push(['Your words', `${about}${counted(plan.textTokens, 'token')}`]);
  if (plan.earlierTokens > 0) rows.push([isFirst ? 'Frame of the chat' : 'Conversation so far', `${about}${number(plan.earlierTokens)} tokens${plan.earlierPictures > 0 ? `, ${counted(plan.earlierPictures, 'picture')}` : ''}`]);
  if (plan.leftOutPictures > 0) rows.push(['Left out', `${counted(plan.leftOutPictures, 'earlier picture')}: the model’s window is full`]);
  if (plan.contextTokens !== null) rows.push(['Room for the answer', `${about}${number(room)} of ${number(plan.contextTokens)} tokens`]);
  if (memory) rows.push(['Memory', memory.isOpen ? `the model is loaded, ${byteWords(memory.freeBytes)} free` : `${byteWords(memory.neededBytes)} while it answers, ${byteWords(memory.freeBytes)} free`]);
  return (
    <div className="mt-1 max-h-52 overflow-y-auto rounded-md border border-edge bg-raised px-2 py-1.5 text-small text-muted" role="group" aria-label="What will be sent" tabIndex={0}>
      <dl className="grid grid-cols-[auto_1fr] gap-x-3">
        {rows.map(([name, value]) => <div key={name} className="contents"><dt>{name}</dt><dd className="text-ink">{value}</dd></div>)}
      </dl>
      {plan.pictures.length > 0 && <SentPictures pictures={plan.pictures} first={first} />}
    </div>
  );
}

interface OptionsProps {
  options: AskOptions;
  /** The answerer takes pictures in several sizes. */
  hasSizes: boolean;
  onChange(options: AskOptions): void;
}

function SmallTextWarning({ plan, options, hasSizes, onChange }: OptionsProps & { plan: QuestionPlan }) {
  const small = smallText(plan.pictures);
  if (!small) return null;
  const isLargest = !hasSizes || (options.maxImageTokens ?? 0) >= 3072;
  return (
    <div role="status" className="mb-1 flex flex-wrap items-center gap-x-3 gap-y-1 rounded-lg bg-warn-soft px-2.5 py-1.5 text-small text-warn">
      <p className="min-w-40 flex-1"><TriangleAlert size={12} className="mr-1.5 inline-block align-[-1px]" aria-hidden />The smallest text would be only {small.pixels} in {small.which}; it may be misread.</p>
      {!options.tiles && <Button className="h-6! px-2!" onClick={() => onChange({ ...options, tiles: true })}>Send as tiles</Button>}
      {!isLargest && <Button className="h-6! px-2!" onClick={() => onChange({ ...options, maxImageTokens: 3072 })}>Send larger</Button>}
    </div>
  );
}

function Detail({ options, hasSizes, onChange }: OptionsProps) {
  const size = sizes.find((one) => one.tokens === options.maxImageTokens) ?? sizes[0];
  const tiles = options.tiles ?? false;
  const entries: MenuEntry[] = [
    ...(hasSizes ? sizes.map((one): MenuEntry => ({ kind: 'item', id: one.name, label: one.label, checked: one === size, run: () => onChange(withOption(options, 'maxImageTokens', one.tokens)) })) : []),
    ...(hasSizes ? [{ kind: 'line' as const, id: 'line' }] : []),
    { kind: 'item', id: 'tiles', label: 'In tiles: large pages with tiny print', checked: tiles, run: () => onChange(withOption(options, 'tiles', tiles ? undefined : true)) },
  ];
  const name = [hasSizes && (size.name !== 'usual' || !tiles) ? size.name : '', tiles ? 'in tiles' : hasSizes ? '' : 'whole pages'].filter((part) => part !== '').join(', ');
  return (
    <DropMenu entries={entries}>
      <button type="button" className="flex items-center gap-1 rounded px-1 hover:bg-hover hover:text-ink">Detail: {name}<ChevronDown size={11} aria-hidden /></button>
    </DropMenu>
  );
}
