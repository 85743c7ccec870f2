// Handlers about endpoints: setting them up, agreeing that pages go there, asking whether they answer.
import { checkEndpoint } from '../app/endpoint-context.ts';
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
    'endpoint.check': ({ endpointId }) => checkEndpoint({ endpoints, engine }, endpointId),
  };
}
