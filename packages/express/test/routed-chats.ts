import { LLMClient, memoryRunStore } from "@signalbox/core";
import { scriptedProvider } from "@signalbox/core/testing";
import { type ChatRouterOptions, chatRouter, llmErrorHandler } from "../src/index.js";
import { dictatedUpstream } from "./dictated-upstream.js";
import { serve } from "./serve.js";
import { readData } from "./server-events.js";

/** A model that says what the test says, behind a router. */
export async function dictatedChat(options: ChatRouterOptions = {}) {
  const { client, next } = await dictatedUpstream();
  const store = options.store ?? memoryRunStore();
  const { origin } = await serve((app) => {
    app.use("/chat", chatRouter({ client, store, ...options })).use(llmErrorHandler());
  });
  return { next, store, base: `${origin}/chat`, origin };
}

/** A model that answers at once, behind a router. */
export async function scriptedChat(replies: Parameters<typeof scriptedProvider>[0], options: ChatRouterOptions = {}) {
  const provider = scriptedProvider(replies);
  const client = new LLMClient({ provider, env: false, retry: false });
  const store = options.store ?? memoryRunStore();
  const { origin } = await serve((app) => {
    app.use("/chat", chatRouter({ client, store, ...options })).use(llmErrorHandler());
  });
  return { provider, store, base: `${origin}/chat`, origin };
}

export const textOf = (answer: string) =>
  readData(answer)
    .map(({ type, text }) => (type === "text-delta" ? text : ""))
    .join("");

export const runOf = (answer: Response) => answer.headers.get("location")?.split("/").at(-1) ?? "";
