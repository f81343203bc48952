import { API_KEY, MODEL, type OpenPeer } from "./peer.ts";

/** It has no helper for partial objects. */
export const open: OpenPeer = async ({ baseURL }) => {
  const { OpenRouter } = await import("@openrouter/sdk");
  const client = new OpenRouter({ apiKey: API_KEY, serverURL: baseURL });
  const messages = (prompt: string) => [{ role: "user" as const, content: prompt }];

  return {
    async stream(prompt, onFirstText) {
      let text = "";
      let pieces = 0;
      const stream = await client.chat.send({
        chatRequest: { model: MODEL, messages: messages(prompt), stream: true },
      });
      if ("choices" in stream) throw new Error("a whole answer came instead of a stream");
      for await (const chunk of stream) {
        const content = chunk.choices[0]?.delta.content;
        if (!content) continue;
        if (pieces === 0) onFirstText?.();
        text += content;
        pieces += 1;
      }
      return { chars: text.length, pieces };
    },
    async complete(prompt) {
      const answer = await client.chat.send({ chatRequest: { model: MODEL, messages: messages(prompt) } });
      if (!("choices" in answer)) throw new Error("a stream came instead of a whole answer");
      const content = answer.choices[0]?.message.content;
      return typeof content === "string" ? content.length : 0;
    },
  };
};

export const packages = ["@openrouter/sdk"];

/** Its functions without its client: what it recommends for small bundles. */
export const minimalProgram = `import { OpenRouterCore } from "@openrouter/sdk/core.js";
import { chatSend } from "@openrouter/sdk/funcs/chatSend.js";
const client = new OpenRouterCore({ apiKey: process.env.OPENROUTER_API_KEY });
const answer = await chatSend(client, {
  chatRequest: { model: "${MODEL}", messages: [{ role: "user", content: "Hi" }], stream: true },
});
if (!answer.ok) throw answer.error;
for await (const chunk of answer.value) process.stdout.write(chunk.choices[0]?.delta.content ?? "");
`;
