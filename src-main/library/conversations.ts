// Rows of conversations and their messages: a tree that only grows. Knows no engine and no pages' text.
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { answerer as answererSchema, askOptions, attachment, message as messageSchema, messageGrounding, messageRecord } from '@contract/conversation.ts';
import type { Answerer, Attachment, Conversation, ListedConversation, Message, MessageGrounding, MessageRecord, MessageStatus } from '@contract/conversation.ts';
import { rect, rotation } from '@contract/geometry.ts';
import type { WireError } from '@contract/errors.ts';
import { AppError } from '../base/errors.ts';
import type { Database } from './database.ts';
import { parseError } from './documents.ts';
import { fold, rangesOf } from '../base/fold.ts';

interface ConversationRow {
  id: string;
  title: string;
  pinned: number;
  leaf_id: string | null;
  answerer: string;
  created_at: number;
  updated_at: number;
  deleted_at: number | null;
}

interface MessageRow {
  id: string;
  conversation_id: string;
  parent_id: string | null;
  role: Message['role'];
  status: MessageStatus;
  text: string;
  raw: string | null;
  attachments: string;
  groundings: string;
  answerer: string | null;
  error: string | null;
  record: string | null;
  explanation: string;
  sent_as: string | null;
  created_at: number;
}

const messageColumns = 'id, conversation_id, parent_id, role, status, text, raw, attachments, groundings, answerer, error, record, explanation, sent_as, created_at';

/** A message with what later turns are given of it. */
export interface StoredMessage extends Message {
  /** What the model wrote, marks included; null for questions and for answers without marks. */
  raw: string | null;
  /** Of an answer: how its question and pictures were sent; null when no picture was, or before that was noted. */
  sentAs: SentAs | null;
}

const sentSchema = z.object({
  /** As they were asked for: an answer that is asked for again is asked for so. */
  options: askOptions,
  /** The question's own pictures: later turns send them so again. */
  pictures: z.array(z.object({ pageId: z.string(), crop: rect.nullable(), rotation, tile: z.number().int().nonnegative().nullable(), imageTokens: z.number().int().positive() })),
});
export type SentAs = z.infer<typeof sentSchema>;

function conversationOf(row: ConversationRow): Conversation {
  return {
    id: row.id,
    title: row.title,
    pinned: row.pinned === 1,
    leafId: row.leaf_id,
    answerer: answererSchema.parse(JSON.parse(row.answerer)),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    deletedAt: row.deleted_at,
  };
}

/** Made once: a schema compiles itself when it is first used. */
const attachmentList = attachment.array();
const groundingList = messageGrounding.array();
const explanationList = messageSchema.shape.explanation;

/** A stored list; most are empty and need no reading. */
function listOf<T>(schema: { parse(value: unknown): T[] }, text: string): T[] {
  return text === '[]' ? [] : schema.parse(JSON.parse(text));
}

function messageOf(row: MessageRow): StoredMessage {
  return {
    id: row.id,
    conversationId: row.conversation_id,
    parentId: row.parent_id,
    role: row.role,
    status: row.status,
    text: row.text,
    raw: row.raw,
    attachments: listOf(attachmentList, row.attachments),
    groundings: listOf(groundingList, row.groundings),
    answerer: row.answerer === null ? null : answererSchema.parse(JSON.parse(row.answerer)),
    error: parseError(row.error),
    record: row.record === null ? null : messageRecord.parse(JSON.parse(row.record)),
    explanation: listOf(explanationList, row.explanation),
    sentAs: row.sent_as === null ? null : sentSchema.parse(JSON.parse(row.sent_as)),
    createdAt: row.created_at,
  };
}

export function conversationsById(database: Database, ids: readonly string[]): Conversation[] {
  return database
    .rows<ConversationRow>('conversations-by-id', 'SELECT * FROM conversations WHERE id IN (SELECT value FROM json_each(:ids)) ORDER BY seq', { ids: JSON.stringify(ids) })
    .map(conversationOf);
}

/** Throws conversation-not-found. */
export function conversationById(database: Database, conversationId: string): Conversation {
  const [found] = conversationsById(database, [conversationId]);
  if (!found) throw new AppError('conversation-not-found', { conversationId });
  return found;
}

const order = 'ORDER BY c.pinned DESC, c.updated_at DESC, c.seq DESC';
/** A quoted FTS5 string: nothing in it is query syntax. */
const quoted = (needle: string): string => `"${needle.replaceAll('"', '""')}"`;
/** Characters of a message shown around the place that was found. */
const snippetReach = 60;

interface MatchRow extends ConversationRow {
  message_id: string | null;
  message_text: string | null;
}

/** Conversations that are not deleted, pinned first, then the latest. With `text`, those that contain it in title or messages. */
export function listConversations(database: Database, text: string): ListedConversation[] {
  const needle = fold(text.slice(0, 400)).text;
  if (!needle) {
    return database.rows<ConversationRow>('list-conversations', `SELECT * FROM conversations c WHERE c.deleted_at IS NULL ${order}`).map((row) => ({ ...conversationOf(row), match: null }));
  }
  // The trigram index cannot see needles under three characters; then the rows themselves are walked.
  const indexed = [...needle].length >= 3;
  const found = indexed ? 'm.seq IN (SELECT rowid FROM message_search WHERE message_search MATCH :match)' : 'instr(m.folded, :needle) > 0';
  const rows = database.rows<MatchRow>(
    indexed ? 'search-conversations' : 'search-conversations-short',
    `WITH hits AS (SELECT m.conversation_id, max(m.seq) AS seq FROM messages m WHERE ${found} GROUP BY m.conversation_id)
     SELECT c.*, m.id AS message_id, m.text AS message_text FROM conversations c
     LEFT JOIN hits h ON h.conversation_id = c.id LEFT JOIN messages m ON m.seq = h.seq
     WHERE c.deleted_at IS NULL AND (m.id IS NOT NULL OR instr(c.folded_title, :needle) > 0) ${order}`,
    { needle, ...(indexed ? { match: quoted(needle) } : {}) },
  );
  return rows.map((row) => ({ ...conversationOf(row), match: row.message_id === null || row.message_text === null ? null : { messageId: row.message_id, ...snippet(row.message_text, needle) } }));
}

function snippet(text: string, needle: string): { text: string; ranges: [number, number][] } {
  const [first] = rangesOf(text, [needle]);
  const start = Math.max(0, (first?.[0] ?? 0) - snippetReach);
  const end = Math.min(text.length, (first?.[1] ?? 0) + snippetReach);
  const part = `${start > 0 ? '…' : ''}${text.slice(start, end).replace(/\s/g, ' ')}${end < text.length ? '…' : ''}`;
  return { text: part, ranges: rangesOf(part, [needle]) };
}

export function createConversation(database: Database, input: { title: string; answerer: Answerer }, now: number): Conversation {
  const id = randomUUID();
  database.run(
    'create-conversation',
    'INSERT INTO conversations (id, title, folded_title, answerer, created_at, updated_at) VALUES (:id, :title, :folded, :answerer, :now, :now)',
    { id, title: input.title, folded: fold(input.title).text, answerer: JSON.stringify(input.answerer), now },
  );
  return conversationById(database, id);
}

export interface ConversationChange {
  title?: string;
  pinned?: boolean;
  leafId?: string;
  answerer?: Answerer;
  updatedAt?: number;
}

/** Throws conversation-not-found. */
export function changeConversation(database: Database, conversationId: string, change: ConversationChange): Conversation {
  const { title, pinned, leafId, answerer, updatedAt } = change;
  const changed = database.run(
    'change-conversation',
    `UPDATE conversations SET title = coalesce(:title, title), folded_title = coalesce(:folded, folded_title), pinned = coalesce(:pinned, pinned),
       leaf_id = coalesce(:leafId, leaf_id), answerer = coalesce(:answerer, answerer), updated_at = coalesce(:updatedAt, updated_at) WHERE id = :conversationId`,
    {
      conversationId,
      title: title ?? null,
      folded: title === undefined ? null : fold(title).text,
      pinned: pinned === undefined ? null : Number(pinned),
      leafId: leafId ?? null,
      answerer: answerer === undefined ? null : JSON.stringify(answerer),
      updatedAt: updatedAt ?? null,
    },
  );
  if (!changed) throw new AppError('conversation-not-found', { conversationId });
  return conversationById(database, conversationId);
}

/** Soft delete; the ids that were really there. */
export function deleteConversations(database: Database, ids: readonly string[], now: number): string[] {
  return database
    .rows<{ id: string }>('delete-conversations', 'UPDATE conversations SET deleted_at = :now WHERE deleted_at IS NULL AND id IN (SELECT value FROM json_each(:ids)) RETURNING id', {
      ids: JSON.stringify(ids),
      now,
    })
    .map((row) => row.id);
}

export function restoreConversations(database: Database, ids: readonly string[]): Conversation[] {
  database.run('restore-conversations', 'UPDATE conversations SET deleted_at = NULL WHERE id IN (SELECT value FROM json_each(:ids))', { ids: JSON.stringify(ids) });
  return conversationsById(database, ids);
}

export function purgeConversations(database: Database, before: number): number {
  return database.run('purge-conversations', 'DELETE FROM conversations WHERE deleted_at < :before', { before });
}

/** The whole tree, oldest first. Throws conversation-not-found. */
export function messagesOf(database: Database, conversationId: string): StoredMessage[] {
  conversationById(database, conversationId);
  return database.rows<MessageRow>('messages-of-conversation', `SELECT ${messageColumns} FROM messages WHERE conversation_id = :conversationId ORDER BY seq`, { conversationId }).map(messageOf);
}

/** Throws message-not-found. */
export function messageById(database: Database, messageId: string): StoredMessage {
  const row = database.row<MessageRow>('message-by-id', `SELECT ${messageColumns} FROM messages WHERE id = :messageId`, { messageId });
  if (!row) throw new AppError('message-not-found', { messageId });
  return messageOf(row);
}

/** From the first message of its branch to this one. Throws message-not-found. */
export function branchTo(database: Database, messageId: string): StoredMessage[] {
  messageById(database, messageId);
  return database
    .rows<MessageRow>(
      'branch-to-message',
      `WITH RECURSIVE branch AS (
         SELECT *, 0 AS depth FROM messages WHERE id = :messageId
         UNION ALL SELECT m.*, b.depth + 1 FROM messages m JOIN branch b ON m.id = b.parent_id
       ) SELECT ${messageColumns} FROM branch ORDER BY depth DESC`,
      { messageId },
    )
    .map(messageOf);
}

export interface AddedMessage {
  conversationId: string;
  parentId: string | null;
  role: Message['role'];
  status: MessageStatus;
  text: string;
  attachments: readonly Attachment[];
  answerer: Answerer | null;
}

function addMessage(database: Database, added: AddedMessage, now: number): StoredMessage {
  const id = randomUUID();
  database.run(
    'add-message',
    `INSERT INTO messages (id, conversation_id, parent_id, role, status, text, folded, attachments, answerer, created_at)
     VALUES (:id, :conversationId, :parentId, :role, :status, :text, :folded, :attachments, :answerer, :now)`,
    {
      id,
      conversationId: added.conversationId,
      parentId: added.parentId,
      role: added.role,
      status: added.status,
      text: added.text,
      folded: fold(added.text).text,
      attachments: JSON.stringify(added.attachments),
      answerer: added.answerer === null ? null : JSON.stringify(added.answerer),
      now,
    },
  );
  return messageById(database, id);
}

/** Longest title made from a question. */
const maxTitleLength = 80;

function titleFrom(text: string): string {
  const line = text.trim().split(/\s*\n/)[0] ?? '';
  return [...line].length <= maxTitleLength ? line : `${[...line].slice(0, maxTitleLength - 1).join('')}…`;
}

export interface StoredExchange {
  conversation: Conversation;
  question: StoredMessage;
  answer: StoredMessage;
}

/**
 * Stores a question and the empty answer that will be written, in one transaction; the branch shown ends there. The first question names a
 * conversation without a title. Throws conversation-not-found, message-not-found.
 */
export function addExchange(database: Database, input: { conversationId: string; parentId: string | null; text: string; attachments: readonly Attachment[]; answerer: Answerer }, now: number): StoredExchange {
  return database.transaction(() => {
    const before = conversationById(database, input.conversationId);
    if (input.parentId !== null && messageById(database, input.parentId).conversationId !== input.conversationId) throw new AppError('message-not-found', { messageId: input.parentId });
    const question = addMessage(database, { ...input, role: 'user', status: 'complete', answerer: null }, now);
    const answer = addMessage(database, { conversationId: input.conversationId, parentId: question.id, role: 'assistant', status: 'streaming', text: '', attachments: [], answerer: input.answerer }, now);
    const title = before.title === '' ? titleFrom(input.text) : '';
    const conversation = changeConversation(database, input.conversationId, { leafId: answer.id, answerer: input.answerer, updatedAt: now, ...(title ? { title } : {}) });
    return { conversation, question, answer };
  });
}

/** One more answer to the same question, beside the others. Throws message-not-found. */
export function addAnswer(database: Database, input: { questionId: string; answerer: Answerer }, now: number): StoredExchange {
  return database.transaction(() => {
    const question = messageById(database, input.questionId);
    if (question.role !== 'user') throw new AppError('message-not-found', { messageId: input.questionId });
    const { conversationId } = question;
    const answer = addMessage(database, { conversationId, parentId: question.id, role: 'assistant', status: 'streaming', text: '', attachments: [], answerer: input.answerer }, now);
    return { conversation: changeConversation(database, conversationId, { leafId: answer.id, answerer: input.answerer, updatedAt: now }), question, answer };
  });
}

/** An answer that was cut off is written on. Throws message-not-found, answer-running. */
export function reopenAnswer(database: Database, messageId: string, now: number): StoredExchange {
  return database.transaction(() => {
    const before = messageById(database, messageId);
    if (before.role !== 'assistant' || before.parentId === null) throw new AppError('message-not-found', { messageId });
    if (before.status === 'streaming') throw new AppError('answer-running', { messageId });
    database.run('reopen-answer', "UPDATE messages SET status = 'streaming', error = NULL, record = NULL WHERE id = :messageId", { messageId });
    const conversation = changeConversation(database, before.conversationId, { leafId: messageId, updatedAt: now });
    return { conversation, question: messageById(database, before.parentId), answer: messageById(database, messageId) };
  });
}

/** What is written so far, so that a kill loses only what came after. Does nothing once the answer has ended. */
export function keepAnswerSoFar(database: Database, input: { messageId: string; text: string; raw: string }): void {
  database.run('keep-answer-so-far', "UPDATE messages SET text = :text, raw = :raw WHERE id = :messageId AND status = 'streaming'", { ...input });
}

/** How the question and its pictures are sent for this answer. */
export function keepSentAs(database: Database, { messageId, sentAs }: { messageId: string; sentAs: SentAs }): void {
  database.run('keep-sent-as', 'UPDATE messages SET sent_as = :sentAs WHERE id = :messageId', { messageId, sentAs: JSON.stringify(sentAs) });
}

export interface EndedAnswer {
  messageId: string;
  status: Exclude<MessageStatus, 'streaming'>;
  text: string;
  raw: string | null;
  groundings: readonly MessageGrounding[];
  error: WireError | null;
  record: MessageRecord | null;
  explanation: readonly string[];
}

/** Stores how an answer ended. Throws message-not-found. */
export function endAnswer(database: Database, ended: EndedAnswer, now: number): { message: StoredMessage; conversation: Conversation } {
  return database.transaction(() => {
    database.run(
      'end-answer',
      `UPDATE messages SET status = :status, text = :text, raw = :raw, folded = :folded, groundings = :groundings, error = :error, record = :record, explanation = :explanation
       WHERE id = :messageId`,
      {
        messageId: ended.messageId,
        status: ended.status,
        text: ended.text,
        raw: ended.raw,
        folded: fold(ended.text).text,
        groundings: JSON.stringify(ended.groundings),
        error: ended.error === null ? null : JSON.stringify(ended.error),
        record: ended.record === null ? null : JSON.stringify(ended.record),
        explanation: JSON.stringify(ended.explanation),
      },
    );
    const message = messageById(database, ended.messageId);
    return { message, conversation: changeConversation(database, message.conversationId, { updatedAt: now }) };
  });
}

/** Answers that nobody writes any more: the program ended under them. What was stored of them stays and can be found. */
export function interruptAnswers(database: Database): number {
  return database.transaction(() => {
    const rows = database.rows<{ id: string; text: string }>('unended-answers', "SELECT id, text FROM messages WHERE status = 'streaming'");
    for (const { id, text } of rows) database.run('interrupt-answer', "UPDATE messages SET status = 'interrupted', folded = :folded WHERE id = :id", { id, folded: fold(text).text });
    return rows.length;
  });
}

/** The branch through this message that was gone on with last becomes the one shown. Throws message-not-found. */
export function chooseBranch(database: Database, messageId: string): Conversation {
  const { conversationId } = messageById(database, messageId);
  const row = database.row<{ id: string }>(
    'latest-below-message',
    `WITH RECURSIVE below AS (
       SELECT id, seq FROM messages WHERE id = :messageId
       UNION ALL SELECT m.id, m.seq FROM messages m JOIN below b ON m.parent_id = b.id
     ) SELECT b.id FROM below b WHERE NOT EXISTS (SELECT 1 FROM messages m WHERE m.parent_id = b.id) ORDER BY b.seq DESC LIMIT 1`,
    { messageId },
  );
  return changeConversation(database, conversationId, { leafId: row?.id ?? messageId });
}
