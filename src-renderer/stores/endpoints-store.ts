// The servers that may answer, asked for when something shows them. A key goes to main and never comes back.
import { create } from 'zustand';
import type { Endpoint, EndpointChange } from '@contract/endpoint.ts';
import { failureOf, request } from '../api.ts';
import { errorLine } from '../ui/error-sentences.ts';
import { reportFailure } from './report-failure.ts';

interface EndpointsState {
  /** Null until asked for and answered. */
  endpoints: readonly Endpoint[] | null;
}

export const useEndpoints = create<EndpointsState>(() => ({ endpoints: null }));

export async function loadEndpoints(): Promise<void> {
  useEndpoints.setState({ endpoints: await request('endpoint.list', {}) });
}

function put(changed: Endpoint): void {
  useEndpoints.setState(({ endpoints }) => {
    const known = endpoints ?? [];
    return { endpoints: known.some((one) => one.id === changed.id) ? known.map((one) => (one.id === changed.id ? changed : one)) : [...known, changed] };
  });
}

/** The stored endpoint, or why it was refused. */
export async function saveEndpoint(change: EndpointChange): Promise<{ saved: Endpoint } | { refused: string }> {
  try {
    const saved = await request('endpoint.save', change);
    put(saved);
    return { saved };
  } catch (failure) {
    return { refused: errorLine(failureOf(failure)) };
  }
}

export async function removeEndpoint(endpointId: string): Promise<void> {
  try {
    await request('endpoint.remove', { endpointId });
    useEndpoints.setState(({ endpoints }) => ({ endpoints: (endpoints ?? []).filter((one) => one.id !== endpointId) }));
  } catch (failure) {
    reportFailure(failure);
  }
}

/** The user agrees, or no longer agrees, that pages leave this machine for this server. */
export async function allowEndpoint(endpointId: string, allowed: boolean): Promise<boolean> {
  try {
    put(await request('endpoint.allow', { endpointId, allowed }));
    return true;
  } catch (failure) {
    reportFailure(failure);
    return false;
  }
}

/** Whether the server is there, takes the key and has the model: one sentence, and whether it is good news. */
export async function checkEndpoint(endpoint: Endpoint): Promise<{ good: boolean; words: string }> {
  try {
    const { models, hasModel, contextTokens, ms } = await request('endpoint.check', { endpointId: endpoint.id });
    if (hasModel) return { good: true, words: `It answers (${Math.max(1, Math.round(ms))} ms) and has ${endpoint.model}${contextTokens === null ? '' : `, with room for ${contextTokens.toLocaleString('en')} tokens`}.` };
    const others = models.slice(0, 5).join(', ');
    return { good: false, words: `It answers, but has no model “${endpoint.model}”.${others === '' ? '' : ` It offers ${others}${models.length > 5 ? ' and others' : ''}.`}` };
  } catch (failure) {
    return { good: false, words: errorLine(failureOf(failure)) };
  }
}
