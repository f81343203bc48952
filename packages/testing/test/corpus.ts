import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { Wire } from "./simulator-client.js";

const folder = new URL("../../../../shared/corpus/", import.meta.url);

/** False where the repository was cloned without the recordings beside it. */
export const hasCorpus = existsSync(folder);

export interface RecordedFile {
  name: string;
  request: { method: string; path: string; body: Wire };
  response: {
    status: number;
    headers: Record<string, string>;
    body?: string;
    bodyBase64?: string;
    chunkSizes?: number[];
    fidelity: string;
  };
  tags: string[];
}

/** Every recording of the corpus. */
export function recordings(): RecordedFile[] {
  if (!hasCorpus) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => JSON.parse(readFileSync(new URL(name, folder), "utf8")) as RecordedFile);
}
