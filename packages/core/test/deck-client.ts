import { z } from "zod";
import type { LLMClientOptions } from "../src/client/client-options.js";
import { LLMClient } from "../src/client/llm-client.js";
import { createError } from "../src/errors/error-classes.js";
import type { StructuredRequest } from "../src/generate/structured-types.js";
import type { ChatBody } from "../src/messages/chat-body.js";
import { type ScriptedReplySource, scriptedProvider } from "../src/testing/index.js";

/** What the tests of whole objects ask for, and an answer that fits. */
export const Deck = z.object({ title: z.string(), pages: z.number().int().min(1), subtitle: z.string().optional() });
export const deck = { title: "Solar", pages: 3 };

/** A client whose model answers from a script, and a question for a deck. */
export function deckClient(
  replies: readonly ScriptedReplySource[],
  options: LLMClientOptions & { name?: string } = {},
) {
  const { name, ...rest } = options;
  const provider = scriptedProvider({ replies, ...(name === undefined ? {} : { name }) });
  const llm = new LLMClient({ provider, env: false, retry: false, limits: false, ...rest });
  const ask = (more: Partial<StructuredRequest<typeof Deck>> = {}) =>
    llm.generateStructured({ prompt: "A deck", schema: Deck, ...more });
  return { llm, ask, requests: provider.requests };
}

/** Upstream does not take the means. */
export const refused = (detail: string) =>
  createError("invalid_request", detail, { upstream: { status: 400, message: detail } });
export const usage = (cost: number) => ({ prompt_tokens: 10, completion_tokens: 5, total_tokens: 15, cost });

/** How a body asks for its object. */
export function means({ response_format, tool_choice }: ChatBody): string {
  const format = response_format as { type: string; json_schema?: { strict: boolean } } | undefined;
  if (format?.type === "json_schema") return format.json_schema?.strict ? "strict" : "loose";
  if (format !== undefined) return format.type;
  return tool_choice === undefined ? "words" : "tool";
}
