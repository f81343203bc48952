import { nodeTransport } from "../src/http/node-transport.js";
import type { ChatBody, ChatChunk } from "../src/messages/chat-body.js";
import type { ChunkStream } from "../src/provider/llm-provider.js";
import {
  createOpenRouterProvider,
  type OpenRouterProviderOptions,
} from "../src/provider/openrouter/openrouter-provider.js";
import { httpLoopback } from "./loopback.js";
import { ManualClock } from "./manual-clock.js";

/** The smallest chat request. */
export const CHAT_BODY: ChatBody = { model: "acme/test-1", messages: [{ role: "user", content: "Hi" }] };
/** The smallest whole answer to it. */
export const CHAT_ANSWER = {
  choices: [{ index: 0, message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }],
};

/** An OpenRouter adapter on `<url>/api/v1`, with its clock in the test's hand. */
export function openProvider(url: string, options: OpenRouterProviderOptions = {}) {
  const clock = new ManualClock();
  const transport = nodeTransport({ clock, env: {} });
  const provider = createOpenRouterProvider({ baseURL: `${url}/api/v1`, clock, transport, ...options });
  return Object.assign(provider, { clock });
}

/** Such an adapter, whose server answers every request with this body. */
export async function answering(
  body: string | Buffer,
  headers: Record<string, string> = { "content-type": "application/json" },
  status = 200,
) {
  const { url } = await httpLoopback((_, response) => response.writeHead(status, headers).end(body));
  return openProvider(url);
}

/** All chunks of a stream, in order. */
export async function chunksOf(stream: ChunkStream): Promise<ChatChunk[]> {
  const chunks: ChatChunk[] = [];
  for await (const batch of stream) chunks.push(...batch);
  return chunks;
}
