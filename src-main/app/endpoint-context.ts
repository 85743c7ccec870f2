// Asks a server how much its model takes at once, and keeps what it says. Knows no conversation.
import type { Endpoint } from '@contract/endpoint.ts';
import type { JobResult } from '@contract/job.ts';
import type { EndpointStore } from './endpoint-store.ts';
import type { Engine } from './engine-process.ts';

interface Sources {
  endpoints: Pick<EndpointStore, 'reach' | 'learnContext'>;
  engine: Pick<Engine, 'run'>;
}

/** @throws endpoint-not-found, and as asking the server does */
export async function checkEndpoint({ endpoints, engine }: Sources, endpointId: string): Promise<JobResult<'check-endpoint'>> {
  const { reached } = await endpoints.reach(endpointId);
  const check = await engine.run('check-endpoint', { endpoint: reached });
  if (check.contextTokens !== null) await endpoints.learnContext(endpointId, check.contextTokens);
  return check;
}

/** What was asked already, by address and model: a server that does not say is not asked at every word that is typed. */
const asked = new Map<string, Promise<number | null>>();
/** A plan does not wait longer for a server; what it says later serves the next one. */
const patienceMs = 1500;
/** One that was not there is asked again after this. */
const askAgainMs = 60_000;

/** Null while the server has not said it, or does not. */
export async function askedContext(sources: Sources, endpointId: string): Promise<Endpoint['contextTokens']> {
  const { reached } = await sources.endpoints.reach(endpointId);
  const key = JSON.stringify([endpointId, reached.baseUrl, reached.model, reached.apiKey === null]);
  const answer = asked.get(key) ?? checkEndpoint(sources, endpointId).then(({ contextTokens }) => contextTokens, () => {
    setTimeout(() => asked.delete(key), askAgainMs).unref();
    return null;
  });
  asked.set(key, answer);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), patienceMs);
  });
  return await Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
