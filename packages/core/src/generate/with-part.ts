import type { LazyPart } from "../errors/lazy-part.js";
import { asItIs } from "./as-it-is.js";

/**
 * Hands a request to a part of this package: at once where it is loaded, and in any case as the request was when it was made.
 *
 * Throws: `invalid_config` where the part cannot be loaded.
 */
export function withPart<P, R, T>(part: LazyPart<P>, request: R, use: (part: P, request: R) => Promise<T>): Promise<T> {
  const asked = asItIs(request);
  if (part.loaded !== undefined) return use(part.loaded, asked);
  return part().then((loaded) => use(loaded, asked));
}
