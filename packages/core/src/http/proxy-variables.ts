import type { AgentOptions } from "node:http";

/** The environment as far as it names proxies, and the hosts that are reached without one. */
export type ProxyVariables = Readonly<Record<string, string | undefined>>;

const NAMES = ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY"];

/** The variables that are about proxies, and no others: what stands beside them may be a key. */
export function proxyVariables(env: ProxyVariables): ProxyVariables {
  return Object.fromEntries(NAMES.filter((name) => env[name]).map((name) => [name, env[name]]));
}

/**
 * Whether the agents of this Node take `proxyEnv` (22.21, 24.5 and later do). Asked by a proxy that no agent that looks
 * at it lets pass, since version numbers say little in other runtimes.
 */
export function nodeTakesProxies(): boolean {
  const { Agent } = process.getBuiltinModule("node:http");
  try {
    return new Agent({ proxyEnv: { http_proxy: "\r" } } as AgentOptions) === undefined;
  } catch {
    return true;
  }
}

/** The variable whose proxy stands before `address`, read as Node reads them; undefined: none does. */
export function proxyVariableFor(address: string, env: ProxyVariables): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { protocol, hostname, port } = new URL(address);
  const names = protocol === "https:" ? ["https_proxy", "HTTPS_PROXY"] : ["http_proxy", "HTTP_PROXY"];
  const name = names.find((candidate) => env[candidate]);
  if (name === undefined || !/^https?:\/\//.test(env[name] ?? "")) return undefined;
  const past = (env.no_proxy || env.NO_PROXY || "").split(",").map((entry) => entry.trim().toLowerCase());
  const withPort = `${hostname}:${port || (protocol === "https:" ? 443 : 80)}`;
  return past.some((entry) => covers(entry, hostname, withPort)) ? undefined : name;
}

function covers(entry: string, host: string, withPort: string): boolean {
  if (entry === "*" || entry === host || entry === withPort) return true;
  if (entry.startsWith(".")) return host === entry.slice(1) || host.endsWith(entry);
  if (entry.startsWith("*.")) return host.endsWith(entry.slice(1));
  const [from, to, at] = [...entry.split("-", 2), host].map(addressNumber);
  return from !== undefined && to !== undefined && at !== undefined && from <= at && at <= to;
}

/** An IPv4 address as a number. */
function addressNumber(text: string): number | undefined {
  const parts = /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text.trim())?.slice(1);
  return parts?.reduce((number, part) => number * 256 + Number(part), 0);
}
