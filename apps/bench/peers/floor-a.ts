import { createParser, type EventSourceMessage } from "eventsource-parser";
import { API_KEY, MODEL, type OpenPeer } from "./peer.ts";
import type { Chunk, Completion } from "./wire.ts";

/** Floor A: fetch, eventsource-parser and JSON.parse through an async generator; nothing else that a client does. */
export const open: OpenPeer = async ({ baseURL }) => {
  const post = (prompt: string, stream: boolean) =>
    fetch(`${baseURL}/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${API_KEY}`, "content-type": "application/json" },
      body: JSON.stringify({ model: MODEL, messages: [{ role: "user", content: prompt }], stream }),
    });

  return {
    async stream(prompt, onFirstText) {
      const response = await post(prompt, true);
      let text = "";
      let pieces = 0;
      for await (const chunk of chunksOf(response)) {
        const content = chunk.choices[0]?.delta.content;
        if (!content) continue;
        if (pieces === 0) onFirstText?.();
        text += content;
        pieces += 1;
      }
      return { chars: text.length, pieces };
    },
    async complete(prompt) {
      const answer = (await (await post(prompt, false)).json()) as Completion;
      return answer.choices[0]?.message.content.length ?? 0;
    },
  };
};

async function* chunksOf(response: Response): AsyncGenerator<Chunk> {
  if (!response.body) throw new Error(`${response.status} without a body`);
  let events: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => void events.push(event) });
  const decoder = new TextDecoder();
  for await (const bytes of response.body) {
    parser.feed(decoder.decode(bytes, { stream: true }));
    const arrived = events;
    events = [];
    for (const { data } of arrived) {
      if (data !== "[DONE]") yield JSON.parse(data) as Chunk;
    }
  }
}

export const packages = ["eventsource-parser"];

export const minimalProgram = `import { createParser } from "eventsource-parser";
const response = await fetch("https://openrouter.ai/api/v1/chat/completions", {
  method: "POST",
  headers: { authorization: "Bearer " + process.env.OPENROUTER_API_KEY, "content-type": "application/json" },
  body: JSON.stringify({ model: "${MODEL}", messages: [{ role: "user", content: "Hi" }], stream: true }),
});
const parser = createParser({ onEvent: ({ data }) => {
  if (data !== "[DONE]") process.stdout.write(JSON.parse(data).choices[0]?.delta.content ?? "");
} });
const decoder = new TextDecoder();
for await (const bytes of response.body) parser.feed(decoder.decode(bytes, { stream: true }));
`;
