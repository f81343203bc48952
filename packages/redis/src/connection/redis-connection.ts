import { ioredisDriver } from "./ioredis-driver.js";
import { nodeRedisDriver } from "./node-redis-driver.js";
import { plainReply, type RedisReply } from "./plain-reply.js";
import { isIoredis, isNodeRedis, type RedisClient } from "./redis-client.js";
import type { RedisDriver } from "./redis-driver.js";
import type { RedisScript } from "./redis-script.js";
import { isReplyError, RedisUnavailableError } from "./redis-unavailable-error.js";
import { Subscriptions } from "./subscriptions.js";

/** One user's client, whichever it is: what every store of this package asks Redis through. */
export interface RedisConnection {
  /** Redis was lost or has stopped answering: what is asked now is refused at once. */
  readonly isAway: boolean;
  /**
   * Sends one command and gives its reply: text, number, null or a list of them.
   *
   * Throws: RedisUnavailableError at once while Redis is away, and after `timeoutMs` without an answer; the command may
   * be carried out all the same. What Redis itself answers with, such as WRONGTYPE, as the client throws it.
   */
  command(...args: (string | number)[]): Promise<RedisReply>;
  /** Runs a script by its name; its text is sent where the server does not know it yet. Throws as `command`. */
  script(script: RedisScript, keys: string[], args: (string | number)[]): Promise<RedisReply>;
  /**
   * Messages of a channel until the returned function is called; all channels share one connection of ours.
   *
   * @param active - called when messages begin to arrive, and again after every break, during which some may have been missed
   */
  subscribe(channel: string, listener: (message: string) => void, active?: () => void): () => void;
  /** Calls back whenever Redis answers again after it was away, until the returned function is called. */
  onReconnect(listener: () => void): () => void;
  /** Closes what was opened here, never the user's client. */
  close(): Promise<void>;
}

export interface ConnectionOptions {
  /** How long an answer is waited for, in milliseconds. @default 2_000 */
  timeoutMs?: number | undefined;
  /** Told when Redis is lost or falls silent, and when it is back. */
  onChange?: ((isAway: boolean) => void) | undefined;
}

const TIMEOUT_MS = 2_000;

/** Opens nothing yet: the client is the user's, and a connection to listen with is made for the first channel. */
export function openRedisConnection(client: RedisClient, options: ConnectionOptions = {}): RedisConnection {
  if (isIoredis(client)) return new Connection(ioredisDriver(client), options);
  if (isNodeRedis(client)) return new Connection(nodeRedisDriver(client), options);
  throw new TypeError("the Redis client is neither one of ioredis nor one of redis (node-redis)");
}

class Connection implements RedisConnection {
  readonly #driver: RedisDriver;
  readonly #timeoutMs: number;
  readonly #onChange: (isAway: boolean) => void;
  readonly #subscriptions: Subscriptions;
  readonly #listeners = new Set<() => void>();
  readonly #unwatch: () => void;
  #isDown = false;
  /** A command was not answered in time, and nothing has been answered since. */
  #isSilent = false;
  #cause: unknown;

  constructor(driver: RedisDriver, { timeoutMs = TIMEOUT_MS, onChange = () => {} }: ConnectionOptions) {
    this.#driver = driver;
    this.#timeoutMs = timeoutMs;
    this.#onChange = onChange;
    this.#subscriptions = new Subscriptions(driver);
    this.#unwatch = driver.watch({
      up: () => this.#change({ isDown: false, isSilent: false }),
      down: (error) => {
        if (error instanceof Error) this.#cause = error;
        this.#change({ isDown: true });
      },
    });
  }

  get isAway(): boolean {
    return this.#isDown || this.#isSilent;
  }

  async command(...args: (string | number)[]): Promise<RedisReply> {
    const [name, key] = args;
    return plainReply(await this.#send(args.map(String), key === undefined ? undefined : String(key)), String(name));
  }

  async script({ sha, source }: RedisScript, keys: string[], args: (string | number)[]): Promise<RedisReply> {
    const rest = [String(keys.length), ...keys, ...args.map(String)];
    try {
      return plainReply(await this.#send(["EVALSHA", sha, ...rest], keys[0]));
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith("NOSCRIPT"))) throw error;
      return plainReply(await this.#send(["EVAL", source, ...rest], keys[0]));
    }
  }

  subscribe(channel: string, listener: (message: string) => void, active?: () => void): () => void {
    return this.#subscriptions.add(channel, listener, active);
  }

  onReconnect(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#unwatch();
    this.#listeners.clear();
    await this.#subscriptions.close();
  }

  #send(args: string[], key: string | undefined): Promise<unknown> {
    if (this.isAway) {
      const why = this.#isDown ? "the connection to Redis is lost" : "Redis does not answer";
      return Promise.reject(new RedisUnavailableError(why, { cause: this.#cause }));
    }
    return new Promise((resolve, reject) => {
      let [isOver, isLate] = [false, false];
      const giveUp = () => {
        if (isOver) return;
        isLate = true;
        this.#change({ isSilent: true });
        reject(new RedisUnavailableError(`Redis has not answered within ${this.#timeoutMs} ms`));
      };
      // Where it was this process that was busy, the answer lies there, and is read before it is given up.
      const timer = setTimeout(() => setImmediate(giveUp), this.#timeoutMs);
      const end = (settle: () => void) => {
        isOver = true;
        clearTimeout(timer);
        if (isLate) this.#change({ isSilent: false });
        else settle();
      };
      this.#driver.send(args, key).then(
        (reply) => end(() => resolve(reply)),
        (error: unknown) => end(() => reject(isReplyError(error) ? error : lost(error))),
      );
    });
  }

  #change({ isDown = this.#isDown, isSilent = this.#isSilent }: { isDown?: boolean; isSilent?: boolean }): void {
    const wasAway = this.isAway;
    this.#isDown = isDown;
    this.#isSilent = isSilent;
    if (wasAway === this.isAway) return;
    this.#onChange(this.isAway);
    if (wasAway) for (const listener of [...this.#listeners]) listener();
  }
}

const lost = (cause: unknown) => new RedisUnavailableError("the connection to Redis was lost", { cause });
