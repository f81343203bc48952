import { createError } from "../errors/error-classes.js";
import type { LLMError } from "../errors/llm-error.js";

/** No run of that id, or none that its caller may know of; an id may be as long as an address. */
export const runNotFound = (runId: string): LLMError =>
  createError("not_found", `run not found: ${runId.slice(0, 200)}`);
