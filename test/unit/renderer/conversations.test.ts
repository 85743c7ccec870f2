// @vitest-environment happy-dom
// Conversations in the window's memory: the way through a tree of messages, answers as they stream in, and questions that could not be
// sent. What would go wrong unseen: a branch that loses messages, an answer shown twice, a question gone after a failure.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Conversation, Message } from '@contract/conversation.ts';
import type { PagePoint } from '@contract/geometry.ts';
import type { JobMoment } from '@contract/job.ts';
import { followAnswer, forgetStreams, useStreams } from '../../../src-renderer/stores/answer-streams.ts';
import { hoverPlace, onPlacesChanged, placesOn, showPlacesOf } from '../../../src-renderer/stores/answer-places.ts';
import { attach, attachmentsOf, changeDraft, dropDraft, draftOf, useComposer } from '../../../src-renderer/stores/composer-store.ts';
import { editQuestion, regenerate, sendQuestion } from '../../../src-renderer/stores/conversation-actions.ts';
import { showConversation, takeConversations, takeMessages, useConversations } from '../../../src-renderer/stores/conversation-store.ts';
import { branchOf, siblingsOf, treeOf, withMessages } from '../../../src-renderer/stores/message-tree.ts';
import { useNotices } from '../../../src-renderer/stores/notice-store.ts';
import { openDocument, useDesk } from '../../../src-renderer/stores/desk-store.ts';
import { ensurePages } from '../../../src-renderer/stores/page-store.ts';
import { pageNamed, Refusal, settled, standInForMain, type StandIn } from './main-stand-in.ts';

let clock = 0;
const message = (id: string, parentId: string | null, more: Partial<Message> = {}): Message => ({
  id, parentId, conversationId: 'c', role: id.startsWith('q') ? 'user' : 'assistant', status: 'complete', text: id, attachments: [], groundings: [], answerer: id.startsWith('q') ? null : { kind: 'reader' },
  error: null, record: null, explanation: [], createdAt: clock++, ...more,
});
const conversation = (more: Partial<Conversation> = {}): Conversation => ({ id: 'c', title: 'T', pinned: false, leafId: null, answerer: { kind: 'reader' }, createdAt: 0, updatedAt: 0, deletedAt: null, ...more });
const quad: [PagePoint, PagePoint, PagePoint, PagePoint] = [[0, 0], [10, 0], [10, 10], [0, 10]];
const ids = (messages: readonly Message[]): string[] => messages.map((one) => one.id);

describe('the tree', () => {
  const q1 = message('q1', null);
  const a1 = message('a1', 'q1');
  const a1b = message('a1b', 'q1');
  const q2 = message('q2', 'a1');
  const a2 = message('a2', 'q2');
  const q2b = message('q2b', 'a1');
  const tree = treeOf([a2, q2b, q1, a1b, q2, a1]);

  it('goes through the leaf, and on from there along the newest', () => {
    expect(ids(branchOf(tree, 'a2'))).toEqual(['q1', 'a1', 'q2', 'a2']);
    expect(ids(branchOf(tree, 'q2b'))).toEqual(['q1', 'a1', 'q2b']);
    expect(ids(branchOf(tree, 'a1'))).toEqual(['q1', 'a1', 'q2b']);
    expect(ids(branchOf(tree, 'a1b'))).toEqual(['q1', 'a1b']);
    expect(ids(branchOf(tree, null))).toEqual(['q1', 'a1b']);
    expect(branchOf(tree, 'gone')).toHaveLength(2);
  });
  it('knows the versions of a message, oldest first', () => {
    expect(siblingsOf(tree, a1b)).toEqual([a1, a1b]);
    expect(siblingsOf(tree, q1)).toHaveLength(1);
    // A row that shows its versions is drawn again only when one of them changes.
    expect(siblingsOf(withMessages(tree, [{ ...a2, text: 'new' }]), a1b)).toBe(siblingsOf(tree, a1b));
  });
  it('takes changes of known messages and new ones', () => {
    const changed = withMessages(tree, [{ ...a2, text: 'new' }]);
    expect(branchOf(changed, 'a2').at(-1)?.text).toBe('new');
    expect(ids(branchOf(withMessages(tree, [message('q3', 'a2')]), 'a2'))).toEqual(['q1', 'a1', 'q2', 'a2', 'q3']);
  });
  it('a ring of parents, which only a damaged library could hold, does not hang the window', () => {
    expect(branchOf(treeOf([message('x', 'y'), message('y', 'x')]), 'x').length).toBeLessThanOrEqual(2);
  });
});

let main: StandIn;
beforeEach(() => {
  main = standInForMain({ 'settings.change': () => ({}) as never });
});
afterEach(async () => {
  await showConversation(null);
  useComposer.setState({ drafts: new Map() });
  useStreams.setState({ byMessage: new Map() });
  useNotices.setState({ notices: [] });
  showPlacesOf(null);
});

async function open(messages: Message[], leafId: string | null = messages.at(-1)?.id ?? null): Promise<void> {
  main.answers['conversation.open'] = () => ({ conversation: conversation({ leafId }), messages });
  await showConversation('c');
}

describe('an answer that is being written', () => {
  const line = (): { say(...moments: JobMoment[]): void; job: Parameters<typeof followAnswer>[3] } => {
    let hear: (moment: JobMoment) => void = () => {};
    return { say: (...moments) => moments.forEach((one) => hear(one)), job: { onMoment: (hearer) => { hear = hearer; }, cancel: () => {} } };
  };
  const whole = { section: null, pageIds: ['p1', 'p2'] };
  const frame = (): Promise<void> => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));

  it('shows what comes first at once, and gathers what follows it within a frame', async () => {
    const { say, job } = line();
    followAnswer('a1', '', whole, job);
    let shown = 0;
    const stop = useStreams.subscribe(() => { shown++; });
    for (const text of ['The ', 'total ', 'is 5']) say({ type: 'text', text });
    expect(shown).toBe(1);
    expect(useStreams.getState().byMessage.get('a1')?.text).toBe('The ');
    await frame();
    expect(shown).toBe(2);
    expect(useStreams.getState().byMessage.get('a1')?.text).toBe('The total is 5');
    // After a pause, the next word waits for no frame either.
    await frame();
    say({ type: 'text', text: '0' });
    expect(useStreams.getState().byMessage.get('a1')?.text).toBe('The total is 50');
    stop();
  });
  it('one that is gone on with begins with what it had', async () => {
    const { say, job } = line();
    followAnswer('a1', 'The total ', whole, job);
    say({ type: 'text', text: 'is 5' });
    await frame();
    expect(useStreams.getState().byMessage.get('a1')?.text).toBe('The total is 5');
  });
  it('is forgotten once it is stored whole, and a late word does not bring it back', async () => {
    const { say, job } = line();
    followAnswer('a1', '', whole, job);
    forgetStreams([message('a1', 'q1', { status: 'streaming' })]);
    expect(useStreams.getState().byMessage.has('a1')).toBe(true);
    forgetStreams([message('a1', 'q1')]);
    say({ type: 'text', text: 'late' });
    await frame();
    expect(useStreams.getState().byMessage.has('a1')).toBe(false);
  });
  it('its places light up on the page as they come, before they are checked; text alone does not draw them again', async () => {
    await open([message('q1', null), message('a1', 'q1', { status: 'streaming', text: '' })]);
    const { say, job } = line();
    followAnswer('a1', '', whole, job);
    let drawn = 0;
    const stop = onPlacesChanged(() => { drawn++; });
    say({ type: 'text', text: 'The total' }, { type: 'grounding', grounding: { start: 4, end: 9, label: 'total', page: 1, quad, kind: 'box' } });
    await frame();
    expect(placesOn('p2')).toMatchObject([{ ref: { messageId: 'a1', index: 0 }, grounding: { start: 4, end: 9, pageId: 'p2', check: { state: 'unchecked' } } }]);
    expect(drawn).toBe(1);
    say({ type: 'text', text: ' is 5' });
    await frame();
    expect(drawn).toBe(1);
    // What is stored in the end has the last word.
    const checked = message('a1', 'q1', { groundings: [{ start: 4, end: 9, label: 'total', pageId: 'p1', quad, kind: 'line', source: 'search', check: { state: 'found', read: 'total' } }] });
    takeMessages([checked]);
    forgetStreams([checked]);
    expect(placesOn('p2')).toHaveLength(0);
    expect(placesOn('p1')).toHaveLength(1);
    expect(drawn).toBeGreaterThan(1);
    stop();
  });
  it('of pages asked by themselves, all stream at once in the order of the pages, with their places', async () => {
    const [first, second] = [line(), line()];
    followAnswer('a1', '', { section: { at: 1, of: 2, heading: 'B' }, pageIds: ['p2'] }, second.job);
    followAnswer('a1', '', { section: { at: 0, of: 2, heading: 'A' }, pageIds: ['p1'] }, first.job);
    second.say({ type: 'text', text: 'two' }, { type: 'grounding', grounding: { start: 0, end: 3, label: null, page: 0, quad, kind: 'box' } });
    await frame();
    expect(useStreams.getState().byMessage.get('a1')?.text).toBe('### B\n\ntwo');
    first.say({ type: 'text', text: 'one' });
    second.say({ type: 'done' });
    await frame();
    const stream = useStreams.getState().byMessage.get('a1')!;
    expect(stream).toMatchObject({ text: '### A\n\none\n\n### B\n\ntwo', fraction: 0.5, detail: '1 of 2 pages' });
    const [grounding] = stream.groundings;
    expect([stream.text.slice(grounding!.start, grounding!.end), grounding!.pageId]).toEqual(['two', 'p2']);
  });
});

describe('asking', () => {
  it('makes a conversation for the first question, follows the answer, and empties the field', async () => {
    main.answers['conversation.create'] = () => conversation();
    main.answers['conversation.open'] = () => ({ conversation: conversation(), messages: [] });
    main.answers['conversation.ask'] = ({ text }) => ({ question: message('q1', null, { text }), answer: message('a1', 'q1', { status: 'streaming', text: '' }) });
    changeDraft(null, { text: '  What is the total?  ', attachments: [{ kind: 'page', pageId: 'p' }] });
    await sendQuestion();
    expect(main.asked.find((one) => one.name === 'conversation.ask')?.input).toMatchObject({ conversationId: 'c', parentId: null, text: 'What is the total?', attachments: [{ kind: 'page', pageId: 'p' }], answerer: { kind: 'reader' } });
    expect(ids(useConversations.getState().branch)).toEqual(['q1', 'a1']);
    expect(draftOf(useComposer.getState().drafts, 'c').text).toBe('');
  });
  it('a question that could not be sent stands in the field again, with what was attached', async () => {
    await open([message('q1', null), message('a1', 'q1')]);
    main.answers['conversation.ask'] = () => { throw new Refusal({ code: 'engine-not-ready', data: {}, message: '' }); };
    changeDraft('c', { text: 'And the date?' });
    attach('c', [{ kind: 'document', documentId: 'd' }]);
    await sendQuestion();
    expect(draftOf(useComposer.getState().drafts, 'c')).toMatchObject({ text: 'And the date?', attachments: [{ kind: 'document', documentId: 'd' }] });
    expect(useNotices.getState().notices).toHaveLength(1);
  });
  it('an edited question goes beside the old one, not behind the last answer', async () => {
    await open([message('q1', null), message('a1', 'q1'), message('q2', 'a1'), message('a2', 'q2')]);
    main.answers['conversation.ask'] = ({ parentId, text }) => ({ question: message('q2b', parentId, { text }), answer: message('a2b', 'q2b') });
    editQuestion(useConversations.getState().tree.byId.get('q2')!);
    changeDraft('c', { text: 'better' });
    await sendQuestion();
    expect(main.asked.find((one) => one.name === 'conversation.ask')?.input).toMatchObject({ parentId: 'a1', text: 'better' });
    expect(ids(useConversations.getState().branch)).toEqual(['q1', 'a1', 'q2b', 'a2b']);
  });
  it('one more answer stands beside the first', async () => {
    await open([message('q1', null), message('a1', 'q1')]);
    main.answers['conversation.regenerate'] = () => ({ answer: message('a1b', 'q1') });
    await regenerate('a1');
    expect(ids(useConversations.getState().branch)).toEqual(['q1', 'a1b']);
  });
  it('attaches a thing once', () => {
    attach(null, [{ kind: 'page', pageId: 'p' }, { kind: 'page', pageId: 'p' }]);
    attach(null, [{ kind: 'page', pageId: 'p' }]);
    expect(attachmentsOf(draftOf(useComposer.getState().drafts, null), 'other')).toEqual([{ kind: 'page', pageId: 'p' }]);
  });
  it('the open page, which is shown as attached, stays beside what is added, and gives way to a part of itself', async () => {
    main.answers['page.list'] = ({ documentId }) => [pageNamed(`${documentId}-0`, documentId, 0)];
    await ensurePages('d');
    openDocument('d');
    const added = (): unknown => draftOf(useComposer.getState().drafts, null).attachments;
    attach(null, [{ kind: 'document', documentId: 'other' }]);
    expect(added()).toEqual([{ kind: 'page', pageId: 'd-0' }, { kind: 'document', documentId: 'other' }]);
    dropDraft(null);
    const lines = { kind: 'lines' as const, pageId: 'd-0', lineIndexes: [1], quad };
    attach(null, [lines]);
    expect(added()).toEqual([lines]);
    dropDraft(null);
    attach(null, [{ kind: 'document', documentId: 'd' }]);
    expect(added()).toEqual([{ kind: 'document', documentId: 'd' }]);
    useDesk.setState({ documentId: null });
  });
  it('a new conversation is about the open page, a going one about what it has', async () => {
    expect(attachmentsOf(draftOf(useComposer.getState().drafts, null), 'p')).toEqual([{ kind: 'page', pageId: 'p' }]);
    await open([message('q1', null)]);
    expect(attachmentsOf(draftOf(useComposer.getState().drafts, 'c'), 'p')).toEqual([]);
  });
  // The bug: asked with an empty library, the built-in reader said "No page was given" to every question after that as well.
  it('where the built-in reader was given no page yet, the open one is', async () => {
    const shown = (): unknown => attachmentsOf(draftOf(useComposer.getState().drafts, 'c'), 'p');
    const after = (...branch: Message[]): void => useConversations.setState({ branch });
    after(message('q1', null), message('a1', 'q1'));
    expect(shown()).toEqual([{ kind: 'page', pageId: 'p' }]);
    after(message('q1', null, { attachments: [{ kind: 'page', pageId: 'other' }] }), message('a1', 'q1'));
    expect(shown()).toEqual([]);
    // A model can talk without pages.
    after(message('q1', null), message('a1', 'q1', { answerer: { kind: 'model', packageId: 'm' } }));
    expect(shown()).toEqual([]);
  });
});

describe('news', () => {
  it('that come while a conversation is being opened are newer than what was asked for', async () => {
    let release = (): void => {};
    const waiting = new Promise<void>((done) => { release = done; });
    const q1 = message('q1', null);
    const bridge = (globalThis as unknown as { lectern: { request: (name: string, input: unknown) => Promise<unknown> } }).lectern;
    bridge.request = async () => {
      await waiting;
      return { ok: true, result: { conversation: conversation({ leafId: 'a1' }), messages: [q1, message('a1', 'q1', { status: 'streaming', text: '' })] } };
    };
    const opening = showConversation('c');
    takeMessages([message('a1', 'q1', { text: 'done' })]);
    release();
    await opening;
    expect(useConversations.getState().branch.at(-1)).toMatchObject({ id: 'a1', text: 'done', status: 'complete' });
  });
  it('of another conversation change nothing here', async () => {
    await open([message('q1', null)]);
    takeMessages([message('qx', null, { conversationId: 'other' })]);
    takeConversations([conversation({ id: 'other', leafId: 'qx' })]);
    await settled();
    expect(ids(useConversations.getState().branch)).toEqual(['q1']);
  });
});

describe('places', () => {
  const grounded = (id: string, parent: string, pageId: string): Message => message(id, parent, { groundings: [{ start: 0, end: 2, label: null, pageId, quad, kind: 'box', source: 'answer', check: { state: 'unchecked' } }, { start: 0, end: 2, label: null, pageId, quad: null, kind: 'box', source: 'search', check: { state: 'not-on-page', expected: 'x' } }] });

  it('are those of the latest answer, and of another while its phrase is under the pointer', async () => {
    await open([message('q1', null), grounded('a1', 'q1', 'p1'), message('q2', 'a1'), grounded('a2', 'q2', 'p2')]);
    expect(placesOn('p2')).toHaveLength(1);
    expect(placesOn('p1')).toHaveLength(0);
    hoverPlace({ messageId: 'a1', index: 0 });
    expect(placesOn('p1').map(({ ref }) => ref)).toEqual([{ messageId: 'a1', index: 0 }]);
    hoverPlace(null);
    expect(placesOn('p1')).toHaveLength(0);
  });
  it('leave with an answer that is edited away', async () => {
    await open([message('q1', null), grounded('a1', 'q1', 'p1')]);
    takeMessages([message('q1b', null)]);
    useConversations.setState(({ tree }) => ({ branch: branchOf(tree, 'q1b') }));
    expect(placesOn('p1')).toHaveLength(0);
    dropDraft('c');
  });
});
