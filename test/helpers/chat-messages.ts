// Recorded conversations in the form that buildPrompt takes.
import type { ChatMessage } from '../../src-main/inference/tokenizer/chat-prompt.ts';
import type { ReferenceMessage } from './reference.ts';

export function chatMessages(messages: readonly ReferenceMessage[]): ChatMessage[] {
  return messages.map(({ role, content }) => ({
    role,
    parts: typeof content === 'string' ? [{ type: 'text' as const, text: content }] : content.map((part) => (part.type === 'image' ? { type: 'image' as const } : part)),
  }));
}
