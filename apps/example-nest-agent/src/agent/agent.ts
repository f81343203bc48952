import { Inject, Injectable } from "@nestjs/common";
import { type Message, type ToolCall, userMessage } from "@signalbox/core";
import { InjectLLM, type LLMService } from "@signalbox/nestjs";
import type { Customer } from "../customers.js";
import { type WaitingRun, WaitingRuns } from "./waiting-runs.js";

/** What a customer is told of a call. */
type ShownCall = Pick<ToolCall, "name" | "arguments">;

/** How far a run came: to its end, or to calls that the customer has to decide on. */
export type RunAnswer =
  | { status: "done"; text: string; costUsd: number }
  | { status: "waiting"; id: string; calls: ShownCall[] };

const TOOLS = ["my_orders", "delivery_days", "cancel_order"];
const SYSTEM = "You look after the customers of a small shop. Use the tools; never guess about orders.";

@Injectable()
export class Agent {
  readonly #llm: LLMService;
  readonly #waiting: WaitingRuns;

  constructor(@InjectLLM() llm: LLMService, @Inject(WaitingRuns) waiting: WaitingRuns) {
    this.#llm = llm;
    this.#waiting = waiting;
  }

  ask(customer: Customer, prompt: string): Promise<RunAnswer> {
    return this.#run(customer, [userMessage(prompt)]);
  }

  /** Goes on with a run: `true` lets its calls run, a text refuses them and is told to the model. */
  decide({ customer, messages, calls }: WaitingRun, decision: true | string): Promise<RunAnswer> {
    return this.#run(customer, messages, Object.fromEntries(calls.map(({ id }) => [id, decision])));
  }

  async #run(customer: Customer, messages: readonly Message[], approvals: Record<string, true | string> = {}) {
    const result = await this.#llm.generate({
      system: SYSTEM,
      messages: [...messages],
      tools: this.#llm.tools(...TOOLS),
      maxSteps: 6,
      approvals,
    });
    const calls = result.toolCalls.filter(({ needsApproval }) => needsApproval);
    if (calls.length > 0) {
      const { id } = this.#waiting.add({ customer, messages: [...messages, ...result.newMessages], calls });
      return { status: "waiting" as const, id, calls: calls.map(shown) };
    }
    return { status: "done" as const, text: result.text, costUsd: result.cost?.totalUsd ?? 0 };
  }
}

export function shown({ name, arguments: given }: ToolCall): ShownCall {
  return { name, arguments: given };
}
