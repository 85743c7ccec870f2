// Conversations over their life: asked, branched, answered, interrupted, found, deleted and restored, in real SQLite.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTestLibrary, temporaryFolder } from '../../helpers/library.ts';
import type { TestLibrary } from '../../helpers/library.ts';

let folder: ReturnType<typeof temporaryFolder>;
let library: TestLibrary;
beforeEach(() => {
  folder = temporaryFolder();
  mkdirSync(join(folder.path, 'library'));
  library = openTestLibrary(join(folder.path, 'library'));
});
afterEach(() => {
  library.database.close();
  folder.remove();
});

const reader = { kind: 'reader' } as const;
const create = (title = '') => library.methods.createConversation({ title, answerer: reader });
const ask = (conversationId: string, text: string, parentId: string | null = null) => library.methods.addExchange({ conversationId, parentId, text, attachments: [], answerer: reader });
const end = (messageId: string, text: string) => library.methods.endAnswer({ messageId, status: 'complete', text, raw: null, groundings: [], error: null, record: null, explanation: [] });
const titles = (text: string) => library.methods.listConversations({ text }).map((one) => one.title);

test('the first question names a conversation, later ones and its own title do not', () => {
  const { id } = create();
  ask(id, 'What is the total?\nAnd the date?');
  ask(id, 'Something else');
  expect(library.methods.conversationById({ conversationId: id }).title).toBe('What is the total?');
  const named = create('Receipts');
  ask(named.id, 'What is the total?');
  expect(library.methods.conversationById({ conversationId: named.id }).title).toBe('Receipts');
});

test('asking again from an earlier message makes a branch; nothing is overwritten, and each branch is whole', () => {
  const { id } = create();
  const first = ask(id, 'one');
  end(first.answer.id, 'answer one');
  const second = ask(id, 'two', first.answer.id);
  end(second.answer.id, 'answer two');
  const edited = ask(id, 'two, edited', first.answer.id);
  end(edited.answer.id, 'answer to the edited');
  expect(library.methods.messagesOf({ conversationId: id })).toHaveLength(6);
  const branch = (messageId: string) => library.methods.branchTo({ messageId }).map((one) => one.text);
  expect(branch(second.answer.id)).toEqual(['one', 'answer one', 'two', 'answer two']);
  expect(branch(edited.answer.id)).toEqual(['one', 'answer one', 'two, edited', 'answer to the edited']);
  expect(library.methods.conversationById({ conversationId: id }).leafId).toBe(edited.answer.id);
  // A message in the middle stands for the branch below it that was gone on with last.
  expect(library.methods.chooseBranch({ messageId: second.question.id }).leafId).toBe(second.answer.id);
  expect(library.methods.chooseBranch({ messageId: first.question.id }).leafId).toBe(edited.answer.id);
});

test('another answer to the same question stands beside the first', () => {
  const { id } = create();
  const { question, answer } = ask(id, 'one');
  end(answer.id, 'first');
  const again = library.methods.addAnswer({ questionId: question.id, answerer: { kind: 'model', packageId: 'qwen2-vl' } });
  expect(again.answer).toMatchObject({ parentId: question.id, status: 'streaming', text: '' });
  expect(library.methods.messageById({ messageId: answer.id }).text).toBe('first');
  expect(() => library.methods.addAnswer({ questionId: answer.id, answerer: reader })).toThrow(/message-not-found/);
});

test('a question under a message of another conversation is refused and leaves nothing behind', () => {
  const one = create();
  const other = create();
  const { answer } = ask(one.id, 'one');
  expect(() => ask(other.id, 'two', answer.id)).toThrow(/message-not-found/);
  expect(library.methods.messagesOf({ conversationId: other.id })).toEqual([]);
});

test('an answer in mid-writing keeps what was stored of it when the program ends, and is marked', async () => {
  const { id } = create();
  const { answer } = ask(id, 'one');
  library.methods.keepAnswerSoFar({ messageId: answer.id, text: 'The total is', raw: '<ref>The total' });
  await library.methods.start(null);
  expect(library.methods.messageById({ messageId: answer.id })).toMatchObject({ status: 'interrupted', text: 'The total is', raw: '<ref>The total' });
  // Text that comes late from a run that ended must not change what is stored.
  library.methods.keepAnswerSoFar({ messageId: answer.id, text: 'late', raw: 'late' });
  expect(library.methods.messageById({ messageId: answer.id }).text).toBe('The total is');
  // What was kept can be found.
  expect(library.methods.listConversations({ text: 'total is' })[0]?.match?.messageId).toBe(answer.id);
});

test('found by title and by message, in any script and at any length, with the place shown', () => {
  const korean = create('영수증');
  end(ask(korean.id, '합계는?').answer.id, '합계는 12,000원입니다.');
  const english = create('Receipts');
  end(ask(english.id, 'total?').answer.id, `${'far '.repeat(50)}The Grand TOTAL is 12.${' far'.repeat(50)}`);
  expect(titles('수증')).toEqual(['영수증']);
  expect(titles('합')).toEqual(['영수증']);
  expect(titles('12,000')).toEqual(['영수증']);
  const [hit] = library.methods.listConversations({ text: 'grand total' });
  expect(hit?.match?.ranges.map(([start, stop]) => hit.match!.text.slice(start, stop))).toEqual(['Grand TOTAL']);
  expect(hit!.match!.text.length).toBeLessThan(160);
  expect(titles('"quoted" OR')).toEqual([]);
});

test('pinned first, then the latest; deleted ones are gone and come back whole', async () => {
  const [a, b, c] = [create('a'), create('b'), create('c')];
  end(ask(a!.id, 'later').answer.id, 'x');
  library.methods.changeConversation({ conversationId: b!.id, change: { pinned: true } });
  expect(titles('')[0]).toBe('b');
  expect(library.methods.deleteConversations({ conversationIds: [a!.id, a!.id, 'nothing'] })).toEqual([a!.id]);
  expect(titles('').sort()).toEqual(['b', 'c']);
  expect(titles('later')).toEqual([]);
  // A restart within 30 days does not purge it.
  await library.methods.start(null);
  library.methods.restoreConversations({ conversationIds: [a!.id] });
  expect(library.methods.messagesOf({ conversationId: a!.id })).toHaveLength(2);
  expect(() => library.methods.conversationById({ conversationId: 'nothing' })).toThrow(/conversation-not-found/);
  expect(c).toBeDefined();
});

test('what an answer points at survives storing', () => {
  const { id } = create();
  const { answer } = ask(id, 'one');
  const quad = [[1, 2], [3, 2], [3, 4], [1, 4]] as [[number, number], [number, number], [number, number], [number, number]];
  const groundings = [{ start: 0, end: 5, label: 'total', pageId: 'p', quad, kind: 'box' as const, source: 'answer' as const, check: { state: 'differs' as const, expected: '12', read: '13' } }];
  const { message } = library.methods.endAnswer({ messageId: answer.id, status: 'failed', text: 'total', raw: '<ref>total</ref>', groundings, error: { code: 'engine-stopped', data: { exitCode: 1 }, message: 'x' }, record: null, explanation: ['a'] });
  expect(message).toMatchObject({ status: 'failed', groundings, explanation: ['a'], error: { code: 'engine-stopped' } });
});

test('a conversation of 500 messages about 200 pages opens well within a blink', () => {
  const { id } = create();
  const quad = [[1, 2], [3, 2], [3, 4], [1, 4]] as [[number, number], [number, number], [number, number], [number, number]];
  const groundings = Array.from({ length: 20 }, (_, at) => ({ start: at * 10, end: at * 10 + 5, label: 'total', pageId: `p${at}`, quad, kind: 'box' as const, source: 'answer' as const, check: { state: 'found' as const, read: '12' } }));
  library.database.transaction(() => {
    let parentId: string | null = null;
    for (let at = 0; at < 250; at++) {
      const exchange = library.methods.addExchange({ conversationId: id, parentId, text: `question ${at}`, attachments: [{ kind: 'page', pageId: `p${at % 200}` }], answerer: reader });
      parentId = exchange.answer.id;
      library.methods.endAnswer({ messageId: parentId, status: 'complete', text: 'An answer of some length. '.repeat(40), raw: null, groundings, error: null, record: null, explanation: ['because'] });
    }
  });
  const started = performance.now();
  expect(library.methods.messagesOf({ conversationId: id })).toHaveLength(500);
  // A fraction of the 200 ms: the rest is for the ways between the processes and for drawing. Generous, for busy machines.
  expect(performance.now() - started).toBeLessThan(400);
});
