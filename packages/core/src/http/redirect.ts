import { createError } from "../errors/error-classes.js";
import type { LLMError } from "../errors/llm-error.js";

/** A redirect is never followed: it would carry the key and the prompt elsewhere. Query and fragment are not shown. */
export function redirectError(status: number, location: string | undefined, from: string): LLMError {
  return createError("invalid_response", `redirect (${status}) to ${describe(location, from)} was not followed`, {
    upstream: { status },
    hint: "Set baseURL to the address that answers without a redirect.",
  });
}

function describe(location: string | undefined, from: string): string {
  if (location === undefined || !URL.canParse(location, from)) return "an unknown address";
  const { origin, pathname } = new URL(location, from);
  return origin === "null" ? "an unknown address" : `${origin}${pathname}`.slice(0, 300);
}
