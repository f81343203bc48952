import { SetMetadata } from "@nestjs/common";
import type { Infer, Schema, ToolContext, ToolDefinition } from "@signalbox/core";

export const LLM_TOOL = "signalbox:llm-tool";

/** A tool as the decorator takes it: the decorated method executes it. */
export type LLMToolOptions<S extends Schema> = Omit<ToolDefinition<S, unknown>, "execute" | "needsApproval"> & {
  /** Whether a call waits for `approvals`; a function decides by its arguments. @default false */
  needsApproval?: boolean | ((args: Infer<S>, context: ToolContext) => boolean | Promise<boolean>) | undefined;
};

type ToolMethod<S extends Schema> = (args: Infer<S>, context: ToolContext) => unknown;

/**
 * Makes a method of a provider or controller a tool: `llm.tools("name")` hands it to a call; no call has it unasked.
 *
 * Shape: the method takes the validated arguments and `{ signal, call, llm }`, and returns the result, or is an async
 * generator whose yields become progress. A request-scoped provider is resolved for each call of the tool, in the
 * context of the HTTP request that the call was made in.
 * Throws: two tools of one name end the boot with `invalid_config`.
 */
export function LLMTool<S extends Schema>(options: LLMToolOptions<S>) {
  return <M extends ToolMethod<S>>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<M>,
  ): void => {
    SetMetadata(LLM_TOOL, options)(target, key, descriptor);
  };
}
