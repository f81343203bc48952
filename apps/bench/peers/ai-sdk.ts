import { API_KEY, MODEL, OBJECT_SCHEMA, type OpenPeer } from "./peer.ts";

/** `ai` with `@openrouter/ai-sdk-provider`; text is read from `textStream`. */
export const open: OpenPeer = async ({ baseURL }) => {
  const { createOpenRouter } = await import("@openrouter/ai-sdk-provider");
  const { generateText, jsonSchema, Output, streamText } = await import("ai");
  const model = createOpenRouter({ apiKey: API_KEY, baseURL })(MODEL);
  const fail = ({ error }: { error: unknown }) => {
    throw error;
  };

  return {
    async stream(prompt, onFirstText) {
      let text = "";
      let pieces = 0;
      for await (const piece of streamText({ model, prompt, onError: fail }).textStream) {
        if (pieces === 0) onFirstText?.();
        text += piece;
        pieces += 1;
      }
      return { chars: text.length, pieces };
    },
    async complete(prompt) {
      return (await generateText({ model, prompt })).text.length;
    },
    async object(prompt, onPartial) {
      let updates = 0;
      let last: unknown;
      const output = Output.object({ schema: jsonSchema(OBJECT_SCHEMA) });
      for await (const partial of streamText({ model, prompt, output, onError: fail }).partialOutputStream) {
        last = partial;
        updates += 1;
        onPartial?.(partial);
      }
      return { updates, last };
    },
  };
};

export const packages = ["ai", "@openrouter/ai-sdk-provider"];

export const minimalProgram = `import { createOpenRouter } from "@openrouter/ai-sdk-provider";
import { streamText } from "ai";
const openrouter = createOpenRouter({ apiKey: process.env.OPENROUTER_API_KEY });
for await (const text of streamText({ model: openrouter("${MODEL}"), prompt: "Hi" }).textStream) process.stdout.write(text);
`;
