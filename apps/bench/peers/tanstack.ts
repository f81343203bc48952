import { API_KEY, MODEL, type OpenPeer } from "./peer.ts";

/** `@tanstack/ai` with `@tanstack/ai-openrouter`; without streaming it streams inside. */
export const open: OpenPeer = async ({ baseURL }) => {
  const { createOpenRouterText } = await import("@tanstack/ai-openrouter");
  const { chat, parsePartialJSON } = await import("@tanstack/ai");
  const adapter = createOpenRouterText(MODEL, API_KEY, { serverURL: baseURL });
  const messages = (prompt: string) => [{ role: "user" as const, content: prompt }];

  async function* texts(prompt: string): AsyncGenerator<string> {
    for await (const event of chat({ adapter, messages: messages(prompt) })) {
      if (event.type === "RUN_ERROR") throw new Error(JSON.stringify(event));
      if (event.type === "TEXT_MESSAGE_CONTENT" && event.delta) yield event.delta;
    }
  }

  return {
    async stream(prompt, onFirstText) {
      let text = "";
      let pieces = 0;
      for await (const piece of texts(prompt)) {
        if (pieces === 0) onFirstText?.();
        text += piece;
        pieces += 1;
      }
      return { chars: text.length, pieces };
    },
    async complete(prompt) {
      return (await chat({ adapter, messages: messages(prompt), stream: false })).length;
    },
    // What its message updater does with each delta of an object.
    async object(prompt, onPartial) {
      let updates = 0;
      let raw = "";
      let last: unknown;
      for await (const piece of texts(prompt)) {
        raw += piece;
        last = parsePartialJSON(raw);
        if (last === undefined || last === null) continue;
        updates += 1;
        onPartial?.(last);
      }
      return { updates, last };
    },
  };
};

export const packages = ["@tanstack/ai", "@tanstack/ai-openrouter"];

export const minimalProgram = `import { chat } from "@tanstack/ai";
import { createOpenRouterText } from "@tanstack/ai-openrouter";
const adapter = createOpenRouterText("${MODEL}", process.env.OPENROUTER_API_KEY);
for await (const event of chat({ adapter, messages: [{ role: "user", content: "Hi" }] })) {
  if (event.type === "TEXT_MESSAGE_CONTENT") process.stdout.write(event.delta);
}
`;
