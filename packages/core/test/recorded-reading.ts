import { type GenerateResult, type LLMClient, LLMError, type StreamEvent } from "../src/index.js";
import type { Recording } from "./recordings.js";

/** How an answer is asked for, whatever the recording holds. */
export type Mode = "streaming" | "whole";

/** What a call gave: a result or an error, and the events of a stream. */
export interface Reading {
  result?: GenerateResult;
  error?: LLMError;
  events?: StreamEvent[];
}

/** Asks for a recorded chat answer. Anything thrown that is no LLMError is thrown on. */
export async function readRecorded(llm: LLMClient, recording: Recording, mode: Mode): Promise<Reading> {
  const { tools } = recording.request.body;
  const asked = {
    prompt: "Say hello.",
    model: "acme/test-1",
    ...(tools ? { tools: tools as never[] } : {}),
    headers: { "x-recording": recording.name },
  };
  const events: StreamEvent[] = [];
  try {
    if (mode === "whole") return { result: await llm.generate(asked) };
    const stream = llm.stream(asked);
    for await (const event of stream.events) events.push(event);
    return { result: await stream.result, events };
  } catch (error) {
    if (!LLMError.is(error)) throw error;
    return mode === "whole" ? { error } : { error, events };
  }
}

/** What had arrived, whether or not it ended well. */
export const arrived = ({ result, error }: Reading): Partial<GenerateResult> => result ?? error?.partial ?? {};

/**
 * What no answer may do to a reader, however broken it is: events that are not the result's, another end than
 * exactly one, a call whose arguments are not a whole object, and one that is told invalid although they are. Empty
 * where all holds.
 */
export function brokenPromises(reading: Reading): string[] {
  const found: string[] = [];
  const { result, error, events } = reading;
  if ((result === undefined) === (error === undefined)) found.push("not exactly one of result and error");
  const read = arrived(reading);
  const calls = events?.flatMap((event) => (event.type === "tool-call" ? [event.call] : [])) ?? [];
  for (const call of [...(read.toolCalls ?? []), ...calls]) {
    // Without a name it is no call, whatever its arguments are.
    const whole = call.name === "" ? undefined : wholeObject(call.rawArguments);
    if ((call.invalid === true) !== (whole === undefined))
      found.push(`the call ${call.id} is told ${call.invalid ? "invalid" : "valid"}`);
    if (!sameJson(call.arguments, whole)) found.push(`the call ${call.id} has no whole object`);
  }
  if (events === undefined) return found;
  const joined = (type: "text-delta" | "reasoning-delta") =>
    events.flatMap((event) => (event.type === type ? [event.text] : [])).join("");
  if (joined("text-delta") !== (read.text ?? "")) found.push("the text deltas are not the text");
  if (joined("reasoning-delta") !== (read.reasoning ?? "")) found.push("the reasoning deltas are not the reasoning");
  const ends = events.filter((event) => event.type === "finish").length;
  if (ends !== (result === undefined ? 0 : 1)) found.push(`${ends} finish events`);
  if (result !== undefined && events.at(-1)?.type !== "finish") found.push("something came after finish");
  if (result !== undefined && !sameJson(calls, result.toolCalls)) found.push("the call events are not the calls");
  return found;
}

function wholeObject(raw: string): object | undefined {
  if (raw.trim() === "") return {};
  try {
    const value: unknown = JSON.parse(raw);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const sameJson = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
