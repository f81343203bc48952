import { createError } from "../errors/error-classes.js";
import { COLUMNS, isRequired } from "./ledger-columns.js";
import type { FieldKind } from "./ledger-fields.js";
import { type PostgresPool, postgresCode } from "./postgres-pool.js";

const TYPES: Readonly<Record<FieldKind, string>> = {
  text: "text",
  usd: "numeric",
  time: "timestamptz",
  count: "bigint",
  number: "double precision",
  flag: "boolean",
  texts: "jsonb",
};

/** What two that make the table at once may be told: it is there, or its type, or its name is. */
const MADE_BY_ANOTHER = new Set(["23505", "42P07", "42710"]);
/** What a role is told that does not own the table. */
const NOT_ALLOWED = "42501";
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,49}$/;

/** The statements that a ledger in PostgreSQL consists of. */
export interface PostgresStatements {
  /** One after the other; each may be run again. */
  make: string[];
  /** Whether the table is there (`found`), and all of its indexes (`indexed`). */
  exists: string;
  write: string;
  note: string;
  open: string;
  page: string;
}

/**
 * The statements for a table, `name` or `schema.name`, in the case that it is written in. Throws `invalid_config` for
 * a name that would not be one.
 */
export function postgresStatements(table: string): PostgresStatements {
  const parts = typeof table === "string" ? table.split(".") : [];
  if (parts.length < 1 || parts.length > 2 || !parts.every((part) => NAME.test(part)))
    throw createError("invalid_config", "the table of a ledger is named by letters, digits and _, at most 50 of them", {
      hint: "With a schema: `schema.table`.",
    });
  const quoted = parts.map((part) => `"${part}"`).join(".");
  const index = (end: string) => quoted.replace(/"$/, `_${end}"`);
  const name = parts.at(-1);
  const columns = COLUMNS.map((column) => {
    // In the order of its bytes, whatever the database's own order of letters is.
    const primary = column.field === "id" ? ' COLLATE "C" PRIMARY KEY' : "";
    return `${column.name} ${TYPES[column.kind]}${primary}${isRequired(column) ? " NOT NULL" : ""}`;
  });
  const names = COLUMNS.map((column) => column.name).join(", ");
  const given = COLUMNS.map((column) =>
    column.kind === "time" ? `to_timestamp(given.${column.name} / 1000)` : `given.${column.name}`,
  );
  const asGiven = COLUMNS.map((column) => `${column.name} ${column.kind === "time" ? "numeric" : TYPES[column.kind]}`);
  const replaced = COLUMNS.slice(1).map((column) => `${column.name} = excluded.${column.name}`);
  // As one text, whatever parsers of types the pool was given.
  const row = COLUMNS.map((column) => `'${column.name}', ${readable(column.name, column.kind)}`);
  const select = `SELECT jsonb_strip_nulls(jsonb_build_object(${row.join(", ")}))::text AS row FROM ${quoted}`;
  return {
    make: [
      `CREATE TABLE IF NOT EXISTS ${quoted} (${columns.join(", ")})`,
      `CREATE INDEX IF NOT EXISTS "${name}_ended" ON ${quoted} (ended_at, id) WHERE ended_at IS NOT NULL`,
      `CREATE INDEX IF NOT EXISTS "${name}_open" ON ${quoted} (started_at) WHERE ended_at IS NULL`,
    ],
    exists: `SELECT to_regclass('${quoted}') IS NOT NULL AS found,
      to_regclass('${index("ended")}') IS NOT NULL AND to_regclass('${index("open")}') IS NOT NULL AS indexed`,
    write: `INSERT INTO ${quoted} AS held (${names})
      SELECT ${given.join(", ")} FROM jsonb_to_recordset($1::jsonb) AS given (${asGiven.join(", ")})
      ON CONFLICT (id) DO UPDATE SET ${replaced.join(", ")}
      WHERE excluded.outcome IS NOT NULL
        AND (excluded.outcome <> 'unknown' OR held.outcome IS NULL OR held.outcome = 'unknown')`,
    note: `UPDATE ${quoted} AS held SET generation_id = given.generation_id
      FROM jsonb_to_recordset($1::jsonb) AS given (id text, generation_id text)
      WHERE held.id = given.id AND held.ended_at IS NULL`,
    open: `${select} WHERE ended_at IS NULL ORDER BY started_at`,
    page: `${select} WHERE ended_at >= to_timestamp($1::numeric / 1000) AND ended_at < to_timestamp($2::numeric / 1000)
      AND (ended_at, id) > (to_timestamp($3::numeric / 1000), $4::text)
      ORDER BY ended_at, id LIMIT $5`,
  };
}

function readable(name: string, kind: FieldKind): string {
  if (kind === "time") return `round(extract(epoch FROM ${name}) * 1000)`;
  return kind === "flag" ? `${name}::int` : name;
}

/**
 * Makes the table and the indexes that are not there, as after a crash between them; several processes may do so at
 * once. Where the table is there, a role that may not make its indexes does without.
 */
export async function makeTable(pool: PostgresPool, { make, exists }: PostgresStatements): Promise<void> {
  const { rows } = await pool.query(exists);
  const { found, indexed } = (rows[0] ?? {}) as { found?: unknown; indexed?: unknown };
  // Nothing is made in vain: even an index that is there would have to wait for whoever writes.
  if (found === true && indexed === true) return;
  for (const statement of found === true ? make.slice(1) : make) {
    try {
      await pool.query(statement);
    } catch (error) {
      const code = postgresCode(error) ?? "";
      if (!MADE_BY_ANOTHER.has(code) && !(found === true && code === NOT_ALLOWED)) throw error;
    }
  }
}
