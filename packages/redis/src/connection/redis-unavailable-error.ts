/** Redis cannot be asked now: the connection is gone, or nothing is answered. Nothing is known of what was asked. */
export class RedisUnavailableError extends Error {
  override readonly name = "RedisUnavailableError";
}

/** Whether Redis itself refused the command: it is there, and it said why. */
export function isReplyError(error: unknown): boolean {
  return error instanceof Error && (error.name === "ReplyError" || /^-?[A-Z][A-Z0-9]+ /.test(error.message));
}

/**
 * What Redis answers while it starts, changes its master, runs a long script or has no room: later it works. Before
 * Redis 7 a script says it behind its own words.
 */
const NOT_NOW =
  /(?:^-?|: -)(?:LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|BUSY|NOREPLICAS|UNBLOCKED|OOM|MISCONF) /;

/** Whether Redis may well do later what it could not do now. */
export function isPassing(error: unknown): boolean {
  return error instanceof RedisUnavailableError || (error instanceof Error && NOT_NOW.test(error.message));
}
