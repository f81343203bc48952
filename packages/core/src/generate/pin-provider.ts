import type { ChatBody } from "../messages/chat-body.js";
import { providerSlug } from "../models/provider-slugs.js";
import type { Step, Warning } from "./generate-result.js";

/** What a request of a tool turn is sent with, and what its caller should know. */
export interface Pinned {
  provider: ChatBody["provider"];
  warning?: Warning | undefined;
}

/**
 * Keeps a tool turn at the provider that signed or encrypted the model's thoughts: another one refuses them. Who
 * names providers for the call, by `order` or `only`, has decided that already. With fallback models the provider
 * comes first and the others stay open, as a fallback may live elsewhere.
 */
export function pinProvider(body: Record<string, unknown>, steps: readonly Step[]): Pinned {
  const provider = body.provider as ChatBody["provider"];
  const signed = steps.findLast(({ message }) => hasSignedThoughts(message.reasoning_details));
  if (signed === undefined || provider?.order !== undefined || provider?.only !== undefined) return { provider };
  const slug = signed.servedBy === undefined ? undefined : providerSlug(signed.servedBy);
  if (slug !== undefined) return { provider: { ...provider, [body.models === undefined ? "only" : "order"]: [slug] } };
  const name = signed.servedBy === undefined ? "a provider that it did not name" : `"${signed.servedBy}"`;
  return {
    provider,
    warning: {
      code: "provider_not_pinned",
      message: `the thoughts were signed by ${name}, whose slug is not known: another provider may refuse them; name it in routing.only`,
    },
  };
}

function hasSignedThoughts(details: readonly unknown[] | undefined): boolean {
  return (details ?? []).some((detail) => {
    if (typeof detail !== "object" || detail === null) return false;
    const { type, signature } = detail as { type?: unknown; signature?: unknown };
    return type === "reasoning.encrypted" || (typeof signature === "string" && signature !== "");
  });
}
