import { LLMError } from "../src/errors/llm-error.js";

/** The LLMError that `promise` rejects with; anything else fails the test. */
export async function rejection(promise: Promise<unknown>): Promise<LLMError> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    if (LLMError.is(error)) return error;
    throw error;
  }
  throw new Error(`expected a rejection, got ${JSON.stringify(value)}`);
}
