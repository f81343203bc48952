import type { RedisDriver, RedisSubscriber } from "./redis-driver.js";

interface Listener {
  message(message: string): void;
  active: (() => void) | undefined;
}

/** The channels that are listened to, over one connection that is opened for the first of them. */
export class Subscriptions {
  readonly #driver: RedisDriver;
  readonly #channels = new Map<string, Set<Listener>>();
  /** Channels whose messages arrive. */
  readonly #active = new Set<string>();
  #subscriber: RedisSubscriber | undefined;

  constructor(driver: RedisDriver) {
    this.#driver = driver;
  }

  add(channel: string, message: (message: string) => void, active: (() => void) | undefined): () => void {
    const listener: Listener = { message, active };
    const known = this.#channels.get(channel);
    if (known === undefined) {
      this.#channels.set(channel, new Set([listener]));
      this.#listen(channel);
    } else {
      known.add(listener);
      // Never before the caller holds the function that ends it.
      if (this.#active.has(channel)) queueMicrotask(() => known.has(listener) && active?.());
    }
    return () => this.#remove(channel, listener);
  }

  async close(): Promise<void> {
    this.#channels.clear();
    this.#active.clear();
    await this.#subscriber?.close();
    this.#subscriber = undefined;
  }

  #remove(channel: string, listener: Listener): void {
    const listeners = this.#channels.get(channel);
    if (!listeners?.delete(listener) || listeners.size > 0) return;
    this.#channels.delete(channel);
    this.#active.delete(channel);
    // A connection that is broken has forgotten the channel anyway.
    this.#subscriber?.remove(channel).catch(() => {});
  }

  #listen(channel: string): void {
    this.#subscriber ??= this.#driver.subscriber({
      message: (name, text) => {
        for (const { message } of [...(this.#channels.get(name) ?? [])]) message(text);
      },
      resumed: () => {
        for (const name of this.#channels.keys()) this.#activate(name);
      },
    });
    // What fails here is asked again when the connection is back.
    this.#subscriber.add(channel).then(
      () => this.#activate(channel),
      () => {},
    );
  }

  #activate(channel: string): void {
    const listeners = this.#channels.get(channel);
    if (listeners === undefined) return;
    this.#active.add(channel);
    for (const { active } of [...listeners]) active?.();
  }
}
