// What the library can be asked about conversations, by name. Joins the worker's methods.
import type { Answerer, Conversation, ListedConversation } from '@contract/conversation.ts';
import * as conversations from './conversations.ts';
import type { EndedAnswer, StoredExchange, StoredMessage } from './conversations.ts';
import type { Database } from './database.ts';

export function conversationMethods(database: Database) {
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
    keepAnswerSoFar(input: Parameters<typeof conversations.keepAnswerSoFar>[1]): null {
      conversations.keepAnswerSoFar(database, input);
      return null;
    },
    endAnswer: (input: EndedAnswer): { message: StoredMessage; conversation: Conversation } => conversations.endAnswer(database, input, Date.now()),
  };
}
