/** What is used of a pool or a client of PostgreSQL: `new Pool(…)` of `pg` fits, and so does whatever queries like it. */
export interface PostgresPool {
  /** Runs one statement with its values. */
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
}

/** PostgreSQL's code of an error, five characters; undefined for any other failure, such as a lost connection. */
export function postgresCode(error: unknown): string | undefined {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  return typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}
