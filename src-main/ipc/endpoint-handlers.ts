// Handlers about endpoints: setting them up, agreeing that pages go there, asking whether they answer.
import type { HandlerContext, HandlersFor, RequestsOf } from './handlers.ts';

export function endpointHandlers({ endpoints, engine }: HandlerContext): HandlersFor<RequestsOf<'endpoint'>> {
  return {
    'endpoint.list': () => endpoints.list(),
    'endpoint.save': (change) => endpoints.save(change),
    'endpoint.remove': async ({ endpointId }) => {
      await endpoints.remove(endpointId);
      return {};
    },
    'endpoint.allow': ({ endpointId, allowed }) => endpoints.allow(endpointId, allowed),
    'endpoint.check': async ({ endpointId }) => engine.run('check-endpoint', { endpoint: (await endpoints.reach(endpointId)).reached }),
  };
}
