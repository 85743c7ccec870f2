// What an answerer's own rules allow one picture, before it is asked. Knows packages and servers by their descriptions only.
import type { Answerer, AskOptions } from '@contract/conversation.ts';
import { usualImageTokens } from '../base/usual-limits.ts';
import { findPackage, readPackage } from '../model/store.ts';
import type { EndpointStore } from './endpoint-store.ts';

export interface AnswererSources {
  endpoints: Pick<EndpointStore, 'reach'>;
  /** Folder of all compiled packages. */
  modelsFolder: string;
}

/** Pixels per side that make one token, in most generations. */
const usualTokenSide = 28;

/** Most pixels of one picture as it is sent. @throws model-not-found, package-damaged, endpoint-not-found */
export async function picturePixelsOf({ endpoints, modelsFolder }: AnswererSources, answerer: Answerer, { maxImageTokens }: Pick<AskOptions, 'maxImageTokens'>): Promise<number> {
  if (answerer.kind === 'endpoint') {
    const { endpoint } = await endpoints.reach(answerer.endpointId);
    return Math.min(endpoint.maxImageTokens, maxImageTokens ?? Infinity) * endpoint.tokenSide ** 2;
  }
  if (answerer.kind === 'reader') return usualImageTokens * usualTokenSide ** 2;
  const { config, processor } = (await readPackage(await findPackage(modelsFolder, answerer.packageId))).manifest;
  const { imageSize, patchSize, mergeSize } = config.vision;
  // The first generation sees every picture as a square of one size.
  if (imageSize !== null) return imageSize ** 2;
  return Math.min((maxImageTokens ?? usualImageTokens) * (patchSize * mergeSize) ** 2, processor.maxPixels ?? Infinity);
}
