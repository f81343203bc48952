import type { LLMClient, LLMClientOptions } from "@signalbox/core";
import { API_KEY, MODEL, OBJECT_SCHEMA, type OpenPeer, type Peer, type Target } from "./peer.ts";

/** The client as a user makes it: retries, clocks and meter as they are by default. */
export const open: OpenPeer = async (target) => read(await openClient(target, {}));

/** @param more - client options beyond key, base URL and model */
export async function openClient({ baseURL, core }: Target, more: LLMClientOptions): Promise<LLMClient> {
  const { LLMClient } = (await import(core)) as typeof import("@signalbox/core");
  return new LLMClient({ apiKey: API_KEY, baseURL, model: MODEL, ...more });
}

export function read(llm: LLMClient): Peer {
  return {
    async stream(prompt, onFirstText) {
      let text = "";
      let pieces = 0;
      for await (const piece of llm.stream({ prompt })) {
        if (pieces === 0) onFirstText?.();
        text += piece;
        pieces += 1;
      }
      return { chars: text.length, pieces };
    },
    async complete(prompt) {
      return (await llm.generate({ prompt })).text.length;
    },
    async object(prompt, onPartial) {
      let updates = 0;
      let last: unknown;
      for await (const partial of llm.streamStructured({ prompt, schema: OBJECT_SCHEMA, partials: "per-delta" })) {
        last = partial;
        updates += 1;
        onPartial?.(partial);
      }
      return { updates, last };
    },
  };
}

export const packages = ["@signalbox/core"];

export const minimalProgram = `import { LLMClient } from "@signalbox/core";
const llm = new LLMClient({ apiKey: process.env.OPENROUTER_API_KEY, model: "${MODEL}" });
for await (const text of llm.stream({ prompt: "Hi" })) process.stdout.write(text);
`;
