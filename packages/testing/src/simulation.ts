import type { Account } from "./account/account.js";
import type { Generations } from "./account/generations.js";
import type { Keys } from "./account/keys.js";
import type { ReplyOptions, Script } from "./answers/reply.js";
import type { PromptCache } from "./cache/prompt-cache.js";
import type { ResponseCache } from "./cache/response-cache.js";
import type { Catalogue } from "./catalogue/catalogue.js";
import type { Notation } from "./catalogue/notation.js";
import type { Clock } from "./clock.js";
import type { Fault } from "./faults/fault.js";
import type { JsonObject } from "./json.js";
import type { Recording } from "./replay/recording.js";
import type { RequestLog } from "./requests/request-log.js";
import type { RequestQueue } from "./requests/request-queue.js";
import type { Completion } from "./wire/completion.js";

/** Everything one simulator knows and remembers; its routes read and change it. */
export interface Simulation {
  seed: string | number;
  notation: Notation;
  clock: Clock;
  tokensPerSecond: number | undefined;
  catalogue: Catalogue;
  account: Account;
  keys: Keys;
  generations: Generations;
  completions: ResponseCache<Completion>;
  /** Answers of POST /embeddings. */
  vectors: ResponseCache<JsonObject>;
  prompts: PromptCache;
  log: RequestLog;
  script: Script | undefined;
  replies: RequestQueue<ReplyOptions>;
  faults: RequestQueue<Fault>;
  recordings: RequestQueue<Recording>;
  /** How often the same request came: equal requests get different generation ids, in any order of arrival. */
  occurrences: Map<string, number>;
}
