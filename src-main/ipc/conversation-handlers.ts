// Handlers about conversations: listing, naming, pinning, deleting, opening, asking, choosing a branch, planning.
import type { Conversation } from '@contract/conversation.ts';
import { planQuestion } from '../app/question-plan.ts';
import type { HandlerContext, HandlersFor, RequestsOf } from './handlers.ts';

export function conversationHandlers({ library, answers, engine, endpoints, folders, publish }: HandlerContext): HandlersFor<Exclude<RequestsOf<'conversation'>, 'conversation.export-picture'>> {
  const told = (conversation: Conversation): Conversation => {
    publish('conversation.changed', { conversations: [conversation] });
    return conversation;
  };
  return {
    'conversation.list': ({ text }) => library.call('listConversations', { text: text ?? '' }),
    'conversation.create': async ({ title, answerer }) => told(await library.call('createConversation', { title: title ?? '', answerer: answerer ?? { kind: 'reader' } })),
    'conversation.rename': async ({ conversationId, title }) => told(await library.call('changeConversation', { conversationId, change: { title } })),
    'conversation.pin': async ({ conversationId, pinned }) => told(await library.call('changeConversation', { conversationId, change: { pinned } })),
    'conversation.choose-answerer': async ({ conversationId, answerer }) => told(await library.call('changeConversation', { conversationId, change: { answerer } })),
    'conversation.choose-branch': async ({ messageId }) => told(await library.call('chooseBranch', { messageId })),
    'conversation.delete': async ({ conversationIds }) => {
      answers.stopConversations(conversationIds);
      const removed = await library.call('deleteConversations', { conversationIds });
      if (removed.length) publish('conversation.removed', { conversationIds: removed });
      return {};
    },
    'conversation.restore': async ({ conversationIds }) => {
      const conversations = await library.call('restoreConversations', { conversationIds });
      publish('conversation.changed', { conversations });
      return conversations;
    },
    'conversation.ask': (asked) => answers.ask(asked),
    'conversation.plan': (asked) => planQuestion({ library, engine, endpoints, modelsFolder: folders.models }, asked),
    'conversation.regenerate': async (input) => ({ answer: await answers.regenerate(input) }),
    'conversation.continue': async (input) => ({ answer: await answers.goOn(input) }),
    'conversation.stop': ({ messageId }) => {
      answers.stop(messageId);
      return {};
    },
    'conversation.open': async ({ conversationId }) => ({
      conversation: await library.call('conversationById', { conversationId }),
      messages: await library.call('messagesOf', { conversationId }),
    }),
  };
}
