import { createError } from "../errors/error-classes.js";

type Sqlite = typeof import("node:sqlite");

/** Node's own database. Throws `invalid_config` where this Node comes without it (before 22.13). */
export function loadSqlite(): Sqlite {
  const found = withoutExperimentNotice(() => process.getBuiltinModule("node:sqlite") as Sqlite | undefined);
  if (found !== undefined) return found;
  throw createError("invalid_config", `sqliteLedger() needs node:sqlite, and this Node ${process.version} has none`, {
    hint: "Node 22.13 and later have it.",
  });
}

/** Before 24.15 Node calls the module an experiment, to whoever sits at the terminal. Other warnings are let through. */
function withoutExperimentNotice<T>(load: () => T): T {
  const { emitWarning } = process;
  const emit = (...args: Parameters<typeof emitWarning>) => {
    const [warning, type] = args as unknown[];
    if (type === "ExperimentalWarning" && String(warning).startsWith("SQLite")) return;
    emitWarning.apply(process, args);
  };
  process.emitWarning = emit as typeof emitWarning;
  try {
    return load();
  } finally {
    process.emitWarning = emitWarning;
  }
}
