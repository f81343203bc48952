import type { ErrorCode } from "./error-code.js";

/** What a detail can be composed of. */
export interface FailureFacts {
  /** Upstream's own sentence; may be empty. */
  text: string;
  status: number;
  model?: string | undefined;
  servedBy?: string | undefined;
  metadata?: Readonly<Record<string, unknown>> | undefined;
  sentBytes?: number | undefined;
}

/** The `detail` of a failure: its fixed words first, then what upstream said. */
export function describeFailure(code: ErrorCode, facts: FailureFacts): string {
  const { text, status, sentBytes } = facts;
  switch (code) {
    case "authentication":
      return "invalid API key";
    case "insufficient_credits":
      return after("insufficient balance", text);
    case "rate_limit":
      return after("rate limit exceeded", text, facts.servedBy);
    case "model_not_found":
      return withModel(after("model not found", text), facts.model);
    case "context_length":
      return after("context length exceeded", text);
    case "payload_too_large":
      return after(
        sentBytes === undefined ? "the request is too large" : `the request is too large (${sentBytes} bytes)`,
        text,
      );
    case "content_policy":
      return after(["content policy", ...reasons(facts.metadata)].join(", "), text);
    case "timeout":
      return after("the upstream timed out", text, facts.servedBy);
    case "provider_overloaded":
      return after("the provider is overloaded", text, facts.servedBy);
    case "provider_error":
      return after("", text || `the provider failed (status ${status})`, facts.servedBy);
    case "invalid_response":
      return after(`the proxy refused the request (status ${status})`, text);
    default:
      return text || `the request was refused (status ${status})`;
  }
}

function after(words: string, text: string, servedBy?: string | undefined): string {
  const joined = words !== "" && text !== "" ? `${words}: ${text}` : words || text;
  return servedBy === undefined || joined.includes(servedBy) ? joined : `${joined} (${servedBy})`;
}

function withModel(detail: string, model: string | undefined): string {
  return model === undefined || detail.includes(model) ? detail : `${detail} (${model})`;
}

// Only short words: reasons are category names, and a longer text could be the user's own.
function reasons(metadata: Readonly<Record<string, unknown>> | undefined): string[] {
  const list = Array.isArray(metadata?.reasons) ? metadata.reasons : [];
  return list.filter((reason): reason is string => typeof reason === "string" && reason.length <= 60).slice(0, 10);
}
