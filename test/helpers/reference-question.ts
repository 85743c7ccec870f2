// A recorded conversation as a question to the whole engine, greedy and as long as its recording.
import type { Question } from '../../src-main/inference/answer-question.ts';
import { decodeImage } from '../../src-main/inference/image/decode-image.ts';
import { greedy } from '../../src-main/inference/sampler.ts';
import { chatMessages } from './chat-messages.ts';
import { picturePath, type ReferenceCase } from './reference.ts';

export async function questionOf(one: ReferenceCase): Promise<Question> {
  const files = one.messages.flatMap(({ content }) => (typeof content === 'string' ? [] : content.flatMap((part) => (part.type === 'image' ? [part.image] : []))));
  const pictures = [];
  for (const file of files) {
    const picture = await decodeImage(picturePath(file));
    pictures.push({ picture, placement: { pageWidth: picture.width, pageHeight: picture.height, rotation: 0 as const, left: 0, top: 0 } });
  }
  return { messages: chatMessages(one.messages), pictures, sampling: greedy, maxNewTokens: one.greedyTokens.length, ignoreStopTokens: true, maxImagePixels: 16384 * 32 * 32 };
}
