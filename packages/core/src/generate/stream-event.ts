import type { ToolCall } from "../tools/tool-types.js";
import type { Cost, Usage } from "../usage/usage.js";
import type { Annotation, FinishReason, GenerateResult, Image, Warning } from "./generate-result.js";

/** Everything that can happen in a stream, in the order it happens. Exactly one `finish` ends a good one. */
export type StreamEvent =
  | { type: "start"; generationId?: string | undefined; model?: string | undefined; servedBy?: string | undefined }
  | { type: "step-start"; step: number }
  | { type: "text-delta"; step: number; text: string }
  | { type: "reasoning-delta"; step: number; text: string }
  | { type: "refusal-delta"; step: number; text: string }
  | {
      type: "tool-call-delta";
      step: number;
      index: number;
      id?: string | undefined;
      name?: string | undefined;
      argumentsDelta: string;
    }
  | { type: "tool-call"; step: number; call: ToolCall }
  | { type: "tool-progress"; step: number; id: string; name: string; data: unknown }
  | { type: "tool-result"; step: number; id: string; name: string; result: unknown; isError?: boolean | undefined }
  | { type: "annotation"; step: number; annotation: Annotation }
  | { type: "image"; step: number; image: Image }
  | { type: "audio-delta"; step: number; data?: string | undefined; transcript?: string | undefined }
  | { type: "logprobs"; step: number; logprobs: unknown }
  | { type: "keep-alive" }
  | { type: "warning"; warning: Warning }
  | {
      type: "step-finish";
      step: number;
      finishReason: FinishReason;
      usage?: Usage | undefined;
      cost?: Cost | undefined;
      generationId?: string | undefined;
    }
  | { type: "finish"; result: GenerateResult };
