import { type OpenAICompatibleOptions, openAICompatible } from "../src/index.js";
import { clientOf, serve, simulate } from "./serve.js";

/** A question as OpenAI's clients ask it. */
export const CHAT = { model: "openai/gpt-4o-mini", messages: [{ role: "user", content: "Signals and boxes" }] };

/** An OpenRouter behind the router that OpenAI's clients are pointed at. */
export async function relaying(options: Partial<OpenAICompatibleOptions> = {}, simulatorOptions = {}) {
  const simulator = await simulate(simulatorOptions);
  const client = clientOf(simulator);
  const { origin } = await serve(
    (app) => void app.use("/v1", openAICompatible({ client, authorize: "none", ...options })),
  );
  return { simulator, client, origin: `${origin}/v1` };
}
