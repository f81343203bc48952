import { createHash } from "node:crypto";
import type { Route } from "../catalogue/route-request.js";
import type { Clock } from "../clock.js";
import { isJsonObject, type JsonObject, type JsonValue } from "../json.js";
import { messagesOf } from "../text/prompt-text.js";
import { jsonTokens, messageTokens } from "../text/prompt-tokens.js";
import type { CachedTokens } from "../wire/usage.js";

const leastTokens = 1_024;
const mostKept = 10_000;
const fiveMinutes = 5 * 60_000;
const oneHour = 60 * 60_000;

/** A whole message of a prompt, or its tools: what the beginning of a prompt is made of. */
interface Piece {
  text: string;
  tokens: number;
  /** How long it is to be kept, where it is marked. */
  keptMs: number | undefined;
}

/**
 * Beginnings of prompts that a provider has read, of 1,024 tokens or more. Models of Anthropic and Google keep what
 * `cache_control` marks, the others everything; five minutes after the last use it is forgotten, or an hour where the
 * mark says so.
 */
export class PromptCache {
  private readonly until = new Map<string, number>();

  constructor(private readonly clock: Clock) {}

  /** Tokens of this prompt that were kept already, and those that are kept from now on. */
  read(apiKey: string, { model, endpoint }: Route, body: JsonObject): CachedTokens {
    const isMarkedOnly = /^~?(anthropic|google)\//.test(model.id);
    const pieces = piecesOf(body);
    const end = isMarkedOnly ? pieces.findLastIndex(({ keptMs }) => keptMs !== undefined) + 1 : pieces.length;
    const keptMs = Math.max(fiveMinutes, ...pieces.map((piece) => piece.keptMs ?? 0));
    const now = this.clock.now();
    let name = `${apiKey}\n${model.id}\n${endpoint.providerSlug}`;
    let tokens = 0;
    let read = 0;
    for (const piece of pieces.slice(0, end)) {
      name = createHash("sha256").update(`${name}\n${piece.text}`).digest("hex");
      tokens += piece.tokens;
      if (tokens < leastTokens) continue;
      if ((this.until.get(name) ?? 0) > now) read = tokens;
      this.keep(name, now + keptMs);
    }
    return { read, written: isMarkedOnly && tokens >= leastTokens ? tokens - read : 0 };
  }

  private keep(name: string, until: number): void {
    this.until.delete(name);
    this.until.set(name, until);
    const oldest = this.until.size > mostKept ? this.until.keys().next().value : undefined;
    if (oldest !== undefined) this.until.delete(oldest);
  }
}

function piecesOf(body: JsonObject): Piece[] {
  const tools = jsonTokens(body.tools);
  const pieces = [
    ...(tools > 0 ? [piece(body.tools, tools)] : []),
    ...messagesOf(body).map((message) => piece(message, messageTokens(message))),
  ];
  const last = pieces.at(-1);
  // A mark on the request as a whole stands for its end.
  if (last) last.keptMs ??= markOf(body.cache_control);
  return pieces;
}

function piece(value: JsonValue | undefined, tokens: number): Piece {
  let keptMs: number | undefined;
  const text = JSON.stringify(value, (name, member: JsonValue) => {
    if (name !== "cache_control") return member;
    keptMs = markOf(member) ?? keptMs;
    return undefined;
  });
  return { text, tokens, keptMs };
}

function markOf(mark: JsonValue | undefined): number | undefined {
  if (!isJsonObject(mark)) return undefined;
  return mark.ttl === "1h" ? oneHour : fiveMinutes;
}
