import { createError } from "./error-classes.js";
import { LLMError } from "./llm-error.js";

/** Loads a part of this package with the first call; gives the same one afterwards. */
export interface LazyPart<T> {
  (): Promise<T>;
  /** The part, once it is here: for those who must not wait a turn for what they have. */
  readonly loaded: T | undefined;
}

const coming = new Set<Promise<unknown>>();

/**
 * Resolves once no part is being loaded and whoever waited for one has gone on; undefined where none is, so that
 * nobody waits for nothing.
 */
export function partsComing(): Promise<void> | undefined {
  return coming.size === 0 ? undefined : allHere();
}

async function allHere(): Promise<void> {
  while (coming.size > 0) {
    await Promise.allSettled(coming);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/**
 * A part of this package that is loaded when it is first needed.
 *
 * Throws: `invalid_config` where its file cannot be read, with the reason as `cause`, or what the part itself says it
 * misses; the next call tries again.
 */
export function lazyPart<T>(load: () => Promise<T>): LazyPart<T> {
  let loaded: T | undefined;
  let asked: Promise<T> | undefined;
  const ask = async (): Promise<T> => {
    try {
      loaded = await load();
      return loaded;
    } catch (cause) {
      asked = undefined;
      if (LLMError.is(cause)) throw cause;
      throw createError("invalid_config", "a part of @signalbox/core could not be loaded", {
        cause,
        hint: "Is the package, or the bundle it is in, still where it was when the process started?",
      });
    }
  };
  const part = () => {
    if (asked === undefined) {
      const asking = ask().finally(() => coming.delete(asking));
      coming.add(asking);
      asked = asking;
    }
    return asked;
  };
  return Object.defineProperty(part, "loaded", { get: () => loaded }) as LazyPart<T>;
}
