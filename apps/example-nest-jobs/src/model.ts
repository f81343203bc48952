import { ConfigurationError, LLMClient } from "@signalbox/core";
import { startSimulator } from "@signalbox/testing";

/** Who answers, and how to take leave. */
export interface Model {
  readonly llm: LLMClient;
  readonly answers: "OpenRouter" | "the simulator";
  close(): Promise<void>;
}

/** OpenRouter where OPENROUTER_API_KEY is set, also in `.env`; otherwise a simulator on this machine. */
export async function connectModel(): Promise<Model> {
  try {
    const llm = new LLMClient({ provider: "openrouter", appName: "Nest jobs" });
    return { llm, answers: "OpenRouter", close: () => llm.close() };
  } catch (error) {
    if (!ConfigurationError.is(error) || error.code !== "missing_api_key") throw error;
  }
  const simulator = await startSimulator();
  const llm = new LLMClient({ env: false, apiKey: "sk-or-v1-simulator", baseURL: simulator.baseURL });
  const close = async () => {
    await llm.close();
    await simulator.close();
  };
  return { llm, answers: "the simulator", close };
}
