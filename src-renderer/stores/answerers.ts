// Who can answer, and which of them answers next. Knows no words.
import type { Answerer } from '@contract/conversation.ts';
import { useComposer } from './composer-store.ts';
import { useConversations } from './conversation-store.ts';
import { useEndpoints } from './endpoints-store.ts';
import { useModels } from './models-store.ts';

/** Who answers the next question: what the open conversation chose, else what was chosen last. */
export function useAnswerer(): Answerer {
  const chosen = useComposer((composer) => composer.answerer);
  return useConversations((state) => state.open?.answerer) ?? chosen;
}

/** Its name; null for a model or a server that is not known (any more). */
export function useAnswererName(answerer: Answerer): string | null {
  const model = useModels((state) => (answerer.kind === 'model' ? state.description?.models.find((one) => one.id === answerer.packageId)?.name : undefined));
  const endpoint = useEndpoints((state) => (answerer.kind === 'endpoint' ? state.endpoints?.find((one) => one.id === answerer.endpointId)?.name : undefined));
  return model ?? endpoint ?? null;
}

/** The built-in reader knows a few plain requests; the first Qwen-VL was trained on certain wordings. */
export type AnswererFamily = 'reader' | 'qwen-vl' | 'other';

export function useAnswererFamily(): AnswererFamily {
  const answerer = useAnswerer();
  const architecture = useModels((state) => (answerer.kind === 'model' ? state.description?.models.find((one) => one.id === answerer.packageId)?.architecture : undefined));
  return answerer.kind === 'reader' ? 'reader' : architecture === 'qwen-vl' ? 'qwen-vl' : 'other';
}
