// What an answerer's own rules allow one picture, before it is asked. Knows packages and servers by their descriptions only.
import type { Answerer, AskOptions } from '@contract/conversation.ts';
import { usualImageTokens } from '../base/usual-limits.ts';
import { findPackage, readPackage } from '../model/store.ts';
import type { EndpointStore } from './endpoint-store.ts';

export interface AnswererSources {
  endpoints: Pick<EndpointStore, 'reach' | 'learnContext'>;
  /** Folder of all compiled packages. */
  modelsFolder: string;
}

/** Pixels per side that make one token, in most generations. */
const usualTokenSide = 28;

/** Most tokens and pixels of one picture as it is sent. */
export interface PictureLimits {
  imageTokens: number;
  picturePixels: number;
}

/** @throws model-not-found, package-damaged, endpoint-not-found */
export async function pictureLimitsOf({ endpoints, modelsFolder }: AnswererSources, answerer: Answerer, { maxImageTokens }: Pick<AskOptions, 'maxImageTokens'>): Promise<PictureLimits> {
  if (answerer.kind === 'endpoint') {
    const { endpoint } = await endpoints.reach(answerer.endpointId);
    const imageTokens = Math.min(endpoint.maxImageTokens, maxImageTokens ?? Infinity);
    return { imageTokens, picturePixels: imageTokens * endpoint.tokenSide ** 2 };
  }
  const imageTokens = maxImageTokens ?? usualImageTokens;
  if (answerer.kind === 'reader') return { imageTokens, picturePixels: imageTokens * usualTokenSide ** 2 };
  const { config, processor } = (await readPackage(await findPackage(modelsFolder, answerer.packageId))).manifest;
  const { imageSize, patchSize, mergeSize } = config.vision;
  // The first generation sees every picture as a square of one size.
  if (imageSize !== null) return { imageTokens, picturePixels: imageSize ** 2 };
  return { imageTokens, picturePixels: Math.min(imageTokens * (patchSize * mergeSize) ** 2, processor.maxPixels ?? Infinity) };
}
