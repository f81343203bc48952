import { API_KEY, MODEL, OBJECT_SCHEMA, type OpenPeer } from "./peer.ts";

export const open: OpenPeer = async ({ baseURL }) => {
  const { default: OpenAI } = await import("openai");
  const client = new OpenAI({ apiKey: API_KEY, baseURL });
  const messages = (prompt: string) => [{ role: "user" as const, content: prompt }];

  return {
    async stream(prompt, onFirstText) {
      let text = "";
      let pieces = 0;
      for await (const chunk of await client.chat.completions.create({
        model: MODEL,
        messages: messages(prompt),
        stream: true,
      })) {
        const content = chunk.choices[0]?.delta.content;
        if (!content) continue;
        if (pieces === 0) onFirstText?.();
        text += content;
        pieces += 1;
      }
      return { chars: text.length, pieces };
    },
    async complete(prompt) {
      const answer = await client.chat.completions.create({ model: MODEL, messages: messages(prompt) });
      return answer.choices[0]?.message.content?.length ?? 0;
    },
    async object(prompt, onPartial) {
      let updates = 0;
      const stream = client.chat.completions.stream({
        model: MODEL,
        messages: messages(prompt),
        response_format: { type: "json_schema", json_schema: { name: "deck", schema: OBJECT_SCHEMA, strict: true } },
      });
      // A helper that is given a schema parses as it goes; on most deltas it hands out null instead.
      stream.on("content.delta", ({ parsed }) => {
        if (parsed === null || parsed === undefined) return;
        updates += 1;
        onPartial?.(parsed);
      });
      const answer = await stream.finalChatCompletion();
      return { updates, last: answer.choices[0]?.message.parsed };
    },
  };
};

export const packages = ["openai"];

export const minimalProgram = `import OpenAI from "openai";
const client = new OpenAI({ apiKey: process.env.OPENROUTER_API_KEY, baseURL: "https://openrouter.ai/api/v1" });
const stream = await client.chat.completions.create({
  model: "${MODEL}", messages: [{ role: "user", content: "Hi" }], stream: true,
});
for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta.content ?? "");
`;
