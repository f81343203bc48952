import { parseArgs } from "node:util";
import type { Notation } from "./catalogue/notation.js";
import { type Simulator, startSimulator } from "./simulator.js";

const usage = `signalbox-simulator [options]

Starts a simulator of OpenRouter on 127.0.0.1 and prints its base URL.

  --port <n>                port to listen on (default: any free one)
  --seed <text>             equal seeds give equal answers (default: 0)
  --notation <2026|2024>    which model ids are accepted (default: 2026)
  --tokens-per-second <n>   speed of answers (default: unpaced)
  --credits <usd>           credits on the account (default: unlimited)
  --requests-per-minute <n> rate limit (default: none)
  --help                    this text`;

/** Runs the shell command; the simulator it started, or nothing after `--help`. */
export async function runSimulatorCommand(
  args: string[],
  print: (line: string) => void,
): Promise<Simulator | undefined> {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: "string" },
      seed: { type: "string" },
      notation: { type: "string" },
      "tokens-per-second": { type: "string" },
      credits: { type: "string" },
      "requests-per-minute": { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) {
    print(usage);
    return undefined;
  }
  const requestsPerMinute = numberOption("requests-per-minute", values["requests-per-minute"]);
  const simulator = await startSimulator({
    port: numberOption("port", values.port),
    seed: values.seed,
    notation: values.notation as Notation | undefined,
    tokensPerSecond: numberOption("tokens-per-second", values["tokens-per-second"]),
    credits: numberOption("credits", values.credits),
    ...(requestsPerMinute !== undefined && { rateLimit: { requestsPerMinute } }),
  });
  print(simulator.baseURL);
  return simulator;
}

function numberOption(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) throw new TypeError(`--${name} takes a number, not "${text}"`);
  return value;
}
