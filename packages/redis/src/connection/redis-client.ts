/** What is called of a client of `ioredis` (5, 6), or of its `Cluster`. */
export interface IoredisClient {
  readonly status: string;
  readonly isCluster?: boolean | undefined;
  call(command: string, ...args: string[]): Promise<unknown>;
  duplicate(): unknown;
}

/** What is called of a client of `redis` (node-redis 5, 6), which its owner connects. */
export interface NodeRedisClient {
  readonly isOpen: boolean;
  readonly isReady: boolean;
  sendCommand(args: string[]): Promise<unknown>;
  duplicate(): unknown;
}

/** What is called of a cluster of `redis` (node-redis 5, 6), which its owner connects. */
export interface NodeRedisCluster {
  readonly isOpen: boolean;
  readonly masters: readonly unknown[];
  sendCommand(firstKey: string | undefined, isReadonly: boolean | undefined, args: string[]): Promise<unknown>;
  duplicate(): unknown;
}

/** The user's own client. It is never closed, and nothing is set on it. */
export type RedisClient = IoredisClient | NodeRedisClient | NodeRedisCluster;

/** The events of any of them. Their own declarations differ too much to be one type. */
export interface Emitting {
  on(event: string, listener: (...args: never[]) => void): unknown;
  off(event: string, listener: (...args: never[]) => void): unknown;
}

/** Told apart by what they can do: two installs of one client are the same to us. */
export function isIoredis(client: unknown): client is IoredisClient {
  return (
    has(client, "call") &&
    has(client, "duplicate") &&
    has(client, "on") &&
    typeof (client as IoredisClient).status === "string"
  );
}

/** A client or a cluster of node-redis. */
export function isNodeRedis(client: unknown): client is NodeRedisClient | NodeRedisCluster {
  return has(client, "sendCommand") && has(client, "duplicate") && has(client, "on") && "isOpen" in (client as object);
}

const has = (client: unknown, method: string) =>
  typeof client === "object" && client !== null && typeof (client as Record<string, unknown>)[method] === "function";
