import { Pool } from "pg";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import {
  type PostgresLedgerOptions,
  type PostgresPool,
  postgresLedger,
  postgresLedgerTable,
} from "../src/ledger/index.js";
import { intentOf, recordOf, recordsOf } from "./ledger-contract.js";
import { ManualClock } from "./manual-clock.js";
import { hasPostgres, type PostgresServer, startPostgres } from "./postgres-server.js";

describe.skipIf(!hasPostgres)("postgresLedger()", () => {
  let server: PostgresServer;
  let tables = 0;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  function poolOf(url = server.url, max = 4): Pool {
    const pool = new Pool({ connectionString: url, max });
    // A connection that breaks while nobody uses it is told here; whoever has a pool has to listen.
    pool.on("error", () => {});
    onTestFinished(() => pool.end());
    return pool;
  }
  const newTable = () => `requests_${++tables}`;

  test("makes its table where there is none, also where many start at once", async () => {
    const table = newTable();
    const ledgers = Array.from({ length: 8 }, () => postgresLedger(poolOf(server.url, 1), { table }));
    await Promise.all(ledgers.map((ledger) => ledger.finish(recordOf(intentOf()))));
    expect(await recordsOf(postgresLedger(poolOf(), { table }))).toHaveLength(8);
  });

  test("makes the indexes that a crash has left unmade", async () => {
    const pool = poolOf();
    const table = newTable();
    const [alone = ""] = postgresLedgerTable(table);
    await pool.query(alone);
    await postgresLedger(pool, { table }).begin(intentOf());
    const indexes = async () => {
      const { rows } = await pool.query<{ name: string }>(
        "SELECT indexname AS name FROM pg_indexes WHERE tablename = $1 ORDER BY 1",
        [table],
      );
      return rows.map(({ name }) => name);
    };
    expect(await indexes()).toEqual([`${table}_ended`, `${table}_open`, `${table}_pkey`]);
    await pool.query(`DROP INDEX ${table}_open`);
    await postgresLedger(pool, { table }).begin(intentOf());
    expect(await indexes()).toEqual([`${table}_ended`, `${table}_open`, `${table}_pkey`]);
  });

  test("a role that may not make indexes does without, and whoever finds all made asks once", async () => {
    const pool = poolOf();
    const table = newTable();
    const [alone = ""] = postgresLedgerTable(table);
    await pool.query(`${alone}; CREATE ROLE clerk LOGIN; GRANT SELECT, INSERT, UPDATE ON ${table} TO clerk`);
    const clerk = poolOf(server.url.replace("signalbox@", "clerk@"));
    await postgresLedger(clerk, { table }).finish(recordOf(intentOf()));
    const asked: string[] = [];
    const noting: PostgresPool = {
      query(text, values) {
        asked.push(text.split(" ", 1)[0] ?? "");
        return pool.query(text, values);
      },
    };
    await postgresLedger(pool, { table }).finish(recordOf(intentOf()));
    await postgresLedger(noting, { table }).finish(recordOf(intentOf()));
    expect(asked).toEqual(["SELECT", "INSERT"]);
    expect(await recordsOf(postgresLedger(pool, { table }))).toHaveLength(3);
  });

  test("adds up exactly in SQL", async () => {
    const pool = poolOf();
    const table = newTable();
    const ledger = postgresLedger(pool, { table });
    await Promise.all(Array.from({ length: 10 }, () => ledger.finish(recordOf(intentOf(), { usd: 0.1 }))));
    await ledger.finish(recordOf(intentOf(), { usd: 1e-12 }));
    const { rows } = await pool.query(`SELECT sum(usd)::text AS usd, min(ended_at) AS first FROM ${table}`);
    expect(rows).toEqual([{ usd: "1.000000000001", first: new Date(1_500) }]);
  });

  test("a role that may not make tables uses the one that a migration has made, in a schema of its own", async () => {
    const pool = poolOf();
    await pool.query("CREATE SCHEMA billing; CREATE ROLE writer LOGIN; GRANT USAGE ON SCHEMA billing TO writer");
    for (const statement of postgresLedgerTable("billing.requests")) await pool.query(statement);
    await pool.query("GRANT SELECT, INSERT, UPDATE ON billing.requests TO writer");
    const writer = poolOf(server.url.replace("signalbox@", "writer@"));
    const ledger = postgresLedger(writer, { table: "billing.requests" });
    const record = recordOf(intentOf());
    await ledger.begin(record);
    await ledger.finish(record);
    expect(await recordsOf(ledger)).toEqual([record]);
    await expect(postgresLedger(writer, { table: "billing.others" }).begin(record)).rejects.toThrow(
      "permission denied",
    );
  });

  test("what comes while a batch is under way is one statement", async () => {
    const pool = poolOf();
    const asked: string[] = [];
    const counting: PostgresPool = {
      query(text, values) {
        if (text.startsWith("INSERT")) asked.push(text);
        return pool.query(text, values);
      },
    };
    const ledger = postgresLedger(counting, { table: newTable() });
    await Promise.all(Array.from({ length: 500 }, () => ledger.begin(intentOf())));
    expect(asked).toHaveLength(1);
  });

  test("a row that the database refuses takes no other with it, and is not tried again", async () => {
    const pool = poolOf();
    const table = newTable();
    const ledger = postgresLedger(pool, { table });
    await ledger.finish(recordOf(intentOf()));
    await pool.query(`ALTER TABLE ${table} ADD CHECK (user_name <> 'mallory')`);
    const finishing = ["ann", "mallory", "bob"].map((user) => ledger.finish(recordOf(intentOf({ user }))));
    const ends = await Promise.allSettled(finishing);
    expect(ends.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(await recordsOf(ledger)).toHaveLength(3);
  });

  describe("where the database is away", () => {
    /** A pool that fails until it is let; `tried` counts. */
    function shaky(options: PostgresLedgerOptions = {}) {
      const pool = poolOf();
      const clock = new ManualClock();
      const state = { away: true, tried: 0 };
      const query: PostgresPool["query"] = async (text, values) => {
        state.tried += 1;
        if (state.away) throw new Error("Connection terminated unexpectedly");
        return pool.query(text, values);
      };
      return { ledger: postgresLedger({ query }, { table: newTable(), clock, ...options }), clock, state };
    }

    test("an intent is refused at once, and a record is written when it is back", async () => {
      const { ledger, clock, state } = shaky();
      await expect(ledger.begin(intentOf())).rejects.toThrow("terminated");
      const record = recordOf(intentOf());
      const finishing = ledger.finish(record);
      await clock.waiting(100);
      clock.advance(100);
      await clock.waiting(200);
      state.away = false;
      clock.advance(200);
      await finishing;
      expect(await recordsOf(ledger)).toEqual([record]);
    });

    test("it is tried for a while, not for ever", async () => {
      const { ledger, clock } = shaky({ retryMs: 250 });
      const failed = expect(ledger.finish(recordOf(intentOf()))).rejects.toThrow("terminated");
      await clock.waiting(100);
      clock.advance(100);
      await clock.waiting(200);
      clock.advance(200);
      await failed;
    });

    test("who closes the ledger has it tried once more, and does not wait", async () => {
      const { ledger, clock, state } = shaky();
      const record = recordOf(intentOf());
      const finishing = ledger.finish(record);
      await clock.waiting(100);
      state.away = false;
      await ledger.close();
      await finishing;
      expect(await recordsOf(ledger)).toEqual([record]);
    });

    test("a database that never answers holds a request for five seconds", async () => {
      const clock = new ManualClock();
      const ledger = postgresLedger({ query: () => new Promise(() => {}) }, { clock });
      const begun = expect(ledger.begin(intentOf())).rejects.toMatchObject({ code: "provider_error" });
      await clock.waiting(5_000);
      clock.advance(5_000);
      await begun;
    });

    test("a connection that breaks in the middle of a batch costs no record, and doubles none", async () => {
      const table = newTable();
      const [pool, other] = [poolOf(), poolOf()];
      const clock = new ManualClock();
      const ledger = postgresLedger(pool, { table, clock });
      const [intent, more] = [intentOf(), intentOf()];
      await ledger.begin(intent);
      const guard = await other.connect();
      await guard.query(`BEGIN; LOCK TABLE ${table}`);
      const finishing = Promise.all([ledger.finish(recordOf(intent)), ledger.finish(recordOf(more))]);
      const stuck = `FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'INSERT INTO "${table}"%'`;
      while ((await other.query(`SELECT pg_terminate_backend(pid) ${stuck}`)).rows.length === 0);
      await clock.waiting(100);
      await guard.query("COMMIT");
      guard.release();
      clock.advance(100);
      await finishing;
      expect(await recordsOf(ledger)).toEqual([recordOf(intent), recordOf(more)]);
    });

    test("a table that was taken away is made again", async () => {
      const table = newTable();
      const pool = poolOf();
      const clock = new ManualClock();
      const ledger = postgresLedger(pool, { table, clock });
      await ledger.begin(intentOf());
      await pool.query(`DROP TABLE ${table}`);
      const record = recordOf(intentOf());
      const finishing = ledger.finish(record);
      await Promise.race([finishing, clock.waiting(100)]);
      clock.advance(100);
      await finishing;
      expect(await recordsOf(ledger)).toEqual([record]);
    });

    test("who ends the pool first is told of each record, and the ledger closes all the same", async () => {
      const pool = new Pool({ connectionString: server.url });
      const ledger = postgresLedger(pool, { table: newTable() });
      const intent = intentOf();
      await ledger.begin(intent);
      await pool.end();
      const ended = expect(ledger.finish(recordOf(intent))).rejects.toThrow("after calling end");
      await ledger.close();
      await ended;
      await expect(ledger.begin(intentOf())).rejects.toThrow("after calling end");
    });

    test("without its database a request is refused, and what was sent is written once it is back", async () => {
      const table = newTable();
      const ledger = postgresLedger(poolOf(), { table });
      const sent = Array.from({ length: 100 }, () => intentOf({ process: "elsewhere:1:0" }));
      await Promise.all(sent.map((intent) => ledger.begin(intent)));
      await server.kill();
      await expect(ledger.begin(intentOf())).rejects.toThrow();
      const records = sent.map((intent) => recordOf(intent));
      let written = 0;
      const finishing = records.map((record) => ledger.finish(record).then(() => written++));
      // Refused again: the records wait behind it.
      await expect(ledger.begin(intentOf())).rejects.toThrow();
      expect(written).toBe(0);
      await server.start();
      await Promise.all(finishing);
      expect(await recordsOf(ledger)).toEqual(records);
      expect(await ledger.orphans()).toEqual([]);
    });
  });

  test.each(["", "a b", 'x"; DROP TABLE y', "a.b.c", "1st", "x".repeat(51)])("refuses the table name %j", (table) => {
    expect(() => postgresLedger(poolOf(), { table })).toThrow(expect.objectContaining({ code: "invalid_config" }));
  });
});
