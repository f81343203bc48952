import type { Agent, ClientRequest } from "node:http";
import { type ProxyVariables, proxyVariables } from "./proxy-variables.js";

/** The pools of one client, opened on first use. */
export interface NodeAgents {
  /** Starts a request over the client's pool, or, with `fresh`, over a socket of its own. Its body is still to be sent. */
  request(url: string, request: OutgoingHead, fresh: boolean): ClientRequest;
  close(): void;
}

/** All of a request that goes before its body. */
export interface OutgoingHead {
  method: string;
  headers: Readonly<Record<string, string>>;
  /** Bytes of the body; undefined where there is none. */
  bodyLength: number | undefined;
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
    request(url, { method, headers, bodyLength }, fresh) {
      // Nearly every request goes to the same address.
      if (latest?.url !== url) latest = targetOf(url);
      const { protocol, hostname, port, path, host } = latest;
      const secure = protocol === "https:";
      let agent = fresh ? open(secure, false) : agents.get(secure);
      if (agent === undefined) {
        agent = open(secure, true);
        agents.set(secure, agent);
      }
      const client = process.getBuiltinModule(secure ? "node:https" : "node:http");
      // Before plain HTTP a proxy wants headers of its own, which Node adds to an object only.
      const isProxied = !secure && (proxyEnv.http_proxy ?? proxyEnv.HTTP_PROXY) !== undefined;
      const sent = isProxied ? headers : headerList(host, headers, bodyLength);
      return client.request({ protocol, hostname, port, path, method, headers: sent, agent });
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
  host: string;
  protocol: string | null | undefined;
  hostname: string | null | undefined;
  port: string | number | null | undefined;
  path: string | null | undefined;
}

function targetOf(url: string): Target {
  const parsed = new URL(url);
  const { protocol, hostname, port, path } = process.getBuiltinModule("node:url").urlToHttpOptions(parsed);
  return { url, host: parsed.host, protocol, hostname, port, path };
}

/** Names and values in turn: Node writes such a list as it is, and keeps no copy of each header while the answer runs. */
function headerList(host: string, headers: OutgoingHead["headers"], bodyLength: number | undefined): string[] {
  const list = ["host", host];
  for (const name in headers) list.push(name, headers[name] as string);
  if (bodyLength !== undefined) list.push("content-length", String(bodyLength));
  return list;
}
