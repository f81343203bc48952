import type { ChatChunk } from "../messages/chat-body.js";
import type { RouterMetadata } from "../messages/router-metadata.js";
import type { Image } from "./generate-result.js";

/** What chunks tell besides the answer. */
export interface NotedFacts {
  serviceTier?: string;
  routerMetadata?: RouterMetadata;
  debug?: object[];
}

/** Takes down what a chunk tells besides the answer; later words win, debug chunks add up. */
export function noteFacts(facts: NotedFacts, { service_tier, openrouter_metadata, debug }: ChatChunk): void {
  if (typeof service_tier === "string") facts.serviceTier = service_tier;
  if (typeof openrouter_metadata === "object" && openrouter_metadata !== null)
    facts.routerMetadata = openrouter_metadata as RouterMetadata;
  if (typeof debug === "object" && debug !== null) {
    facts.debug ??= [];
    facts.debug.push(debug);
  }
}

/** True for a picture that is there already: some routes repeat all pictures with the last chunk. */
export function isRepeated(image: Image, images: readonly Image[]): boolean {
  const url = image?.image_url?.url;
  return typeof url === "string" && images.some((other) => other?.image_url?.url === url);
}
