import type { GenerateRequest } from "../generate/generate-request.js";
import type { Step } from "../generate/generate-result.js";
import type { PreparedCall } from "../generate/prepare-call.js";
import type { ChatBody } from "../messages/chat-body.js";
import { answerToolName } from "../structured/answer-tool.js";
import { recordOf } from "../usage/wire-number.js";

/** They look at nothing but the prompt and the answer, or pick the model. */
const PURE_PLUGINS: ReadonlySet<string> = new Set([
  ...["file-parser", "response-healing", "context-compression", "moderation"],
  ...["auto-router", "auto-beta-router", "pareto-router"],
]);

/** Models and variants that search by themselves. */
const SEARCHES = /:online\b|search|sonar/;

/**
 * Whether the answer to a request may be kept, and given again: where it was asked for, or would be the same again.
 * Never where the answer is seen to come from the world of today (a search), to change it (a tool), or to be more than a
 * text to keep. What a preset adds is not seen, so one has to be asked for.
 */
export function mayAskCache({ request, tools }: PreparedCall, body: ChatBody): boolean {
  const { responseCache: asked } = request;
  if (asked === false || (asked === undefined && (body.temperature !== 0 || hasPreset(body)))) return false;
  if (tools.some((tool) => tool.execute !== undefined)) return false;
  return !looksAround(body) && !hasExtras(body);
}

/** Settings stored upstream, which may search. */
function hasPreset({ preset, model, models }: ChatBody): boolean {
  return preset !== undefined || [model, ...list(models)].some((id) => String(id).includes("@preset/"));
}

function looksAround({ tools, plugins, web_search_options, model, models }: ChatBody): boolean {
  const isServerTool = (tool: unknown) => !["function", "custom"].includes(String(recordOf(tool)?.type));
  const isImpure = (plugin: unknown) => !PURE_PLUGINS.has(String(recordOf(plugin)?.id));
  if (list(tools).some(isServerTool) || list(plugins).some(isImpure)) return true;
  return web_search_options !== undefined || [model, ...list(models)].some((id) => SEARCHES.test(String(id)));
}

/** Sound, log probabilities, several answers, the provider's own body. */
function hasExtras({ modalities, audio, logprobs, n, debug }: ChatBody): boolean {
  const isSeveral = n !== undefined && n !== null && n !== 1;
  return (
    isSeveral || audio !== undefined || logprobs === true || debug !== undefined || list(modalities).includes("audio")
  );
}

const list = (value: unknown): unknown[] => [value ?? []].flat();

/**
 * Whether an answer is worth keeping: whole, not empty, not stopped by a filter, and with no call of a tool; except
 * of the function that gives an object, whose arguments are the answer.
 */
export function mayKeepAnswer(step: Step, hasImages: boolean, { tools }: Pick<GenerateRequest, "tools">): boolean {
  const { audio, function_call } = step.message;
  if (step.refusal !== undefined || (audio ?? function_call ?? undefined) !== undefined) return false;
  if (step.toolCalls.length === 0) return step.finishReason === "stop" && (step.text !== "" || hasImages);
  const name = answerToolName(tools);
  const isAnswer = step.toolCalls.every((call) => call.name === name && call.invalid === undefined);
  return step.finishReason === "tool_calls" && isAnswer;
}
