/** A Lua script: its text is sent once to each server, then it is called by its name. */
export interface RedisScript {
  readonly source: string;
  readonly sha: string;
}

/** The script with its name. */
export function redisScript(source: string): RedisScript {
  const sha = process.getBuiltinModule("node:crypto").createHash("sha1").update(source).digest("hex");
  return { source, sha };
}
