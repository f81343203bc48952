import type { Attributes } from "@opentelemetry/api";
import type { WatchedRequest } from "../generate/request-watch.js";

/** What is known of the client: by which name its provider goes, and where it is. */
export interface ClientFacts {
  provider: string;
  baseURL: string | undefined;
}

/** Where requests go: `server.address` and `server.port`. */
export function serverAttributes({ baseURL }: ClientFacts): Attributes {
  if (baseURL === undefined || !URL.canParse(baseURL)) return {};
  const { hostname, port, protocol } = new URL(baseURL);
  return {
    "server.address": hostname,
    "server.port": port === "" ? (protocol === "http:" ? 80 : 443) : Number(port),
  };
}

/** The conventions' name of what was asked for; what another SDK sends as a chat is one. */
export function operationName({ operation, body }: Pick<WatchedRequest, "operation" | "body">): string {
  return operation === "relay" && Array.isArray(body.messages) ? "chat" : operation;
}

const NUMBERS: readonly (readonly [attribute: string, field: string])[] = [
  ["gen_ai.request.max_tokens", "max_completion_tokens"],
  ["gen_ai.request.max_tokens", "max_tokens"],
  ["gen_ai.request.temperature", "temperature"],
  ["gen_ai.request.top_p", "top_p"],
  ["gen_ai.request.top_k", "top_k"],
  ["gen_ai.request.seed", "seed"],
  ["gen_ai.request.frequency_penalty", "frequency_penalty"],
  ["gen_ai.request.presence_penalty", "presence_penalty"],
  ["gen_ai.embeddings.dimension.count", "dimensions"],
];

/** What a request asks for, except in words. */
export function requestAttributes({ body, streaming }: WatchedRequest): Attributes {
  const attributes: Attributes = {};
  if (streaming) attributes["gen_ai.request.stream"] = true;
  for (const [attribute, field] of NUMBERS) {
    const value = body[field];
    if (typeof value === "number") attributes[attribute] = value;
  }
  if (typeof body.n === "number" && body.n !== 1) attributes["gen_ai.request.choice.count"] = body.n;
  if (typeof body.session_id === "string") attributes["gen_ai.conversation.id"] = body.session_id;
  const output = outputType(body);
  if (output !== undefined) attributes["gen_ai.output.type"] = output;
  return attributes;
}

function outputType({ modalities, response_format: format }: WatchedRequest["body"]): string | undefined {
  if (Array.isArray(modalities)) {
    if (modalities.includes("image")) return "image";
    if (modalities.includes("audio")) return "speech";
  }
  const type = typeof format === "object" && format !== null && "type" in format ? format.type : undefined;
  if (type === "json_schema" || type === "json_object") return "json";
  return type === "text" ? "text" : undefined;
}
