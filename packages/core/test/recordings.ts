import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** What a recording or a hand-written case says the right reading is. */
export interface Expectation {
  text?: string;
  reasoning?: string;
  finishReason?: string | null;
  finishUnified?: string;
  nativeFinishReason?: string | null;
  toolCalls?: { id?: string; name: string; arguments?: unknown; argumentsRaw?: string; argumentsInvalid?: boolean }[];
  usage?: Record<string, number | boolean> | null;
  error?: {
    mode: string;
    kind: string;
    code: unknown;
    message: string | null;
    retryable?: boolean | null;
    [more: string]: unknown;
  } | null;
  annotations?: number;
  images?: number;
  provider?: string | null;
  id?: string | null;
  model?: string | null;
  reasoningDetails?: Record<string, number>;
  refusal?: string;
  idsMustBeMadeUnique?: boolean;
}

export interface Recording {
  name: string;
  request: { method: string; path: string; body: { stream?: boolean; tools?: object[]; model?: string } };
  response: {
    status: number;
    headers: Record<string, string>;
    body?: string;
    bodyBase64?: string;
    chunkSizes?: number[];
  };
  tags: string[];
  expect: Expectation;
}

const folder = (name: string) => fileURLToPath(new URL(`../../../../shared/${name}/`, import.meta.url));

/** The recorded traffic is shared by every checkout, not part of it; where it is absent, its tests are skipped. */
export const haveRecordings = existsSync(folder("corpus")) && existsSync(folder("cases"));

function read(name: "corpus" | "cases"): Recording[] {
  if (!haveRecordings) return [];
  return readdirSync(folder(name))
    .filter((file) => file.endsWith(".json"))
    .map((file) => JSON.parse(readFileSync(folder(name) + file, "utf8")) as Recording);
}

const isChat = (recording: Recording) => recording.request.path.endsWith("/chat/completions");

/** Recorded chat answers; `core` holds one of each distinct shape. */
export const chatRecordings = (): Recording[] => read("corpus").filter(isChat);
export const coreRecordings = (): Recording[] =>
  chatRecordings().filter((recording) => recording.tags.includes("core"));
/** Hand-written chat answers with the right reading. */
export const chatCases = (): Recording[] => read("cases").filter(isChat);

export function bodyBytes({ response }: Recording): Buffer {
  return response.bodyBase64 === undefined
    ? Buffer.from(response.body ?? "", "utf8")
    : Buffer.from(response.bodyBase64, "base64");
}
