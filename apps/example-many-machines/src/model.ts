import { ConfigurationError, LLMClient, type LLMClientOptions } from "@signalbox/core";
import { startSimulator } from "@signalbox/testing";

/** Who answers, and how to take leave. */
export interface Model {
  readonly llm: LLMClient;
  readonly answers: "OpenRouter" | "the simulator";
  /** Calls under way have `graceMs` to end. */
  close(graceMs: number): Promise<void>;
}

/** OpenRouter where OPENROUTER_API_KEY is set, also in `.env`; otherwise a simulator of this process. */
export async function connectModel(options: LLMClientOptions): Promise<Model> {
  try {
    const llm = new LLMClient({ ...options, provider: "openrouter", appName: "Many machines" });
    return { llm, answers: "OpenRouter", close: (graceMs) => llm.close({ graceMs }) };
  } catch (error) {
    if (!ConfigurationError.is(error) || error.code !== "missing_api_key") throw error;
  }
  const simulator = await startSimulator({ tokensPerSecond: 120 });
  const llm = new LLMClient({ ...options, env: false, apiKey: "sk-or-v1-simulator", baseURL: simulator.baseURL });
  const close = async (graceMs: number) => {
    await llm.close({ graceMs });
    await simulator.close();
  };
  return { llm, answers: "the simulator", close };
}
