// A model's view of the two pages that are compared: who is asked, and what is being asked now. What it says is part of the pair.
import { create } from 'zustand';
import { modelViewKey } from '@contract/compare.ts';
import type { Answerer } from '@contract/conversation.ts';
import { request } from '../api.ts';
import { forgetStream } from './answer-streams.ts';
import { currentPair, takePair, useCompare } from './compare-store.ts';
import { useComposer } from './composer-store.ts';
import { useEndpoints } from './endpoints-store.ts';
import { useModels } from './models-store.ts';
import { reportFailure } from './report-failure.ts';

interface ModelViewState {
  /** Null: whoever comes first. */
  chosen: Answerer | null;
  /** Pairs about which a model is asked now, by `modelViewKey`. */
  asking: ReadonlySet<string>;
}

export const useModelView = create<ModelViewState>(() => ({ chosen: null, asking: new Set() }));

export interface Looker {
  readonly id: string;
  readonly name: string;
  readonly answerer: Answerer;
  /** Where pages would go, when the user has not agreed to that yet. */
  readonly unasked: { endpointId: string; host: string } | null;
}

/** Everybody who can look at pages: models that this machine can open, then servers. */
export function useLookers(): readonly Looker[] | null {
  const models = useModels((state) => state.description?.models);
  const endpoints = useEndpoints((state) => state.endpoints);
  if (!models || !endpoints) return null;
  return [
    ...models.filter((one) => one.fits).map((one): Looker => ({ id: one.id, name: one.name, answerer: { kind: 'model', packageId: one.id }, unasked: null })),
    ...endpoints.map((one): Looker => ({ id: one.id, name: one.name, answerer: { kind: 'endpoint', endpointId: one.id }, unasked: one.mayReceivePages ? null : { endpointId: one.id, host: new URL(one.baseUrl).host } })),
  ];
}

/** Who is asked: the one chosen here, else the one that conversations ask, else the first. */
export function useLooker(lookers: readonly Looker[]): Looker | undefined {
  const chosen = useModelView((state) => state.chosen), composer = useComposer((state) => state.answerer);
  const same = (answerer: Answerer | null) => lookers.find((one) => JSON.stringify(one.answerer) === JSON.stringify(answerer));
  return same(chosen) ?? same(composer) ?? lookers[0];
}

/** Asks about the pair that is shown. */
export async function askModel(answerer: Answerer): Promise<void> {
  const { comparison } = useCompare.getState(), pair = currentPair();
  if (!comparison || !pair) return;
  const key = modelViewKey(comparison.id, pair.position);
  const mark = (isAsking: boolean): void => useModelView.setState(({ asking }) => ({ asking: new Set([...asking].filter((one) => one !== key).concat(isAsking ? [key] : [])) }));
  mark(true);
  try {
    const stored = await request('compare.ask-model', { comparisonId: comparison.id, position: pair.position, answerer });
    takePair(comparison.id, stored);
    if (currentPair()?.position === stored.position) useCompare.setState({ named: stored.modelView?.named.length ? 0 : null });
  } catch (failure) {
    reportFailure(failure);
  } finally {
    mark(false);
    forgetStream(key);
  }
}
