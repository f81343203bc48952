import type { Simulator } from "../src/index.js";

/** Any JSON of an answer: tests look into it without types, and fail where it is not what they expect. */
// biome-ignore lint/suspicious/noExplicitAny: a test reads an untyped wire answer
export type Wire = any;

export const headers = { authorization: "Bearer sk-or-v1-0123456789abcdef", "content-type": "application/json" };

export interface Answered {
  status: number;
  headers: Headers;
  text: string;
  json: Wire;
}

export function question(content: string, more: object = {}): object {
  return { model: "openai/gpt-4o-mini", messages: [{ role: "user", content }], ...more };
}

export async function post(simulator: Simulator, body: object, path = "/chat/completions"): Promise<Answered> {
  const response = await fetch(simulator.baseURL + path, { method: "POST", headers, body: JSON.stringify(body) });
  return answered(response);
}

export async function get(simulator: Simulator, path: string): Promise<Answered> {
  return answered(await fetch(simulator.baseURL + path, { headers }));
}

async function answered(response: Response): Promise<Answered> {
  const text = await response.text();
  let json: Wire;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  return { status: response.status, headers: response.headers, text, json };
}

/** The message of an answer without streaming. */
export async function messageTo(simulator: Simulator, body: object): Promise<Wire> {
  const { json } = await post(simulator, body);
  return json.choices[0].message;
}

export interface Streamed extends Answered {
  comments: number;
  events: Wire[];
  done: boolean;
  content: string;
  reasoning: string;
}

/** A streamed answer, taken apart. */
export async function stream(simulator: Simulator, body: object): Promise<Streamed> {
  return takenApart(await post(simulator, { ...body, stream: true }));
}

export function takenApart(answer: Answered): Streamed {
  const blocks = answer.text.split("\n\n").filter((block) => block !== "");
  const data = blocks.filter((block) => block.startsWith("data: ")).map((block) => block.slice(6));
  const events: Wire[] = data.filter((line) => line !== "[DONE]").map((line) => JSON.parse(line));
  const deltas = events.map((event) => event.choices?.[0]?.delta ?? {});
  return {
    ...answer,
    comments: blocks.filter((block) => block.startsWith(":")).length,
    events,
    done: data.at(-1) === "[DONE]",
    content: deltas.map((delta) => delta.content ?? "").join(""),
    reasoning: deltas.map((delta) => delta.reasoning ?? "").join(""),
  };
}
