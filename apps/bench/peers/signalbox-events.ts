import type { OpenPeer } from "./peer.ts";
import { openClient, read } from "./signalbox.ts";

/** Every event is read, not the text alone: text, reasoning, step and finish. */
export const open: OpenPeer = async (target) => {
  const llm = await openClient(target, {});
  return {
    ...read(llm),
    async stream(prompt, onFirstText) {
      let text = "";
      let pieces = 0;
      for await (const event of llm.stream({ prompt }).events) {
        if (event.type !== "text-delta") continue;
        if (pieces === 0) onFirstText?.();
        text += event.text;
        pieces += 1;
      }
      return { chars: text.length, pieces };
    },
  };
};
