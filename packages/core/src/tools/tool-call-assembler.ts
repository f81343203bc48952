import type { ToolCallDelta } from "../messages/chat-body.js";
import type { WireToolCall } from "../messages/message.js";
import { argumentsText, parseArguments } from "./parse-arguments.js";
import type { ToolCall } from "./tool-types.js";

interface OpenCall {
  id: string;
  name: string;
  arguments: string;
}

/** Where a delta went: the position of its call and what it added. */
export interface PlacedDelta {
  position: number;
  id: string | undefined;
  name: string | undefined;
  argumentsDelta: string;
}

/**
 * Joins the pieces of tool calls that arrive in deltas.
 *
 * A piece belongs to the call at its index, unless it carries another id and a name: that is a new call on a
 * reused index. Without an index the id decides, and without either the latest call is meant.
 */
export class ToolCallAssembler {
  readonly #calls: OpenCall[] = [];
  #byIndex: Map<number, number> | undefined;

  get count(): number {
    return this.#calls.length;
  }

  get argumentCharacters(): number {
    return this.#calls.reduce((sum, call) => sum + call.arguments.length, 0);
  }

  add(delta: ToolCallDelta): PlacedDelta {
    const id = typeof delta.id === "string" && delta.id !== "" ? delta.id : undefined;
    const told = delta.function?.name ?? delta.custom?.name;
    const name = typeof told === "string" && told !== "" ? told : undefined;
    const piece = argumentsText(delta.function?.arguments ?? delta.custom?.input);
    let position = this.#find(delta.index, id, name);
    if (position === undefined) {
      position = this.#calls.push({ id: "", name: "", arguments: "" }) - 1;
    }
    if (delta.index !== undefined) {
      this.#byIndex ??= new Map();
      this.#byIndex.set(delta.index, position);
    }
    const call = this.#calls[position] as OpenCall;
    const newId = call.id === "" ? id : undefined;
    const newName = call.name === "" ? name : undefined;
    if (newId !== undefined) call.id = newId;
    if (newName !== undefined) call.name = newName;
    call.arguments += piece;
    return { position, id: newId, name: newName, argumentsDelta: piece };
  }

  #find(index: number | undefined, id: string | undefined, name: string | undefined): number | undefined {
    if (index !== undefined) {
      const position = this.#byIndex?.get(index);
      if (position !== undefined) {
        const call = this.#calls[position] as OpenCall;
        return id !== undefined && call.id !== "" && id !== call.id && name !== undefined ? undefined : position;
      }
      return name === undefined ? this.#byId(id) : undefined;
    }
    if (id !== undefined) return this.#byId(id);
    const last = this.#calls.at(-1);
    if (last === undefined) return undefined;
    const startsAnother = name !== undefined && last.name !== "" && isWhole(last.arguments);
    return startsAnother ? undefined : this.#calls.length - 1;
  }

  #byId(id: string | undefined): number | undefined {
    const position = this.#calls.findIndex((call) => call.id === id);
    return position === -1 ? undefined : position;
  }

  /**
   * The finished calls. Ids are unique: a missing or repeated one is replaced by `makeId(position)`.
   */
  finish(makeId: (position: number) => string): ToolCall[] {
    const seen = new Set<string>();
    return this.#calls.map((call, position) => {
      const id = call.id === "" || seen.has(call.id) ? makeId(position) : call.id;
      seen.add(id);
      const parsed = parseArguments(call.arguments);
      const base = { id, name: call.name, rawArguments: call.arguments };
      return parsed.ok && call.name !== "" ? { ...base, arguments: parsed.value } : { ...base, invalid: true as const };
    });
  }
}

/** The calls as they stand in an assistant message. */
export function toWireToolCalls(calls: readonly ToolCall[]): WireToolCall[] {
  return calls.map((call) => ({
    id: call.id,
    type: "function",
    function: { name: call.name, arguments: call.rawArguments },
  }));
}

function isWhole(text: string): boolean {
  return text.trim() !== "" && parseArguments(text).ok;
}
