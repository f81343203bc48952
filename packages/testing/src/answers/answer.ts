import type { JsonObject } from "../json.js";

/** A call the model asks for; `arguments` is JSON text. */
export interface AnswerToolCall {
  id?: string | undefined;
  name: string;
  arguments: string;
}

/** What a model says, before it is put into chunks or a body. */
export interface Answer {
  text: string;
  reasoning: string;
  toolCalls: AnswerToolCall[];
  /** `url_citation` objects. */
  annotations: JsonObject[];
  /** null: no finish word at all. */
  finishReason: string | null;
  /** Absent: the word the model's vendor has for `finishReason`. */
  nativeFinishReason?: string | null | undefined;
  /** Replaces members of the `usage` block. */
  usage?: JsonObject | undefined;
  /** Text cut by hand instead of by token; objects are sent as they are. */
  chunks?: readonly (string | JsonObject)[] | undefined;
  /** Web searches that OpenRouter ran for it. */
  webSearches?: number | undefined;
}

/** An answer of plain text. */
export function textAnswer(text: string, reasoning = ""): Answer {
  return { text, reasoning, toolCalls: [], annotations: [], finishReason: "stop" };
}
