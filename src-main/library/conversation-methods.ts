// What the library can be asked about conversations, by name. Joins the worker's methods.
import type { Answerer, Attachment, Conversation, ListedConversation } from '@contract/conversation.ts';
import type { PageSource } from '@contract/job.ts';
import * as conversations from './conversations.ts';
import type { EndedAnswer, StoredExchange, StoredMessage } from './conversations.ts';
import type { Database } from './database.ts';
import { documentById } from './documents.ts';
import { originalPath } from './originals.ts';
import { pagesToShow } from './shown-pages.ts';
import type { PageToShow } from './shown-pages.ts';

/** A page to show, with the file it is in. */
export interface PageWithFile extends PageToShow {
  source: PageSource;
  /** Name of the document's file, as the user knows it. */
  fileName: string;
}

/** @param originals the folder of the documents' files */
export function conversationMethods(database: Database, originals: string) {
  return {
    listConversations: (input: { text: string }): ListedConversation[] => conversations.listConversations(database, input.text),
    conversationById: (input: { conversationId: string }): Conversation => conversations.conversationById(database, input.conversationId),
    createConversation: (input: { title: string; answerer: Answerer }): Conversation => conversations.createConversation(database, input, Date.now()),
    changeConversation: (input: { conversationId: string; change: Omit<conversations.ConversationChange, 'leafId' | 'updatedAt'> }): Conversation =>
      conversations.changeConversation(database, input.conversationId, input.change),
    deleteConversations: (input: { conversationIds: readonly string[] }): string[] => conversations.deleteConversations(database, input.conversationIds, Date.now()),
    restoreConversations: (input: { conversationIds: readonly string[] }): Conversation[] => conversations.restoreConversations(database, input.conversationIds),
    chooseBranch: (input: { messageId: string }): Conversation => conversations.chooseBranch(database, input.messageId),

    messagesOf: (input: { conversationId: string }): StoredMessage[] => conversations.messagesOf(database, input.conversationId),
    messageById: (input: { messageId: string }): StoredMessage => conversations.messageById(database, input.messageId),
    branchTo: (input: { messageId: string }): StoredMessage[] => conversations.branchTo(database, input.messageId),
    addExchange: (input: Parameters<typeof conversations.addExchange>[1]): StoredExchange => conversations.addExchange(database, input, Date.now()),
    addAnswer: (input: Parameters<typeof conversations.addAnswer>[1]): StoredExchange => conversations.addAnswer(database, input, Date.now()),
    reopenAnswer: (input: { messageId: string }): StoredExchange => conversations.reopenAnswer(database, input.messageId, Date.now()),
    keepAnswerSoFar(input: Parameters<typeof conversations.keepAnswerSoFar>[1]): null {
      conversations.keepAnswerSoFar(database, input);
      return null;
    },
    keepSentAs(input: Parameters<typeof conversations.keepSentAs>[1]): null {
      conversations.keepSentAs(database, input);
      return null;
    },
    /** What attachments stand for; ids of what is no longer there are in `missing`. */
    pagesToShow(input: { attachments: readonly Attachment[] }): { shown: PageWithFile[]; missing: string[] } {
      const { shown, missing } = pagesToShow(database, input.attachments);
      const withFile = shown.map((one): PageWithFile => {
        const document = documentById(database, one.page.documentId);
        return { ...one, source: { path: originalPath(originals, document), format: document.format, pageIndex: one.page.index }, fileName: document.fileName };
      });
      return { shown: withFile, missing };
    },
    endAnswer: (input: EndedAnswer): { message: StoredMessage; conversation: Conversation } => conversations.endAnswer(database, input, Date.now()),
  };
}
