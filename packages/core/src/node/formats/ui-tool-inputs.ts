import type { StreamEvent } from "../../generate/stream-event.js";
import type { ToolCall } from "../../tools/tool-types.js";

interface Input {
  id?: string | undefined;
  name?: string | undefined;
  text: string;
  announced: boolean;
}

/** The inputs of tool calls as parts: readers fail on a delta or an output of a call they have not been told of. */
export class UIToolInputs {
  readonly #growing = new Map<string, Input>();
  readonly #announced = new Set<string>();

  delta(event: Extract<StreamEvent, { type: "tool-call-delta" }>): object[] {
    const place = `${event.step}:${event.index}`;
    const input = this.#growing.get(place) ?? { text: "", announced: false };
    this.#growing.set(place, input);
    input.id ??= event.id;
    input.name ??= event.name;
    const { id, name } = input;
    if (input.announced) return event.argumentsDelta === "" ? [] : [growth(id, event.argumentsDelta)];
    input.text += event.argumentsDelta;
    if (id === undefined || name === undefined || this.#announced.has(id)) return [];
    input.announced = true;
    this.#announced.add(id);
    const start = { type: "tool-input-start", toolCallId: id, toolName: name };
    return input.text === "" ? [start] : [start, growth(id, input.text)];
  }

  call(call: ToolCall): object[] {
    this.#announced.add(call.id);
    const part = { toolCallId: call.id, toolName: call.name };
    if (call.arguments !== undefined) return [{ type: "tool-input-available", ...part, input: call.arguments }];
    const errorText = "The arguments of the call are not valid.";
    return [{ type: "tool-input-error", ...part, input: call.rawArguments, errorText }];
  }

  /** What must be said before an output of the call `id`: nothing where its input was seen. */
  known(id: string, name: string): object[] {
    if (this.#announced.has(id)) return [];
    this.#announced.add(id);
    return [{ type: "tool-input-available", toolCallId: id, toolName: name, input: {} }];
  }
}

function growth(toolCallId: string | undefined, inputTextDelta: string): object {
  return { type: "tool-input-delta", toolCallId, inputTextDelta };
}
