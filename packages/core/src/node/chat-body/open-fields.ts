import type { GenerateRequest } from "../../generate/generate-request.js";

/** Fields of a request that a server may open to the bodies it is sent. */
export type OpenField = Exclude<
  keyof GenerateRequest,
  | "prompt"
  | "messages"
  | "headers"
  | "extraBody"
  | "tools"
  | "routing"
  | "plugins"
  | "signal"
  | "stopWhen"
  | "repairToolCall"
  // A header under another name, and an answer that repeats the server's own part of the prompt.
  | "anthropicBeta"
  | "debug"
>;

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === "string";
const number: Check = (value) => typeof value === "number";
const flag: Check = (value) => typeof value === "boolean";
const texts: Check = (value) => Array.isArray(value) && value.every(text);
const object: Check = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const objects: Check = (value) => Array.isArray(value) && value.every(object);
const either =
  (...checks: readonly Check[]): Check =>
  (value) =>
    checks.some((check) => check(value));

/** What JSON a field takes: enough that no value of a wrong kind gets past; ranges are the client's to check. */
const KINDS: Record<OpenField, Check> = {
  system: text,
  model: text,
  fallbackModels: texts,
  temperature: number,
  maxTokens: number,
  maxCompletionTokens: number,
  topP: number,
  topK: number,
  minP: number,
  topA: number,
  seed: number,
  stop: either(text, texts),
  frequencyPenalty: number,
  presencePenalty: number,
  repetitionPenalty: number,
  logitBias: object,
  logprobs: flag,
  topLogprobs: number,
  reasoning: object,
  toolChoice: either(text, object),
  parallelToolCalls: flag,
  maxToolCalls: number,
  stopServerToolsWhen: objects,
  maxSteps: number,
  onMaxSteps: text,
  onToolError: text,
  approvals: object,
  modalities: texts,
  audio: object,
  imageConfig: object,
  webSearchOptions: object,
  prediction: object,
  cache: either(text, object),
  promptCacheKey: text,
  promptCacheOptions: object,
  openRouterCache: either(flag, object),
  responseCache: either(flag, object),
  routerMetadata: flag,
  user: text,
  sessionId: text,
  metadata: object,
  trace: object,
  serviceTier: text,
  speed: text,
  verbosity: text,
  preset: text,
  timeouts: object,
  retry: either(object, (value) => value === false),
};

export const OPEN_FIELDS = Object.keys(KINDS) as readonly OpenField[];

/** Whether a field may be opened at all. */
export function isOpenField(name: string): name is OpenField {
  return Object.hasOwn(KINDS, name);
}

/** Whether a value is of the kind of JSON that the field takes. */
export function fitsField(name: OpenField, value: unknown): boolean {
  return KINDS[name](value);
}
