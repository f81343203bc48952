import type { CallScope, Engine } from "../generate/engine.js";
import { generate } from "../generate/generate.js";
import type { GenerateRequest } from "../generate/generate-request.js";
import type { GenerateResult } from "../generate/generate-result.js";
import type { StructuredRequest, StructuredResultOf } from "../generate/structured-types.js";
import type { Schema } from "./schema.js";
import { StructuredCall, type StructuredSetup } from "./structured-call.js";
import { setupOf } from "./structured-setup.js";

/**
 * Asks for an object that fits the request's schema: by the strongest means the model has, by the next one where it
 * refuses, and again with the validator's errors where the answer does not fit.
 *
 * Shape: a GenerateResult with `object` and `strategy`; usage, cost, attempts, warnings, steps and new messages
 * cover every request made; text and message are those of the answer that holds the object.
 * Throws: `structured_output` when no answer fits, is cut or refused, with the issues in `detail` and the last answer
 * on `partial`; whatever the requests throw.
 * Cancels: as `generate()`.
 */
export async function generateStructured<S extends Schema>(
  engine: Engine,
  scope: CallScope,
  request: StructuredRequest<S>,
): Promise<StructuredResultOf<S>> {
  const setup = setupOf(engine, scope, request, false);
  const asked = setup.heldAnswers === undefined ? scope : { ...scope, heldAnswers: setup.heldAnswers };
  return runStructured(request, setup, (one) => generate(engine, asked, one));
}

/** The same over anything that answers requests. */
export async function runStructured<S extends Schema>(
  request: StructuredRequest<S>,
  setup: StructuredSetup,
  run: (request: GenerateRequest) => Promise<GenerateResult>,
): Promise<StructuredResultOf<S>> {
  const call = new StructuredCall(request, setup);
  for (;;) {
    let answer: GenerateResult;
    try {
      answer = await run(call.nextRequest());
    } catch (error) {
      call.failed(error, true);
      continue;
    }
    const result = await call.answered(answer, true);
    if (result !== undefined) return result as StructuredResultOf<S>;
  }
}
