import { join } from "node:path";
import { ConfigurationError, LLMClient, type LLMClientOptions } from "@signalbox/core";
import { sqliteLedger } from "@signalbox/core/ledger";
import { type Simulator, type SimulatorOptions, startSimulator } from "@signalbox/testing";
import { listedModels } from "./listed-models.js";

/** Who answers the studio's questions. */
export interface Answerer {
  readonly answers: "openrouter" | "simulator";
  readonly llm: LLMClient;
  /** Absent with OpenRouter. */
  readonly simulator?: Simulator | undefined;
  close(): Promise<void>;
}

/** Tokens a second at which the simulator writes for people to watch. */
const READING_PACE = 160;

/** With two retries a model that stays silent fails in about eight seconds: long enough to watch, short enough to wait. */
const IMPATIENT: NonNullable<LLMClientOptions["timeouts"]> = { firstTokenMs: 2_600, idleMs: 8_000 };

/** Every request leaves a record in the studio's folder; what the simulator invents is kept apart from what is billed. */
const LEDGERS = { openrouter: "spending.db", simulator: "spending-simulated.db" } as const;

/**
 * OpenRouter where a key is set, in the environment or in `.env`; otherwise the simulator on this machine.
 *
 * @param folder - where the ledger is kept, made before the first question is asked; without it there is none
 * @throws ConfigurationError for settings that are wrong rather than missing
 */
export async function chooseAnswerer(env?: LLMClientOptions["env"], folder?: string): Promise<Answerer> {
  const ledgerOf = (answers: Answerer["answers"]) =>
    folder === undefined ? undefined : sqliteLedger(join(folder, LEDGERS[answers]));
  try {
    const ledger = ledgerOf("openrouter");
    const llm = new LLMClient({ provider: "openrouter", appName: "Deck Studio", env, ledger });
    const close = async () => {
      await llm.close();
      await ledger?.close();
    };
    return { answers: "openrouter", llm, close };
  } catch (error) {
    if (!ConfigurationError.is(error) || error.code !== "missing_api_key") throw error;
  }
  const simulator = await startDeckSimulator({ tokensPerSecond: READING_PACE });
  const ledger = ledgerOf("simulator");
  const llm = simulatorClient(simulator, { timeouts: IMPATIENT, ledger });
  const close = async () => {
    await llm.close();
    await ledger?.close();
    await simulator.close();
  };
  return { answers: "simulator", llm, simulator, close };
}

/** Equal seeds and topics give equal decks. */
export const SIMULATOR: SimulatorOptions = { seed: "platform" };

/** A simulator that answers as every model that the studio lists. */
export async function startDeckSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  return startSimulator({ ...SIMULATOR, models: await listedModels(), ...options });
}

/** A client of a simulator, with the model that the original guide sets as default. */
export function simulatorClient(
  { baseURL }: Pick<Simulator, "baseURL">,
  options?: Pick<LLMClientOptions, "timeouts" | "ledger">,
): LLMClient {
  return new LLMClient({ env: false, apiKey: "sk-or-v1-simulator", baseURL, ...options });
}
