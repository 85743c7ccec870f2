// Conversations: a tree of messages about pages, who answers them, where on the pages an answer points, and what was sent to get it.
import { z } from 'zod';
import { documentId, pageId } from './document.ts';
import { wireError } from './errors.ts';
import { quad, rect } from './geometry.ts';
import { provider, samplingChange } from './model.ts';

const count = z.number().int().positive();
const index = z.number().int().nonnegative();
const size = z.object({ width: count, height: count });

export const conversationId = z.string().min(1);
export const messageId = z.string().min(1);

/** What a question is about. Pages of a document come in their order; lines are shown as the part of the page around them. */
export const attachment = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('page'), pageId }),
  /** "Ask about this": lines by their index in reading order, and the quad around them in page pixels. */
  z.object({ kind: z.literal('lines'), pageId, lineIndexes: z.array(index), quad }),
  z.object({ kind: z.literal('document'), documentId }),
]);
export type Attachment = z.infer<typeof attachment>;

/** Who answers. The built-in reader is always there. */
export const answerer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('reader') }),
  z.object({ kind: z.literal('model'), packageId: z.string().min(1) }),
  z.object({ kind: z.literal('endpoint'), endpointId: z.string().min(1) }),
]);
export type Answerer = z.infer<typeof answerer>;

/** What the recognised text says about a value that an answer names at a place. */
export const groundingCheck = z.discriminatedUnion('state', [
  z.object({ state: z.literal('found'), read: z.string() }),
  /** Something else stands there; both readings are shown. */
  z.object({ state: z.literal('differs'), expected: z.string(), read: z.string() }),
  z.object({ state: z.literal('not-on-page'), expected: z.string() }),
  /** The page is not read, or the answer names a thing (a stamp, a face) and no text. */
  z.object({ state: z.literal('unchecked') }),
]);
export type GroundingCheck = z.infer<typeof groundingCheck>;

/** A phrase of an answer and the place on a page that it speaks of; `start` and `end` are UTF-16 offsets in the message's text. */
export const messageGrounding = z.object({
  start: index,
  end: index,
  label: z.string().nullable(),
  pageId,
  /** Null when the value is on none of the pages. */
  quad: quad.nullable(),
  kind: z.enum(['box', 'quad', 'point', 'line']),
  /** Who named the place: the model, or Lectern by looking for the value on the pages. */
  source: z.enum(['answer', 'search']),
  /** The answer does not say in which of several pictures it stands, and neither does the text: the last of them is taken. */
  isUnsure: z.boolean().optional(),
  check: groundingCheck,
});
export type MessageGrounding = z.infer<typeof messageGrounding>;

/** One picture as it was sent: what the answerer saw. Their order is the number by which an answer calls them. */
export const sentPicture = z.object({
  pageId,
  /** The part of the page that was sent, in page pixels; null for the whole. */
  crop: rect.nullable(),
  /** Upright, before resizing. */
  original: size,
  sent: size,
  tokens: index.nullable(),
  /** Height of the page's smallest text at that size, in sent pixels; null while the page is unread. */
  smallestText: z.number().nullable(),
  /** The smallest text is too small to be read at that size. */
  tooSmall: z.boolean(),
});
export type SentPicture = z.infer<typeof sentPicture>;

/** What was really sent and done; null where the answerer does not say. */
export const messageRecord = z.object({
  answererName: z.string(),
  provider: provider.nullable(),
  pictures: z.array(sentPicture),
  promptTokens: index.nullable(),
  reusedTokens: index.nullable(),
  newTokens: index.nullable(),
  firstTokenMs: z.number().nullable(),
  visionMs: z.number().nullable(),
  prefillMs: z.number().nullable(),
  decodeMs: z.number().nullable(),
  totalMs: z.number(),
  /** Why the answer ended. */
  finish: z.enum(['stop', 'stop-text', 'length', 'context', 'repetition', 'refused']).nullable(),
});
export type MessageRecord = z.infer<typeof messageRecord>;

export const messageStatus = z.enum(['streaming', 'complete', 'stopped', 'failed', 'interrupted']);
export type MessageStatus = z.infer<typeof messageStatus>;

export const message = z.object({
  id: messageId,
  conversationId,
  /** The message it follows; null begins the conversation. Siblings are branches: nothing is ever overwritten. */
  parentId: messageId.nullable(),
  role: z.enum(['user', 'assistant']),
  /** A question is always complete. 'interrupted': the program ended while the answer was written. */
  status: messageStatus,
  /** What is shown. While an answer streams, what was stored last: the rest comes over the job's port. */
  text: z.string(),
  attachments: z.array(attachment),
  groundings: z.array(messageGrounding),
  /** Of an answer: who gave it. */
  answerer: answerer.nullable(),
  error: wireError.nullable(),
  record: messageRecord.nullable(),
  /** The built-in reader: how it came to its answer, step by step. */
  explanation: z.array(z.string()),
  /** Milliseconds since 1970. */
  createdAt: z.number().int(),
});
export type Message = z.infer<typeof message>;

export const conversation = z.object({
  id: conversationId,
  title: z.string(),
  pinned: z.boolean(),
  /** The last message of the branch that is shown; null while there is none. */
  leafId: messageId.nullable(),
  /** Who answers the next question. */
  answerer,
  createdAt: z.number().int(),
  updatedAt: z.number().int(),
  deletedAt: z.number().int().nullable(),
});
export type Conversation = z.infer<typeof conversation>;

/** A conversation in the list; `match` says where a search found its text (null for its title). */
export const listedConversation = conversation.extend({
  match: z.object({ messageId, text: z.string(), ranges: z.array(z.tuple([index, index])) }).nullable(),
});
export type ListedConversation = z.infer<typeof listedConversation>;

/** How a question is sent; what is left out is the answerer's own. */
export const askOptions = z.object({
  /** Tokens of one picture: more sees smaller print and takes longer. */
  maxImageTokens: count.optional(),
  /** Cut pages into overlapping tiles, so that their smallest text stays readable. */
  tiles: z.boolean().optional(),
  /** Endpoints: one question for each page by itself, as many at once as the server takes. */
  eachPage: z.boolean().optional(),
  sampling: samplingChange.optional(),
  maxNewTokens: count.optional(),
});
export type AskOptions = z.infer<typeof askOptions>;

/** What a question would send and take: worked out from sizes, the answerer's own rules and the words, before anything is sent. */
export const questionPlan = z.object({
  /** The question's own pictures as they would be sent. */
  pictures: z.array(sentPicture),
  /** Of the question's own words. */
  textTokens: index,
  /** Of everything before the question: earlier turns with their pictures, and the frame around all turns. */
  earlierTokens: index,
  earlierPictures: index,
  /** Earlier pictures that a first-generation model leaves out, because its window is full. */
  leftOutPictures: index,
  /** Words are reckoned from their length: only the server can count them. */
  isReckoned: z.boolean(),
  /** Room for prompt and answer; null for a server that does not say. */
  contextTokens: count.nullable(),
  /** Of a model on this machine: what it takes while it is open, what is free now, and whether it is open already. */
  memory: z.object({ neededBytes: z.number(), freeBytes: z.number(), isOpen: z.boolean() }).nullable(),
});
export type QuestionPlan = z.infer<typeof questionPlan>;

const nothing = z.object({});

export const conversationRequests = {
  /** Pinned first, then the latest. With `text`: those whose title or messages contain it. */
  'conversation.list': { input: z.object({ text: z.string().optional() }), result: z.array(listedConversation) },
  'conversation.create': { input: z.object({ answerer: answerer.optional(), title: z.string().trim().max(300).optional() }), result: conversation },
  'conversation.rename': { input: z.object({ conversationId, title: z.string().trim().min(1).max(300) }), result: conversation },
  'conversation.pin': { input: z.object({ conversationId, pinned: z.boolean() }), result: conversation },
  /** Soft delete: restorable until the application is next started 30 days later. */
  'conversation.delete': { input: z.object({ conversationIds: z.array(conversationId).min(1) }), result: nothing },
  'conversation.restore': { input: z.object({ conversationIds: z.array(conversationId).min(1) }), result: z.array(conversation) },
  /** The whole tree, oldest first. */
  'conversation.open': { input: z.object({ conversationId }), result: z.object({ conversation, messages: z.array(message) }) },
  /**
   * Stores the question and an empty answer, then answers: text comes over the job's port (`JobStarted.messageId`), the end as `message.changed`.
   * A parent that already has a question makes a branch (edit and resend); without one the question begins the conversation anew.
   */
  'conversation.ask': {
    input: z.object({ conversationId, parentId: messageId.nullable(), text: z.string().trim().min(1).max(100_000), attachments: z.array(attachment).max(1000).default([]), answerer, options: askOptions.default({}) }),
    result: z.object({ question: message, answer: message }),
  },
  /** What such a question would send and take. The built-in reader is sent nothing: null. */
  'conversation.plan': {
    input: z.object({ parentId: messageId.nullable(), text: z.string().max(100_000), attachments: z.array(attachment).max(1000), answerer, options: askOptions.default({}) }),
    result: questionPlan.nullable(),
  },
  /** One more answer to the same question, beside this one. */
  'conversation.regenerate': { input: z.object({ messageId, answerer: answerer.optional(), options: askOptions.default({}) }), result: z.object({ answer: message }) },
  /** Goes on with an answer that was stopped or interrupted. Models go on behind the last word, others begin again. */
  'conversation.continue': { input: z.object({ messageId, options: askOptions.default({}) }), result: z.object({ answer: message }) },
  /** Ends an answer that is being written; what is written stays. */
  'conversation.stop': { input: z.object({ messageId }), result: nothing },
  /** The pages of an answer with its places drawn and numbered, one PNG each. Null when the user closed the dialog. */
  'conversation.export-picture': { input: z.object({ messageId }), result: z.object({ files: z.array(z.string()) }).nullable() },
  'conversation.choose-answerer': { input: z.object({ conversationId, answerer }), result: conversation },
  /** Shows the branch that ends at (or runs through) this message. */
  'conversation.choose-branch': { input: z.object({ messageId }), result: conversation },
} as const;
