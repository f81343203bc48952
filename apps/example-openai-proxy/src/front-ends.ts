import { createHash, randomBytes } from "node:crypto";
import type { ScopeOptions } from "@signalbox/core";

/** A front end that may use the proxy, and for what. */
export interface FrontEnd {
  readonly name: string;
  /** Its own token, which is what its `openai` client has as `apiKey`. */
  readonly token: string;
  readonly scope: ScopeOptions;
}

const ALLOWANCES: Record<string, ScopeOptions> = {
  web: { budget: { usd: 2, per: "day" }, limits: { requestsPerMinute: 120, onLimit: "reject" } },
  trial: { budget: { usd: 0.01, per: "day" }, limits: { requestsPerMinute: 10, onLimit: "reject" } },
};

/** Reads WEB_TOKEN and TRIAL_TOKEN; a token that is not set is made anew. */
export function frontEnds(env: NodeJS.ProcessEnv): FrontEnd[] {
  return Object.entries(ALLOWANCES).map(([name, allowance]) => {
    const token = env[`${name.toUpperCase()}_TOKEN`] || `fe-${randomBytes(24).toString("base64url")}`;
    return { name, token, scope: { user: name, ...allowance } };
  });
}

const digest = (token: string) => createHash("sha256").update(token).digest("hex");

/** Finds the scope that belongs to an `Authorization` header; only hashes are compared. */
export function scopeByToken(known: readonly FrontEnd[]): (authorization: string | undefined) => ScopeOptions | false {
  const scopes = new Map(known.map(({ token, scope }) => [digest(token), scope]));
  return (authorization) => {
    const [, token] = /^Bearer (.+)$/i.exec(authorization ?? "") ?? [];
    return (token !== undefined && scopes.get(digest(token))) || false;
  };
}
