import { InvalidRequestError } from "../../errors/error-classes.js";
import type { GenerateRequest } from "../../generate/generate-request.js";
import type { FieldJudge } from "./accept.js";
import { readMessages } from "./read-messages.js";

/** What a body asks for, as far as it may. */
export interface ChatBody {
  request: Partial<GenerateRequest>;
  /** Undefined where the body does not say. */
  stream: boolean | undefined;
}

const OWN = ["prompt", "messages", "stream"];

/**
 * Takes from a body what is open, and refuses a body that holds anything else: nothing is dropped in silence.
 *
 * @throws InvalidRequestError `invalid_request` that names every field that is not open, or the first that is wrong
 */
export async function readChatBody(
  body: Readonly<Record<string, unknown>>,
  open: ReadonlyMap<string, FieldJudge>,
  req: unknown,
): Promise<ChatBody> {
  const names = Object.keys(body);
  const closed = names.filter((name) => !OWN.includes(name) && !open.has(name));
  if (closed.length > 0) {
    const shown = closed.slice(0, 10).map((name) => `\`${name.slice(0, 80)}\``);
    throw new InvalidRequestError("invalid_request", `not open to the body: ${shown.join(", ")}`, {
      hint: `A body may hold ${[...OWN, ...open.keys()].join(", ")}.`,
    });
  }
  const request: Record<string, unknown> = {};
  for (const [name, judge] of open) {
    if (!Object.hasOwn(body, name)) continue;
    const objection = await judge(body[name], req);
    if (objection !== undefined) throw new InvalidRequestError("invalid_request", objection);
    request[name] = body[name];
  }
  const { prompt, messages, stream } = body;
  if (stream !== undefined && typeof stream !== "boolean") throw wrong("`stream` is neither true nor false");
  if (prompt !== undefined && messages !== undefined) throw wrong("give either `prompt` or `messages`, not both");
  if (prompt !== undefined) request.prompt = readPrompt(prompt);
  if (messages !== undefined) request.messages = readMessages(messages);
  return { request, stream };
}

function readPrompt(prompt: unknown): string {
  if (typeof prompt === "string" && prompt !== "") return prompt;
  throw wrong("`prompt` is no text");
}

function wrong(detail: string): InvalidRequestError {
  return new InvalidRequestError("invalid_request", detail);
}
