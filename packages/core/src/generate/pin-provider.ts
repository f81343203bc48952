import type { ChatBody } from "../messages/chat-body.js";
import type { AssistantMessage, Message } from "../messages/message.js";
import { providerSlug } from "../models/provider-slugs.js";
import type { Step, Warning } from "./generate-result.js";

/** What a request of a tool turn is sent with, and what its caller should know. */
export interface Pinned {
  provider: ChatBody["provider"];
  warning?: Warning | undefined;
}

/** Who served the answers of this process: a message does not say. */
const SERVED_BY = new WeakMap<AssistantMessage, string>();

/** Remembers who signed or encrypted the thoughts of an answer, for whoever goes on with its message. */
export function noteServer({ message, servedBy }: Pick<Step, "message" | "servedBy">): void {
  if (servedBy !== undefined && hasSignedThoughts(message)) SERVED_BY.set(message, servedBy);
}

/**
 * Keeps a tool turn at the provider that signed or encrypted the model's thoughts: another one refuses them. A turn
 * goes from the user's last message to the answers of tools at the end, over as many calls as it takes. Who names
 * providers for the call, by `order` or `only`, has decided that already. With fallback models the provider comes
 * first and the others stay open, as a fallback may live elsewhere.
 */
export function pinProvider(body: Record<string, unknown>, messages: readonly Message[]): Pinned {
  const provider = body.provider as ChatBody["provider"];
  const isNamed = provider?.order !== undefined || provider?.only !== undefined;
  if (isNamed || messages.at(-1)?.role !== "tool") return { provider };
  const turn = messages.slice(messages.findLastIndex(({ role }) => role === "user") + 1);
  const signed = turn.findLast(hasSignedThoughts);
  if (signed === undefined) return { provider };
  const servedBy = SERVED_BY.get(signed);
  const slug = servedBy === undefined ? undefined : providerSlug(servedBy);
  if (slug !== undefined) return { provider: { ...provider, [body.models === undefined ? "only" : "order"]: [slug] } };
  const name = servedBy === undefined ? "a provider that it did not name" : `"${servedBy}"`;
  return {
    provider,
    warning: {
      code: "provider_not_pinned",
      message: `the thoughts were signed by ${name}, whose slug is not known: another provider may refuse them; name it in routing.only`,
    },
  };
}

function hasSignedThoughts(message: Message): message is AssistantMessage {
  const details: unknown = message.role === "assistant" ? message.reasoning_details : undefined;
  if (!Array.isArray(details)) return false;
  return details.some((detail: unknown) => {
    if (typeof detail !== "object" || detail === null) return false;
    const { type, signature } = detail as { type?: unknown; signature?: unknown };
    return type === "reasoning.encrypted" || (typeof signature === "string" && signature !== "");
  });
}
