/** What a reader without any care gets from a stream: the measure for the client's own reading. */
export interface PlainReading {
  text: string;
  reasoning: string;
  /** Arguments of all calls behind one another; undefined where a piece does not plainly say whose it is. */
  arguments: string | undefined;
  finish: string | undefined;
  native: string | undefined;
  usage: unknown;
  /** `unreadable`: an event that is no JSON object. `error`: one that holds an error. `cut`: neither finish nor `[DONE]`. */
  end: "good" | "empty" | "cut" | "unreadable" | "error";
}

export type PlainChunk = {
  choices?: PlainChoice[];
  usage?: unknown;
  error?: unknown;
  [field: string]: unknown;
};
interface PlainChoice {
  index?: unknown;
  delta?: PlainDelta | null;
  finish_reason?: unknown;
  native_finish_reason?: unknown;
  error?: unknown;
}
interface PlainPiece {
  index?: unknown;
  id?: unknown;
  function?: { name?: unknown; arguments?: unknown } | null;
}
interface PlainDelta {
  content?: unknown;
  reasoning?: unknown;
  reasoning_content?: unknown;
  reasoning_details?: { text?: unknown; summary?: unknown }[] | null;
  tool_calls?: PlainPiece[] | null;
  [field: string]: unknown;
}

/** The data of every event: a parsed object, `done`, or undefined for what is neither. Comments are left out. */
export function plainEvents(body: Buffer): (PlainChunk | "done" | undefined)[] {
  const events: (PlainChunk | "done" | undefined)[] = [];
  let data: string[] = [];
  const lines = body.toString("utf8").split(/\r\n|\n|\r/);
  for (const [number, line] of lines.entries()) {
    if (line.startsWith("data:")) data.push(line.slice(5).replace(/^ /, ""));
    const isBlank = line === "" && number < lines.length - 1;
    if (!isBlank) continue;
    const text = data.join("\n");
    data = [];
    if (text.trim() !== "") events.push(parsed(text));
  }
  // Behind the last blank line only what is whole counts.
  const rest = parsed(data.join("\n"));
  if (rest !== undefined) events.push(rest);
  return events;
}

function parsed(text: string): PlainChunk | "done" | undefined {
  if (text.trim() === "[DONE]") return "done";
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as PlainChunk) : undefined;
  } catch {
    return undefined;
  }
}

export function plainReading(events: readonly (PlainChunk | "done" | undefined)[]): PlainReading {
  const read: PlainReading = {
    text: "",
    reasoning: "",
    arguments: "",
    finish: undefined,
    native: undefined,
    usage: undefined,
    end: "cut",
  };
  const pieces: PlainPiece[] = [];
  let any = false;
  for (const event of events) {
    if (event === undefined) return { ...read, end: "unreadable" };
    if (event === "done") return { ...read, end: read.finish !== undefined || any ? "good" : "empty" };
    const choice = firstChoice(event);
    if (typeof event.usage === "object" && event.usage !== null) read.usage = event.usage;
    if (typeof choice?.finish_reason === "string") read.finish = choice.finish_reason;
    if (typeof choice?.native_finish_reason === "string") read.native = choice.native_finish_reason;
    const delta = choice?.delta ?? {};
    read.text += textOf(delta.content);
    read.reasoning += thoughtOf(delta);
    pieces.push(...(delta.tool_calls ?? []));
    read.arguments = argumentsOf(pieces);
    any ||= textOf(delta.content) !== "" || thoughtOf(delta) !== "" || Boolean(delta.tool_calls?.length);
    if (event.error || choice?.error || choice?.finish_reason === "error") return { ...read, end: "error" };
  }
  return { ...read, end: read.finish === undefined ? "cut" : "good" };
}

function firstChoice({ choices }: PlainChunk): PlainChoice | undefined {
  if (!Array.isArray(choices)) return undefined;
  return choices.find(({ index }) => index === 0 || typeof index !== "number");
}

const textOf = (value: unknown) => (typeof value === "string" ? value : "");

/** A piece is plain where its index names a call that began with an id and a name, and it names no other. */
function argumentsOf(pieces: readonly PlainPiece[]): string | undefined {
  const calls = new Map<unknown, { id: unknown; raw: string }>();
  for (const { index, id, function: called } of pieces) {
    const { name, arguments: given } = called ?? {};
    const isFirst = !calls.has(index);
    const call = calls.get(index) ?? { id, raw: "" };
    const isPlain = isFirst ? Boolean(id && name) : !id || id === call.id;
    if (typeof index !== "number" || !isPlain) return undefined;
    call.raw += typeof given === "string" ? given : (JSON.stringify(given ?? undefined) ?? "");
    calls.set(index, call);
  }
  return [...calls.values()].map(({ raw }) => raw).join("");
}

/** Both forms of a thought say the same: one of them is read. */
function thoughtOf({ reasoning, reasoning_content, reasoning_details }: PlainDelta): string {
  const flat = textOf(reasoning) || textOf(reasoning_content);
  if (flat !== "" || !Array.isArray(reasoning_details)) return flat;
  return reasoning_details.map(({ text, summary }) => textOf(text) || textOf(summary)).join("");
}
