/** Where the engines are that all processes of the service share. */
export interface Settings {
  readonly redisUrl: string;
  readonly databaseUrl: string;
}

const ENGINES = [
  { name: "REDIS_URL", like: "redis://127.0.0.1:6379", keeps: "budgets, limits, runs, answers and jobs" },
  { name: "DATABASE_URL", like: "postgres://chat@127.0.0.1:5432/chat", keeps: "the ledger" },
] as const;

/**
 * Reads them.
 *
 * @throws Error that names what is missing, and what it looks like
 */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const missing = ENGINES.filter(({ name }) => !env[name]);
  if (missing.length > 0) {
    const lines = missing.map(({ name, like, keeps }) => `${name} is not set (${keeps}); such as ${name}=${like}`);
    throw new Error([...lines, "docs/many-machines.md starts both on this machine."].join("\n"));
  }
  return { redisUrl: env.REDIS_URL ?? "", databaseUrl: env.DATABASE_URL ?? "" };
}
