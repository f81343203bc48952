import type { Clock } from "../src/http/clock.js";
import { dispatcherTransport } from "../src/http/dispatcher-transport.js";
import { fetchTransport } from "../src/http/fetch-transport.js";
import { nodeTransport } from "../src/http/node-transport.js";
import type { Transport } from "../src/http/transport.js";

interface Closable {
  destroy(): Promise<void>;
}

/** A new undici Agent of the undici that this Node brings along. */
export async function bundledAgent(): Promise<Closable> {
  // Loads the bundled undici, which then stands behind the global symbol.
  void globalThis.fetch;
  await fetch("data:,").then((response) => response.text());
  const agent = Reflect.get(globalThis, Symbol.for("undici.globalDispatcher.1")) as { constructor: new () => Closable };
  return new agent.constructor();
}

/** The three ways of reaching a server, each to be built for one test. */
export const transports: Record<"node" | "fetch" | "dispatcher", (clock: Clock) => Promise<Transport>> = {
  async node(clock) {
    return nodeTransport({ clock, env: {} });
  },
  async fetch(clock) {
    return fetchTransport((input, init) => fetch(input, init as RequestInit), clock);
  },
  async dispatcher(clock) {
    const agent = await bundledAgent();
    return Object.assign(dispatcherTransport(agent, clock), { close: () => void agent.destroy() });
  },
};
