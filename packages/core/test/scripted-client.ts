import { LLMClient, type LLMClientOptions } from "../src/index.js";
import { type ScriptedReplySource, scriptedProvider } from "../src/testing/index.js";
import { ManualClock } from "./manual-clock.js";

/** A client whose model answers from a script and whose clock the test moves. `name` is the provider's. */
export function scriptedClient(
  replies: readonly ScriptedReplySource[],
  { name, ...options }: LLMClientOptions & { name?: string } = {},
) {
  const provider = scriptedProvider({ replies, name });
  const clock = new ManualClock();
  return { llm: new LLMClient({ provider, clock, env: false, retry: false, ...options }), clock, provider };
}

/** A reply that never comes. */
export const never = () => new Promise<string>(() => {});

/** Lets everything happen that waits for nothing but its turn. */
export const turnOfTheLoop = () => new Promise<void>((resolve) => setImmediate(resolve));
