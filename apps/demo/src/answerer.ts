import { ConfigurationError, LLMClient, type LLMClientOptions } from "@signalbox/core";
import { type Simulator, type SimulatorOptions, startSimulator } from "@signalbox/testing";

/** Who answers the studio's questions. */
export interface Answerer {
  readonly answers: "openrouter" | "simulator";
  readonly llm: LLMClient;
  close(): Promise<void>;
}

/** Tokens a second at which the simulator writes for people to watch. */
const READING_PACE = 160;

/**
 * OpenRouter where a key is set, in the environment or in `.env`; otherwise the simulator on this machine.
 *
 * @throws ConfigurationError for settings that are wrong rather than missing
 */
export async function chooseAnswerer(env?: LLMClientOptions["env"]): Promise<Answerer> {
  try {
    const llm = new LLMClient({ provider: "openrouter", appName: "Deck Studio", env });
    return { answers: "openrouter", llm, close: () => llm.close() };
  } catch (error) {
    if (!ConfigurationError.is(error) || error.code !== "missing_api_key") throw error;
  }
  const simulator = await startSimulator({ ...SIMULATOR, tokensPerSecond: READING_PACE });
  const llm = simulatorClient(simulator);
  const close = async () => {
    await llm.close();
    await simulator.close();
  };
  return { answers: "simulator", llm, close };
}

/** Equal seeds and topics give equal decks. */
export const SIMULATOR: SimulatorOptions = { seed: "platform" };

/** A client of a simulator, with the model that the original guide sets as default. */
export function simulatorClient(simulator: Pick<Simulator, "baseURL">): LLMClient {
  return new LLMClient({ env: false, apiKey: "sk-or-v1-simulator", baseURL: simulator.baseURL });
}
