import type { AnswerTurn } from "../generate/answer-turn.js";
import { abortError } from "../generate/call-signal.js";
import type { Engine } from "../generate/engine.js";
import type { PreparedCall } from "../generate/prepare-call.js";
import { beforeAbort } from "../limits/before-abort.js";
import { keyHash } from "../limits/key-hash.js";
import type { ChatBody, ChatCompletion } from "../messages/chat-body.js";
import { cacheKey } from "./cache-key.js";
import { KeptTurn } from "./kept-turn.js";
import { MadeAnswer } from "./made-answer.js";
import { mayAskCache } from "./may-keep.js";
import type { ResponseCache } from "./response-cache.js";
import { SoftCache } from "./soft-cache.js";
import { tellHit } from "./tell-hit.js";

/** So long may one make an answer, and so long do the others wait for it. */
const FLIGHT_MS = 60_000;

/** What the cache has for a call: a turn that tells the kept answer, or a place for the answer that is to be made. */
export interface CachedCall {
  kept?: AnswerTurn;
  made?: MadeAnswer;
  /** The call to be sent in place of the one that was given. */
  call: PreparedCall;
}

/**
 * Looks for the answer to a call. Undefined where the call is none of the cache's business.
 *
 * Throws: `aborted` or `timeout` where the call ends while it waits.
 */
export async function askCache(engine: Engine, call: PreparedCall, body: ChatBody): Promise<CachedCall | undefined> {
  const { responseCache } = engine;
  if (responseCache === undefined || !mayAskCache(call, body)) return undefined;
  const { signal } = call.signal;
  const identified = await beforeAbort(identify(call), signal, () => abortError(signal));
  const key = identified && keyOf(engine, identified, body);
  if (identified === undefined || key === undefined) return undefined;
  const cache = softCache(engine, responseCache);
  const { openRouterCache } = call.request;
  // Who wants a fresh answer of OpenRouter's wants none of ours.
  const isFresh = typeof openRouterCache === "object" && openRouterCache.clear === true;
  const found = isFresh ? NOTHING : await findBeforeAbort(engine, cache, key, signal);
  if (found.answer === undefined)
    return { made: new MadeAnswer({ ...found, engine, cache, key, call }), call: identified.call };
  const kept = new KeptTurn({
    answer: found.answer,
    model: body.model,
    warnings: call.warnings.map((warning) => ({ type: "warning", warning })),
    elapsedMs: () => engine.clock.now() - call.startedAt,
    onTold: (turn) => tellHit(engine, call, body, identified.account, turn),
  });
  return { kept, call };
}

/** One for each client, as its children have the same engine: it knows whether the cache is away. */
const SOFT = new WeakMap<Engine, SoftCache>();

function softCache(engine: Engine, cache: ResponseCache): SoftCache {
  let soft = SOFT.get(engine);
  if (soft === undefined) {
    soft = new SoftCache(cache, engine.clock, (message) => engine.emit("warning", { code: "response_cache", message }));
    SOFT.set(engine, soft);
  }
  return soft;
}

interface Identified {
  account: string;
  /** The key that a function gave goes out with the first attempt, too. */
  call: PreparedCall;
}

/** Whose answers they are. A key function that fails will fail again when the call is sent, and is explained there. */
async function identify(call: PreparedCall): Promise<Identified | undefined> {
  const { scope } = call;
  if (scope.keyId !== undefined) return { account: scope.keyId, call };
  let key: string | undefined;
  try {
    key = await scope.apiKey?.();
  } catch {
    return undefined;
  }
  let isFirst = true;
  const apiKey = () => {
    if (!isFirst) return scope.apiKey?.() as string | Promise<string>;
    isFirst = false;
    return key as string;
  };
  return { account: keyHash(key ?? ""), call: { ...call, scope: { ...scope, apiKey } } };
}

/** Undefined for a body that is no JSON: sending it will say so. */
function keyOf(engine: Engine, { account, call }: Identified, body: ChatBody): string | undefined {
  const { provider, baseURL } = engine;
  try {
    const { headers } = call.request;
    const isJudged = call.scope.heldAnswers !== undefined;
    return cacheKey({ body, headers, providerName: provider.name, baseURL, account, isJudged });
  } catch {
    return undefined;
  }
}

/** An answer, or the right to make it for others, or neither. */
interface Found {
  answer: ChatCompletion | undefined;
  claim: string | undefined;
}

const NOTHING: Found = { answer: undefined, claim: undefined };

async function findBeforeAbort(engine: Engine, cache: SoftCache, key: string, signal: AbortSignal): Promise<Found> {
  const finding = find(engine, cache, key, signal);
  try {
    return await beforeAbort(finding, signal, () => abortError(signal));
  } catch (error) {
    // A right that comes now is used by nobody. Nothing fails in the finding: the cache is soft.
    void finding.then(({ claim }) => {
      if (claim !== undefined) engine.inBackground(cache.yield(key, claim, "left"));
    });
    throw error;
  }
}

async function find(engine: Engine, cache: SoftCache, key: string, signal: AbortSignal): Promise<Found> {
  const answer = await cache.get(key);
  if (answer !== undefined || !cache.isSingleFlight) return { answer, claim: undefined };
  const until = engine.clock.now() + FLIGHT_MS;
  for (let leftMs = FLIGHT_MS; leftMs > 0 && !signal.aborted; leftMs = until - engine.clock.now()) {
    if (cache.isAway) return NOTHING;
    const claim = await cache.claim(key, FLIGHT_MS);
    if (claim !== undefined) return { answer: undefined, claim };
    const made = await cache.wait(key, leftMs, signal);
    if (made !== "left") return { answer: made, claim: undefined };
  }
  return NOTHING;
}
