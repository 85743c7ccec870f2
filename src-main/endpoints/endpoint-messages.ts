// A conversation as an endpoint is sent it: pictures at the size its rule allows, as data, numbered; and what was done to each. Knows no network.
import type { ChatCompletionContentPart, ChatCompletionMessageParam } from 'openai/resources/chat/completions';
import type { QuestionMessage } from '@contract/model.ts';
import type { ReachedEndpoint } from '@contract/endpoint.ts';
import type { SentPicture } from '../inference/answer-question.ts';
import { encodePng, encodeWebp, resizePicture } from '../inference/image/decode-image.ts';
import { smartResize } from '../inference/image/smart-resize.ts';
import type { ImagePlan } from '../inference/vision-model.ts';

/** A lossless picture larger than this is sent with small losses instead. */
const mostLosslessBytes = 1_500_000;
/** Fewest tokens of one picture, by every published rule. */
const leastImageTokens = 4;

/** The size at which the server's own rule leaves the picture alone. @throws image-empty */
export function planForEndpoint({ width, height }: { width: number; height: number }, { tokenSide }: { tokenSide: number }, maxImageTokens: number): ImagePlan {
  const original = { width, height };
  const input = smartResize(original, tokenSide, leastImageTokens * tokenSide ** 2, maxImageTokens * tokenSide ** 2);
  const grid = { width: input.width / tokenSide, height: input.height / tokenSide };
  return { original, padded: original, input, grid, tokens: grid.width * grid.height };
}

async function asData({ picture }: SentPicture, plan: ImagePlan): Promise<string> {
  const resized = plan.input.width === picture.width && plan.input.height === picture.height ? picture : await resizePicture(picture, plan.input.width, plan.input.height, 'cubic');
  const lossless = await encodePng(resized);
  if (lossless.byteLength <= mostLosslessBytes) return `data:image/png;base64,${Buffer.from(lossless).toString('base64')}`;
  return `data:image/webp;base64,${Buffer.from(await encodeWebp(resized, 92)).toString('base64')}`;
}

/** DashScope takes the limits of a picture beside it; others would refuse unknown keys. */
type PicturePart = ChatCompletionContentPart & { min_pixels?: number; max_pixels?: number };

/** `pictures` are those of all messages in their order. */
export async function endpointMessages(endpoint: ReachedEndpoint, messages: readonly QuestionMessage[], pictures: readonly SentPicture[], plans: readonly ImagePlan[]): Promise<ChatCompletionMessageParam[]> {
  let at = 0;
  const sent: ChatCompletionMessageParam[] = [];
  for (const { role, parts } of messages) {
    const content: PicturePart[] = [];
    for (const part of parts) {
      if (part.type === 'text') {
        content.push({ type: 'text', text: part.text });
        continue;
      }
      const plan = plans[at]!;
      const pixels = plan.input.width * plan.input.height;
      if (pictures.length > 1) content.push({ type: 'text', text: `Picture ${at + 1}: ` });
      content.push({ type: 'image_url', image_url: { url: await asData(pictures[at]!, plan) }, ...(endpoint.kind === 'dashscope' ? { min_pixels: Math.min(pixels, leastImageTokens * endpoint.tokenSide ** 2), max_pixels: pixels } : {}) });
      at++;
    }
    const text = content.map((part) => (part.type === 'text' ? part.text : '')).join('');
    if (role === 'user') sent.push({ role, content });
    else sent.push({ role, content: text });
  }
  return sent;
}
