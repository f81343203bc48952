import type { Agent, ClientRequest, RequestOptions } from "node:http";
import { type ProxyVariables, proxyVariables } from "./proxy-variables.js";

/** The pools of one client, opened on first use. */
export interface NodeAgents {
  /** Starts a request over the client's pool, or, with `fresh`, over a socket of its own. */
  request(url: string, options: RequestOptions, fresh: boolean): ClientRequest;
  close(): void;
}

/**
 * Keep-alive pools without a limit on sockets; idle sockets do not keep the process alive. Proxies come from `env`,
 * where this Node supports that: see {@link nodeTakesProxies}.
 */
export function nodeAgents(env: ProxyVariables): NodeAgents {
  const agents = new Map<boolean, Agent>();
  const proxyEnv = proxyVariables(env);
  let latest: Target | undefined;
  const open = (secure: boolean, keepAlive: boolean): Agent => {
    const settings = {
      keepAlive,
      noDelay: true,
      maxSockets: Number.POSITIVE_INFINITY,
      // Node would close all but 256 behind a burst, and connect again with the next.
      maxFreeSockets: Number.POSITIVE_INFINITY,
      proxyEnv,
    };
    // An ES import of node:http loads the bundled undici as well, which costs 30 ms at start.
    const http = process.getBuiltinModule("node:http");
    return secure ? new (process.getBuiltinModule("node:https").Agent)(settings) : new http.Agent(settings);
  };
  return {
    request(url, requestOptions, fresh) {
      // Nearly every request goes to the same address.
      if (latest?.url !== url) latest = targetOf(url);
      const { protocol, hostname, port, path } = latest;
      const secure = protocol === "https:";
      let agent = fresh ? open(secure, false) : agents.get(secure);
      if (agent === undefined) {
        agent = open(secure, true);
        agents.set(secure, agent);
      }
      const client = process.getBuiltinModule(secure ? "node:https" : "node:http");
      return client.request({ protocol, hostname, port, path, ...requestOptions, agent });
    },
    close() {
      for (const agent of agents.values()) agent.destroy();
      agents.clear();
    },
  };
}

/** An address as `node:http` takes it: a URL object would be taken apart with every request. */
interface Target {
  url: string;
  protocol: string | null | undefined;
  hostname: string | null | undefined;
  port: string | number | null | undefined;
  path: string | null | undefined;
}

function targetOf(url: string): Target {
  const { protocol, hostname, port, path } = process.getBuiltinModule("node:url").urlToHttpOptions(new URL(url));
  return { url, protocol, hostname, port, path };
}
