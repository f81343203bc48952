import { InsufficientCreditsError, InvalidRequestError, type LLMClient, ProviderError } from "@signalbox/core";

/** Asks upstream something that costs nothing; what it throws is why upstream is down. */
export type HealthProbe = {
  /**
   * Throws where upstream is down.
   *
   * @param client - ends with `timeoutMs`, and belongs to no request
   */
  of(client: LLMClient): unknown;
}["of"];

/**
 * On OpenRouter the key is looked at: that needs the network, a key that is accepted and has something left. Servers
 * that are compatible with OpenAI are asked for their models. A provider of your own is asked if it has an answer.
 */
export async function freeProbe(client: LLMClient): Promise<void> {
  if (client.provider === "openai" || client.provider === "custom") return askForModels(client);
  try {
    const { limit_remaining: left } = await client.account.key();
    if (typeof left === "number" && left <= 0) {
      throw new InsufficientCreditsError("insufficient_credits", "insufficient balance: the key's limit is used up");
    }
  } catch (error) {
    const knowsNothing = client.baseURL === undefined && InvalidRequestError.is(error);
    if (!knowsNothing) throw error;
  }
}

async function askForModels(client: LLMClient): Promise<void> {
  const answer = await client.fetch(`${client.baseURL?.replace(/\/$/, "")}/models`);
  await answer.body?.cancel();
  if (!answer.ok)
    throw new ProviderError("provider_error", `GET /models answered ${answer.status}`, { status: answer.status });
}
