import { isPlain } from "./is-plain.js";

/**
 * A request as it is at this moment: what becomes of it, of its lists and of its groups of options later does not count.
 * A schema stays the object that it is, since what was read of it is kept by that; so does a request of a class.
 *
 * Throws: what the request throws when it is read.
 */
export function asItIs<R>(request: R): R {
  if (!isPlain(request)) return request;
  const copy: Record<string, unknown> = { ...request };
  for (const [name, value] of Object.entries(copy)) {
    if (Array.isArray(value)) copy[name] = [...value];
    else if (name !== "schema" && isPlain(value)) copy[name] = { ...value };
  }
  return copy as R;
}
