import { API_KEY, MODEL, OBJECT_SCHEMA, type OpenPeer } from "./peer.ts";

export const open: OpenPeer = async ({ baseURL }) => {
  const { ChatOpenRouter } = await import("@langchain/openrouter");
  const chat = new ChatOpenRouter({ apiKey: API_KEY, baseURL, model: MODEL });

  return {
    async stream(prompt, onFirstText) {
      let text = "";
      let pieces = 0;
      for await (const chunk of await chat.stream(prompt)) {
        if (chunk.text === "") continue;
        if (pieces === 0) onFirstText?.();
        text += chunk.text;
        pieces += 1;
      }
      return { chars: text.length, pieces };
    },
    async complete(prompt) {
      return (await chat.invoke(prompt)).text.length;
    },
    async object(prompt, onPartial) {
      let updates = 0;
      let last: unknown;
      const structured = chat.withStructuredOutput({ ...OBJECT_SCHEMA }, { method: "jsonMode" });
      for await (const partial of await structured.stream(prompt)) {
        last = partial;
        updates += 1;
        onPartial?.(partial);
      }
      return { updates, last };
    },
  };
};

export const packages = ["@langchain/openrouter", "@langchain/core"];

export const minimalProgram = `import { ChatOpenRouter } from "@langchain/openrouter";
const chat = new ChatOpenRouter({ apiKey: process.env.OPENROUTER_API_KEY, model: "${MODEL}" });
for await (const chunk of await chat.stream("Hi")) process.stdout.write(chunk.text);
`;
