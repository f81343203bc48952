/** What the two clients have in common, once their differences are gone. */
export interface RedisDriver {
  /** Sends one command; `key` says to which part of a cluster. The reply is as the client decoded it. */
  send(args: string[], key: string | undefined): Promise<unknown>;
  /** Calls back when the connection comes up and when it breaks, until the returned function is called. */
  watch(events: { up(): void; down(error?: unknown): void }): () => void;
  /** A connection of our own that listens to channels. */
  subscriber(events: SubscriberEvents): RedisSubscriber;
}

export interface SubscriberEvents {
  message(channel: string, message: string): void;
  /** The connection is back after it was broken, and every channel is listened to again. */
  resumed(): void;
}

/** A connection that does nothing but listen. It does not keep the process alive where the client allows that. */
export interface RedisSubscriber {
  /** Resolves once messages of the channel arrive. */
  add(channel: string): Promise<void>;
  remove(channel: string): Promise<void>;
  close(): Promise<void>;
}
