import type { ChatCompletion } from "@signalbox/core";
import type { RedisConnection } from "../connection/redis-connection.js";
import { CLAIM, END, LOOK, RENEW } from "./flight-scripts.js";

/** A claim is looked at again a moment after it should have run out. */
const GRACE_MS = 50;

interface Claim {
  token: string;
  until: number;
  renewal: NodeJS.Timeout;
}

type Ending = ChatCompletion | "left" | undefined;

/**
 * The rights to make answers, over all processes: a key with an expiry for each, renewed while its holder lives, and one
 * channel on which its end is told.
 */
export class RedisFlights {
  readonly #connection: RedisConnection;
  readonly #prefix: string;
  readonly #channel: string;
  readonly #claimMs: number;
  readonly #get: (key: string) => Promise<ChatCompletion | undefined>;
  readonly #claims = new Map<string, Claim>();

  /**
   * @param claimMs - a claim whose process is gone is free after so long
   * @param get - the answer under a key, where there is one
   */
  constructor(
    connection: RedisConnection,
    prefix: string,
    claimMs: number,
    get: (key: string) => Promise<ChatCompletion | undefined>,
  ) {
    this.#connection = connection;
    this.#prefix = prefix;
    this.#channel = `${prefix}:flights`;
    this.#claimMs = claimMs;
    this.#get = get;
  }

  /** The claim's own token, where it was free. */
  async claim(key: string, ms: number): Promise<string | undefined> {
    const token = crypto.randomUUID();
    const until = Date.now() + ms;
    const answer = await this.#connection.script(CLAIM, this.#keys(key), [token, Math.min(ms, this.#claimMs)]);
    if (answer !== 1) return undefined;
    this.#forget(key);
    const renewal = setInterval(() => this.#renew(key), this.#claimMs / 3);
    renewal.unref();
    this.#claims.set(key, { token, until, renewal });
    return token;
  }

  /** Ends the claim, unless it has run out and is another's by now, and tells those who wait. */
  async end(key: string, token: string, how: "made" | "failed" | "left"): Promise<void> {
    if (this.#claims.get(key)?.token === token) this.#forget(key);
    await this.#connection.script(END, [this.#claimKey(key)], [token, this.#channel, `${how} ${key}`]);
  }

  /** The answer is there: ends whatever claim this process has to it, also one younger than the answer's own. */
  async made(key: string, token: string | undefined): Promise<void> {
    const held = this.#claims.get(key)?.token ?? token;
    if (held !== undefined) await this.end(key, held, "made");
  }

  async wait(key: string, ms: number, signal: AbortSignal): Promise<Ending> {
    const { promise, resolve, reject } = Promise.withResolvers<Ending>();
    let again: NodeJS.Timeout | undefined;
    let isOver = false;
    // At first, where messages may have been missed, and where a claim should have run out.
    const look = async () => {
      const reply = await this.#connection.script(LOOK, this.#keys(key), []);
      const [isThere, leftMs] = reply as [number, number];
      clearTimeout(again);
      if (isThere === 1) resolve(await this.#get(key));
      else if (leftMs < 0) resolve("left");
      else if (!isOver) again = setTimeout(lookAgain, leftMs + GRACE_MS);
    };
    const lookAgain = () => void look().catch(reject);
    const hear = (message: string) => {
      if (message === `made ${key}`) this.#get(key).then(resolve, reject);
      else if (message === `failed ${key}`) resolve(undefined);
      else if (message === `left ${key}`) resolve("left");
    };
    const giveUp = () => resolve(undefined);
    const timeIsUp = setTimeout(giveUp, ms);
    signal.addEventListener("abort", giveUp, { once: true });
    if (signal.aborted) giveUp();
    const leave = this.#connection.subscribe(this.#channel, hear, lookAgain);
    lookAgain();
    try {
      return await promise;
    } finally {
      isOver = true;
      leave();
      clearTimeout(again);
      clearTimeout(timeIsUp);
      signal.removeEventListener("abort", giveUp);
    }
  }

  #renew(key: string): void {
    const claim = this.#claims.get(key);
    if (claim === undefined) return;
    const leftMs = claim.until - Date.now();
    if (leftMs <= 0) {
      this.#forget(key);
      return;
    }
    const asked = this.#connection.script(RENEW, [this.#claimKey(key)], [claim.token, Math.min(leftMs, this.#claimMs)]);
    asked.then(
      (answer) => answer === 0 && this.#claims.get(key) === claim && this.#forget(key),
      // Redis is away: the next time may do, else the claim runs out and another asks, too.
      () => undefined,
    );
  }

  #forget(key: string): Claim | undefined {
    const claim = this.#claims.get(key);
    clearInterval(claim?.renewal);
    this.#claims.delete(key);
    return claim;
  }

  #keys(key: string): string[] {
    return [`${this.#prefix}:cache:${key}`, this.#claimKey(key)];
  }

  #claimKey(key: string): string {
    return `${this.#prefix}:flight:${key}`;
  }
}
