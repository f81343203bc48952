import type { Span } from "@opentelemetry/api";
import { LLMError } from "../errors/llm-error.js";
import { abortError } from "../generate/call-signal.js";
import type { WatchedTool } from "../generate/request-watch.js";
import { failSpan } from "./fail-span.js";
import { recordedValue } from "./recorded-messages.js";
import type { Telemetry } from "./telemetry.js";

/** Runs a tool under a span `execute_tool {name}`, which is active while it runs. */
export async function runTool<T>(telemetry: Telemetry, tool: WatchedTool, work: () => Promise<T>): Promise<T> {
  const { api, startSpan, clock, recordContent, safely } = telemetry;
  const named = { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": tool.name };
  const parent = telemetry.calls.contextOf(tool.call);
  const attributes = { ...named, "gen_ai.tool.call.id": tool.id, "gen_ai.tool.type": "function" };
  const span = startSpan(`execute_tool ${tool.name}`, "INTERNAL", attributes, parent);
  const began = clock.now();
  const end = (failure: string | undefined, tell: (span: Span) => void) => {
    const measured = failure === undefined ? named : { ...named, "error.type": failure };
    safely(() => telemetry.instruments.tool.record((clock.now() - began) / 1_000, measured));
    safely(() => failure !== undefined && failSpan(api, span, failure));
    safely(() => {
      if (recordContent && span.isRecording()) {
        span.setAttribute("gen_ai.tool.call.arguments", recordedValue(tool.args));
        tell(span);
      }
    });
    safely(() => span.end());
  };
  try {
    const result = await telemetry.within(api.trace.setSpan(parent, span), work);
    end(undefined, (ended) => ended.setAttribute("gen_ai.tool.call.result", recordedValue(result)));
    return result;
  } catch (error) {
    const { signal } = tool.call.signal;
    end(signal.aborted ? endOf(signal) : failureOf(error), () => undefined);
    throw error;
  }
}

/** Of a tool that ends with its call: that its caller has left is no failure. */
function endOf(signal: AbortSignal): string | undefined {
  const { code } = abortError(signal);
  return code === "aborted" ? undefined : code;
}

/** Names are the tool's own to choose; one that is no name is not told. */
function failureOf(error: unknown): string {
  if (LLMError.is(error)) return error.code;
  return error instanceof Error && /^[A-Za-z]\w{0,49}$/.test(error.name) ? error.name : "_OTHER";
}
