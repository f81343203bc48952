import { BlockList, isIP, Socket } from "node:net";

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/** Where a call of `socket.connect(...)` goes: a host name, or undefined for a Unix socket or pipe. */
export function connectHost(args: readonly unknown[]): string | undefined {
  // node:net passes its own, already normalised arguments as one array.
  const [target, host] = Array.isArray(args[0]) ? (args[0] as unknown[]) : args;
  if (typeof target === "object" && target !== null) {
    const options = target as { path?: unknown; host?: unknown };
    if (options.path) return undefined;
    return typeof options.host === "string" ? options.host : "localhost";
  }
  if (typeof target === "string" && !/^\d+$/.test(target)) return undefined;
  return typeof host === "string" ? host : "localhost";
}

/** True for 127.0.0.0/8, ::1 and localhost. Any other name counts as foreign, whatever it would resolve to. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, "$1");
  const family = isIP(bare);
  if (family === 0) return bare.toLowerCase() === "localhost";
  return loopback.check(bare, family === 4 ? "ipv4" : "ipv6");
}

/** Makes every connection to another machine throw, and reports it, because the code under test may swallow the throw. */
export function guardNetwork(report: (error: Error) => void): void {
  const connect = Socket.prototype.connect as (...args: unknown[]) => Socket;
  Socket.prototype.connect = function guarded(this: Socket, ...args: unknown[]): Socket {
    const host = connectHost(args);
    if (host !== undefined && !isLoopback(host)) {
      const error = new Error(`A test tried to connect to ${host}; tests reach this machine only.`);
      report(error);
      throw error;
    }
    return connect.apply(this, args);
  } as typeof Socket.prototype.connect;
}
