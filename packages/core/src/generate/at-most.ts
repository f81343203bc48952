import type { Gates } from "../limits/gates.js";
import type { BookedCall } from "./booked-call.js";
import type { Engine } from "./engine.js";

/** What a request can cost at most with the dearest of its models; unknown where one of them has no known price. */
export function usdAtMost({ catalogue }: Engine, body: BookedCall["body"], gates: Gates): number | undefined {
  let most = 0;
  for (const id of modelsOf(body)) {
    const usd = gates.worstCaseUsd(body, catalogue.price(id), catalogue.get(id)?.maxCompletionTokens);
    if (usd === undefined) return undefined;
    most = Math.max(most, usd);
  }
  return most;
}

/** How many tokens a request can use at most, prompt and answer together. */
export function tokensAtMost({ catalogue }: Engine, { body, operation = "chat" }: BookedCall, gates: Gates): number {
  const prompt = gates.promptTokensAtMost(body);
  if (operation !== "chat" && operation !== "relay") return prompt;
  const answer = (id: string) => gates.answerTokensAtMost(body, catalogue.get(id)?.maxCompletionTokens);
  return prompt + Math.max(...modelsOf(body).map(answer));
}

/** Those that may come to answer. */
function modelsOf({ model = "", models }: BookedCall["body"]): string[] {
  return Array.isArray(models) ? [...new Set([model, ...models.map(String)])] : [model];
}
