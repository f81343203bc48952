import type { ScopeOptions } from "@signalbox/core";

interface User {
  readonly name: string;
  readonly token: string;
  readonly dayUsd: number;
}

/** Set TOKENS="ann:…,tom:…" for tokens of your own; every process needs the same. */
const TOKENS = new Map((process.env.TOKENS ?? "ann:ann-token,tom:tom-token").split(",").map(pairOf));

const USERS: readonly User[] = [
  { name: "ann", token: TOKENS.get("ann") ?? "", dayUsd: 1 },
  { name: "tom", token: TOKENS.get("tom") ?? "", dayUsd: 0.0004 },
];

/** Whose calls these are, and what they may spend, in whichever process they run; undefined for nobody we know. */
export function scopeByToken(authorization: string | undefined): ScopeOptions | undefined {
  const token = /^Bearer (.+)$/.exec(authorization ?? "")?.[1];
  return scopeOf(USERS.find((user) => user.token !== "" && user.token === token));
}

/** The same for a job, which carries a name and no token. */
export const scopeByName = (name: unknown): ScopeOptions | undefined =>
  scopeOf(USERS.find((user) => user.name === name));

function scopeOf(user: User | undefined): ScopeOptions | undefined {
  if (user === undefined) return undefined;
  return {
    user: user.name,
    budget: [
      { usd: user.dayUsd, per: "day" },
      { usd: user.dayUsd * 10, per: "month" },
    ],
    limits: { requestsPerMinute: 120 },
  };
}

function pairOf(pair: string): [string, string] {
  const colon = pair.indexOf(":");
  return [pair.slice(0, colon), pair.slice(colon + 1)];
}
