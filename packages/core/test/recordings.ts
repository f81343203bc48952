import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** What a recording or a hand-written case says the right reading is. */
export interface Expectation {
  status?: number;
  text?: string;
  reasoning?: string;
  finishReason?: string | null;
  finishUnified?: string;
  nativeFinishReason?: string | null;
  toolCalls?: { id?: string; name: string; arguments?: unknown; argumentsRaw?: string; argumentsInvalid?: boolean }[];
  usage?: Record<string, number | boolean> | null;
  error?: ExpectedError | null;
  annotations?: number;
  images?: number;
  provider?: string | null;
  id?: string | null;
  model?: string | null;
  reasoningDetails?: Record<string, number>;
  refusal?: string;
  contentNull?: boolean;
  idsMustBeMadeUnique?: boolean;
  mustNotPollute?: boolean;
  toolCallEvents?: number;
  passthrough?: string[];
  embeddings?: number;
  dims?: number[];
  results?: [index: number, score: number][];
}

export interface ExpectedError {
  mode: string;
  kind: string;
  code: unknown;
  message: string | null;
  retryable?: boolean | null | undefined;
  detail?: string;
  providerName?: string | null;
  errorType?: string;
  affordableTokens?: number;
  requestedTokens?: number;
  retryAfterMs?: number;
  resetAtMs?: number;
  retryAtIso?: string;
  previousErrors?: number;
  availability?: string;
  fallbackModels?: string[];
  metadataHeaders?: Record<string, string>;
}

export interface Recording {
  name: string;
  request: {
    method: string;
    path: string;
    body: { stream?: boolean; tools?: object[]; model?: string; [field: string]: unknown };
  };
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

/** The call of ours that a recording answers; undefined for endpoints that the client does not offer. */
export function endpointOf({ request }: Recording): "chat" | "embeddings" | "rerank" | undefined {
  if (request.path.endsWith("/chat/completions")) return "chat";
  if (request.path.endsWith("/embeddings")) return "embeddings";
  return request.path.endsWith("/rerank") ? "rerank" : undefined;
}

const isChat = (recording: Recording) => endpointOf(recording) === "chat";
export const isCore = ({ tags }: Recording) => tags.includes("core");
/** Whether the recorded answer is an event stream. */
export const isStream = ({ tags }: Recording) => tags.includes("stream");

/** Everything recorded, of any endpoint, and everything written by hand. */
export const allRecordings = (): Recording[] => read("corpus");
export const allCases = (): Recording[] => read("cases");

/** Recorded chat answers; `core` holds one of each distinct shape. */
export const chatRecordings = (): Recording[] => read("corpus").filter(isChat);
export const coreRecordings = (): Recording[] => chatRecordings().filter(isCore);
/** Recorded streams of `core`. */
export const coreStreams = (): Recording[] => coreRecordings().filter(isStream);
/** Hand-written chat answers with the right reading. */
export const chatCases = (): Recording[] => read("cases").filter(isChat);

export function bodyBytes({ response }: Recording): Buffer {
  return response.bodyBase64 === undefined
    ? Buffer.from(response.body ?? "", "utf8")
    : Buffer.from(response.bodyBase64, "base64");
}
