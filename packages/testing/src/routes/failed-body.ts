import { toJsonObject } from "../answers/reply.js";
import type { Step } from "../delivery/step.js";
import type { MidstreamErrorFault } from "../faults/fault.js";
import type { JsonObject } from "../json.js";
import type { Completion } from "../wire/completion.js";
import { completionBody, completionBodySteps } from "../wire/completion-body.js";

/** Without streaming, a provider that fails half-way leaves its error in the choice, with the text it had. */
export function failedBody(completion: Completion, options: MidstreamErrorFault): Iterable<Step> {
  const { tokenized, route } = completion;
  const finishReason = options.form === "recorded" ? null : "error";
  const failed: Completion = {
    ...completion,
    tokenized: {
      ...tokenized,
      text: tokenized.text.slice(0, Math.ceil(tokenized.text.length / 2)),
      answer: { ...tokenized.answer, finishReason, nativeFinishReason: null },
    },
  };
  const error: JsonObject = {
    code: options.code ?? 502,
    message: options.message ?? "The provider stopped responding.",
    metadata: options.metadata
      ? toJsonObject(options.metadata)
      : { provider_name: route.endpoint.providerName, raw: { retryable: true } },
  };
  const body = completionBody(failed);
  const [choice] = body.choices as JsonObject[];
  return completionBodySteps(failed, { ...body, choices: [{ ...choice, error }] });
}
