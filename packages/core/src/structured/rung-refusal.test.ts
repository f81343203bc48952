import { describe, expect, test } from "vitest";
import { chatCases, chatRecordings, haveRecordings, type Recording } from "../../test/recordings.js";
import { createError } from "../errors/error-classes.js";
import { readUpstreamError } from "../errors/read-upstream-error.js";
import { isRungRefusal } from "./rung-refusal.js";
import type { Strategy } from "./schema.js";

const said = (status: number, message: string, raw?: string) =>
  readUpstreamError(
    status,
    JSON.stringify({
      error: { code: status, message, ...(raw === undefined ? {} : { metadata: { provider_name: "X", raw } }) },
    }),
    {},
    { now: 0, model: "a/b" },
  );

describe("a refused rung", () => {
  test.each<[Strategy, number, string, string?]>([
    ["json_schema", 400, "This response_format type is unavailable now"],
    [
      "json_schema_strict",
      404,
      "No endpoints found that can handle the requested parameters. To learn more about provider routing, visit: https://openrouter.ai/docs",
    ],
    [
      "json_schema",
      400,
      "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model.",
    ],
    [
      "json_schema_strict",
      400,
      "Provider returned error",
      "Invalid schema for response_format 'answer': 'required' is required to be supplied",
    ],
    [
      "json_schema",
      400,
      "Provider returned error",
      '{"error":{"message":"The specified schema produces a constraint that has too many states for serving"}}',
    ],
    ["json_schema", 422, "json_schema: extra inputs are not permitted"],
    ["json_schema", 500, "This model does not support structured outputs"],
    ["json_object", 400, "'response_format.type' must be 'json_schema'"],
    ["json_object", 400, "JSON mode is not enabled for this model"],
    [
      "tool",
      404,
      "No endpoints found that support tool use. To learn more about provider routing, visit: https://openrouter.ai/docs",
    ],
    ["tool", 404, "No endpoints found that support the provided 'tool_choice' value."],
    ["tool", 400, "registry.ollama.ai/library/gemma does not support tools"],
    ["tool", 400, "Provider returned error", "tool_choice 'specified' is incompatible with thinking enabled"],
    [
      "tool",
      400,
      "Provider returned error",
      '{"code":"Client specified an invalid argument","error":"Invalid request content: Required function  is not present in the provided tools."}',
    ],
    ["tool", 400, "Thinking may not be enabled when tool_choice forces tool use."],
    ["tool", 400, "Function calling is not enabled for models/gemma-3n"],
  ])("%s, %i: %s", (rung, status, message, raw) => {
    expect(isRungRefusal(said(status, message, raw), rung)).toBe(true);
  });
});

describe("another failure", () => {
  test.each<[Strategy, number, string]>([
    ["json_schema", 404, "No endpoints found for acme/test-1."],
    ["json_schema", 404, "No endpoints found matching your data policy (Free model publication)."],
    ["json_schema", 404, "No endpoints found that support image input"],
    ["json_schema", 404, "No endpoints found that support tool use."],
    [
      "json_schema",
      400,
      "This endpoint's maximum context length is 200000 tokens. However, you requested about 2500021 tokens (in the schema).",
    ],
    ["json_schema", 429, "response_format is not supported at this rate"],
    ["json_schema", 401, "response_format: invalid API key"],
    ["tool", 400, "messages with tool_call_id call_1 cannot be found"],
    ["json_schema", 400, "Invalid 'max_output_tokens': integer below minimum value."],
    ["json_object", 503, "JSON mode is unavailable: overloaded"],
  ])("%s, %i: %s", (rung, status, message) => {
    expect(isRungRefusal(said(status, message), rung)).toBe(false);
  });

  test("what was refused here and never sent is not upstream's refusal", () => {
    expect(
      isRungRefusal(createError("invalid_request", 'unknown key "response_format" in request'), "json_schema"),
    ).toBe(false);
  });

  test("upstream's raw answer is looked at as far as it is text", () => {
    const cyclic: Record<string, unknown> = {};
    cyclic.self = cyclic;
    expect(isRungRefusal(createError("invalid_request", "no", { upstream: { raw: cyclic } }), "tool")).toBe(false);
    expect(
      isRungRefusal(
        createError("invalid_request", "no", { upstream: { raw: { error: "tools are not supported" } } }),
        "tool",
      ),
    ).toBe(true);
  });
});

// The recorded traffic is not part of a checkout.
describe.skipIf(!haveRecordings)("recorded refusals", () => {
  const refused = ({ name, response }: Recording) => ({
    name,
    error: readUpstreamError(response.status, response.body ?? "", response.headers, { now: 0 }),
  });
  const failures = [...chatRecordings(), ...chatCases()].filter(({ response }) => response.status >= 400).map(refused);

  test("those of tools are told from all others", () => {
    expect(
      failures
        .filter(({ error }) => isRungRefusal(error, "tool"))
        .map(({ name }) => name)
        .sort(),
    ).toEqual([
      "http-404-no-endpoints-tools",
      "reqllm.cognitivecomputations-dolphin3-0-mistral-24b-multi-tool",
      "reqllm.mistralai-mistral-7b-instruct-free-object-streaming",
      "reqllm.x-ai-grok-4-object-basic",
    ]);
    expect(failures.filter(({ error }) => isRungRefusal(error, "json_schema")).map(({ name }) => name)).toEqual([]);
  });
});
