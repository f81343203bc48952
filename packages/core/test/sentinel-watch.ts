import { inspect } from "node:util";
import { onTestFinished, vi } from "vitest";
import type { LLM, Logger } from "../src/index.js";

/** Three secrets of no form: only their value gives them away. */
export const SENTINEL = {
  key: "kumquat-5e1f-aa07",
  prompt: "persimmon 91c2 tell nobody",
  header: "tamarind-77ab-0d4e",
} as const;

type Secret = keyof typeof SENTINEL;

/** Where the caller itself asked for what came, or upstream's own words are kept, out of every print. */
const PROMPT_MAY_STAND_IN = /^(partial|upstream\.raw)\b/;

/** Where the sentinels stand in `value`: in anything reachable by own properties, hidden ones too, and in any print. */
export function sightings(value: unknown): string[] {
  const found: string[] = [];
  const look = (where: string, text: string | undefined) => {
    for (const [secret, word] of Object.entries(SENTINEL)) {
      if (text === undefined || !text.includes(word)) continue;
      if (secret === ("prompt" satisfies Secret) && PROMPT_MAY_STAND_IN.test(where)) continue;
      found.push(`the ${secret} in ${where}: ${text.slice(0, 200)}`);
    }
  };
  walk(value, "", new Set(), look);
  look("String", String(value));
  look("inspect", inspect(value, { depth: 10 }));
  look("inspect with hidden", inspect(value, { depth: 10, showHidden: true }));
  look("JSON", JSON.stringify(value));
  return found;
}

function walk(value: unknown, path: string, seen: Set<unknown>, look: (where: string, text: string) => void): void {
  if (typeof value === "string") look(path, value);
  if ((typeof value !== "object" && typeof value !== "function") || value === null || seen.has(value)) return;
  seen.add(value);
  if (value instanceof Map || value instanceof Set) walk([...value], `${path}[]`, seen, look);
  for (const key of Reflect.ownKeys(value)) {
    const place = path === "" ? String(key) : `${path}.${String(key)}`;
    look(`${place} (a name)`, String(key));
    const described = Reflect.getOwnPropertyDescriptor(value, key);
    if (described !== undefined && "value" in described) walk(described.value, place, seen, look);
  }
}

/** Keeps everything that a client tells anybody else than its caller. */
export class SentinelWatch {
  readonly told: unknown[] = [];
  readonly logger: Logger;

  constructor() {
    const tell = (...given: unknown[]) => void this.told.push(given);
    this.logger = { debug: tell, info: tell, warn: tell, error: tell };
    for (const method of ["log", "info", "warn", "error", "debug", "trace"] as const) {
      const spy = vi.spyOn(console, method).mockImplementation(tell);
      onTestFinished(() => spy.mockRestore());
    }
    process.on("warning", tell);
    onTestFinished(() => void process.off("warning", tell));
  }

  /** Listens to all events; the last listener fails, with every secret in its words. */
  listen(llm: LLM): void {
    for (const event of ["usage", "retry", "warning"] as const) {
      llm.on(event, (value: unknown) => void this.told.push(value));
      llm.on(event, () => {
        throw new Error(Object.values(SENTINEL).join());
      });
    }
  }
}
