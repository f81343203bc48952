/** Redis cannot be asked now: the connection is gone, or nothing is answered. Nothing is known of what was asked. */
export class RedisUnavailableError extends Error {
  override readonly name = "RedisUnavailableError";
}

/** Whether Redis itself refused the command: it is there, and it said why. */
export function isReplyError(error: unknown): boolean {
  return error instanceof Error && (error.name === "ReplyError" || /^-?[A-Z][A-Z0-9]+ /.test(error.message));
}
