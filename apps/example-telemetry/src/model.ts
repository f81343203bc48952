import { ConfigurationError, jsonLogger, LLMClient } from "@signalbox/core";
import { startSimulator } from "@signalbox/testing";

/** Who answers, and how to take leave. */
export interface Model {
  readonly llm: LLMClient;
  readonly answers: "OpenRouter" | "the simulator";
  close(): Promise<void>;
}

/** What is watched: traces, metrics and a log on standard error; a model that keeps failing is left alone for a while. */
const watched = {
  telemetry: {},
  breaker: {},
  logger: jsonLogger({ level: "debug", write: (line) => void process.stderr.write(line) }),
};

/** OpenRouter where OPENROUTER_API_KEY is set, also in `.env`; otherwise a simulator on this machine. */
export async function connectModel(): Promise<Model> {
  try {
    const llm = new LLMClient({ provider: "openrouter", appName: "Example of telemetry", ...watched });
    return { llm, answers: "OpenRouter", close: () => llm.close() };
  } catch (error) {
    if (!ConfigurationError.is(error) || error.code !== "missing_api_key") throw error;
  }
  const simulator = await startSimulator({ tokensPerSecond: 120 });
  const llm = new LLMClient({ env: false, apiKey: "sk-or-v1-simulator", baseURL: simulator.baseURL, ...watched });
  const close = async () => {
    await llm.close();
    await simulator.close();
  };
  return { llm, answers: "the simulator", close };
}
