import type { Gates } from "../limits/gates.js";
import type { BookedCall } from "./booked-call.js";
import type { Engine } from "./engine.js";

/** What a request can cost at most with the dearest of its models; unknown where one of them has no known price. */
export function usdAtMost({ catalogue }: Engine, body: BookedCall["body"], gates: Gates): number | undefined {
  const most = (id: string) => gates.worstCaseUsd(body, catalogue.price(id), catalogue.get(id)?.maxCompletionTokens);
  let dearest = most(body.model ?? "");
  for (const id of fallbacksOf(body)) {
    const usd = most(id);
    dearest = dearest === undefined || usd === undefined ? undefined : Math.max(dearest, usd);
  }
  return dearest;
}

/** How many tokens a request can use at most, prompt and answer together. */
export function tokensAtMost({ catalogue }: Engine, { body, operation = "chat" }: BookedCall, gates: Gates): number {
  const prompt = gates.promptTokensAtMost(body);
  if (operation !== "chat" && operation !== "relay") return prompt;
  const answer = (id: string) => gates.answerTokensAtMost(body, catalogue.get(id)?.maxCompletionTokens);
  return prompt + Math.max(answer(body.model ?? ""), ...fallbacksOf(body).map(answer));
}

const NONE: readonly string[] = [];

/** Those that may come to answer beside the model itself. */
function fallbacksOf({ model, models }: BookedCall["body"]): readonly string[] {
  return Array.isArray(models) ? models.map(String).filter((id) => id !== model) : NONE;
}
