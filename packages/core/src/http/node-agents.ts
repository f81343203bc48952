import type { Agent, ClientRequest, RequestOptions } from "node:http";
import { type ProxyVariables, proxyVariables } from "./proxy-variables.js";

/** The pools of one client, opened on first use. */
export interface NodeAgents {
  /** Starts a request over the client's pool, or, with `fresh`, over a socket of its own. */
  request(url: URL, options: RequestOptions, fresh: boolean): ClientRequest;
  close(): void;
}

/**
 * Keep-alive pools without a limit on sockets; idle sockets do not keep the process alive. Proxies come from `env`,
 * where this Node supports that: see {@link nodeTakesProxies}.
 */
export function nodeAgents(env: ProxyVariables): NodeAgents {
  const agents = new Map<string, Agent>();
  const proxyEnv = proxyVariables(env);
  const open = (secure: boolean, keepAlive: boolean): Agent => {
    const settings = {
      keepAlive,
      noDelay: true,
      maxSockets: Number.POSITIVE_INFINITY,
      proxyEnv,
    };
    // An ES import of node:http loads the bundled undici as well, which costs 30 ms at start.
    const http = process.getBuiltinModule("node:http");
    return secure ? new (process.getBuiltinModule("node:https").Agent)(settings) : new http.Agent(settings);
  };
  return {
    request(url, requestOptions, fresh) {
      const secure = url.protocol === "https:";
      let agent = fresh ? open(secure, false) : agents.get(url.protocol);
      if (agent === undefined) {
        agent = open(secure, true);
        agents.set(url.protocol, agent);
      }
      const client = process.getBuiltinModule(secure ? "node:https" : "node:http");
      return client.request(url, { ...requestOptions, agent });
    },
    close() {
      for (const agent of agents.values()) agent.destroy();
      agents.clear();
    },
  };
}
