import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { followRun, type StepEvent } from "@signalbox/core";
import { describe, expect, onTestFinished, test } from "vitest";
import { runStoreContract } from "../../../packages/core/test/run-store-contract.js";
import { openKeptRuns } from "../src/runs/kept-runs.js";
import { SetupFault } from "../src/runs/setup-fault.js";
import { HandClock } from "./hand-clock.js";
import { sourceProgram } from "./source-process.js";

const holdLease = sourceProgram("lease-holder.ts");

function scratchFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "deck-studio-store-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "data", "studio.db");
}

function open(file = scratchFile(), clock?: HandClock) {
  const runs = openKeptRuns(file, clock);
  onTestFinished(() => runs.close());
  return { ...runs, file };
}

const eventOf = (runId: string, seq: number, more: Partial<StepEvent> = {}): StepEvent => ({
  runId,
  seq,
  step: "outline",
  status: "processing",
  data: null,
  message: "",
  progress: seq,
  timestamp: "2026-11-23T00:00:00.000Z",
  ...more,
});

runStoreContract(
  "SqliteRunStore",
  () => {
    const clock = new HandClock();
    const { store, file } = open(undefined, clock);
    return { store, peer: open(file, clock).store, advance: (ms) => clock.advance(ms) };
  },
  { without: ["cancel", "fence"] },
);

describe("runs in a file", () => {
  test("are there again when it is opened anew", async () => {
    const { store, file, close } = open();
    const event = eventOf("one", 1, { data: { text: "人工智能" } });
    await store.append("one", event);
    await store.checkpoint("one", "run", { pipeline: "deck", input: { topic: "茶" } });
    close();
    const again = open(file);
    expect(await again.store.read("one", 0)).toEqual([event]);
    expect(await again.store.load("one")).toEqual({ run: { pipeline: "deck", input: { topic: "茶" } } });
    expect(again.list.find("one")).toMatchObject({ topic: "茶", state: "interrupted", progress: 1 });
  });

  test("are over for who waits for their end, even where the database cannot be told", async () => {
    const { store, live, close } = open();
    await store.lease("one", 1_000, "holder");
    close();
    await expect(store.lease("one", 0, "holder")).rejects.toThrow("not open");
    expect(live.has("one")).toBe(false);
  });

  test("belong to their owner alone", async () => {
    const { file, store } = open();
    await store.append("one", eventOf("one", 1));
    expect(statSync(join(file, "..")).mode & 0o777).toBe(0o700);
    for (const each of [file, `${file}-wal`, `${file}-shm`]) expect(statSync(each).mode & 0o777).toBe(0o600);
  });

  test("take no event of a number that is taken", async () => {
    const { store } = open();
    await store.append("one", eventOf("one", 1));
    await expect(store.append("one", eventOf("one", 1))).rejects.toThrow(/UNIQUE/);
  });
});

describe("the list of runs in a file", () => {
  const begin = ({ store }: ReturnType<typeof open>, run: string, topic: string) =>
    store.checkpoint(run, "run", { pipeline: "deck", input: { topic, slides: 5, budgetUsd: 2 } });

  test("holds the newest hundred that have begun, and knows the others by name", async () => {
    const runs = open();
    await runs.store.append("not begun", eventOf("not begun", 1));
    for (let number = 0; number < 101; number++) await begin(runs, `run-${number}`, `topic ${number}`);
    const topics = runs.list.newest().map(({ topic }) => topic);
    expect(topics).toEqual(Array.from({ length: 100 }, (_, at) => `topic ${100 - at}`));
    expect(runs.list.find("run-0")?.topic).toBe("topic 0");
    expect(runs.list.find("not begun")).toBeUndefined();
  });

  test("keeps what the user has set as a budget, for other processes too", async () => {
    const { file, ...runs } = open();
    await begin({ file, ...runs }, "one", "茶");
    const limit = (budgets = runs.budgets) => budgets.limitOf("one", { budgetUsd: 2 });
    expect([limit(), runs.list.find("one")?.budgetUsd]).toEqual([2, 2]);
    const other = open(file);
    expect(other.budgets.set("one", 0.5)).toBe(true);
    expect([limit(), limit(other.budgets), runs.list.find("one")?.budgetUsd]).toEqual([0.5, 0.5, 0.5]);
    expect(runs.budgets.set("one", null)).toBe(true);
    expect([limit(), limit(other.budgets), other.list.find("one")?.budgetUsd]).toEqual([undefined, undefined, null]);
    expect(runs.budgets.set("nobody", 1)).toBe(false);
    expect(runs.budgets.limitOf("nobody", {})).toBeUndefined();
  });

  test("forgets everything of a run that is removed", async () => {
    const runs = open();
    await begin(runs, "one", "茶");
    await runs.store.append("one", eventOf("one", 1));
    expect(runs.list.remove("one")).toBe(true);
    expect([runs.list.find("one"), await runs.store.load("one"), await runs.store.read("one", 0)]).toEqual([
      undefined,
      undefined,
      [],
    ]);
  });
});

describe("two processes on one file", () => {
  test("see each other's leases and events, and the lease of one that was killed is void at once", async () => {
    const { store, file, list } = open();
    await store.checkpoint("shared", "run", { pipeline: "deck", input: { topic: "茶" } });
    const child = holdLease(file, "shared");
    expect(await child.line()).toBe("held");
    expect(await store.lease("shared", 1_000, "parent")).toBe(false);
    expect(list.find("shared")?.state).toBe("running");
    const following = followRun(store, "shared");
    child.say("write");
    expect((await following.next()).value).toMatchObject({ seq: 1 });
    child.say("write");
    expect((await following.next()).value).toMatchObject({ seq: 2 });
    await following.return();
    expect(list.remove("shared")).toBe(false);
    await child.end("SIGKILL");
    expect(list.find("shared")?.state).toBe("interrupted");
    expect(await store.lease("shared", 1_000, "parent")).toBe(true);
  });

  test("may be the first ones at the same time", async () => {
    const file = scratchFile();
    const children = ["a", "b", "c"].map((run) => holdLease(file, run));
    expect(await Promise.all(children.map((child) => child.line()))).toEqual(["held", "held", "held"]);
    const { store } = open(file);
    expect(await Promise.all(["a", "b", "c"].map((run) => store.lease(run, 1, "parent")))).toEqual([
      false,
      false,
      false,
    ]);
  });

  test("a lease of a process of our number that is not this one is void", async () => {
    const { store, file } = open();
    const database = new DatabaseSync(file);
    database
      .prepare("INSERT INTO leases (run, holder, pid, process, until) VALUES (?, ?, ?, ?, ?)")
      .run("one", "a", process.pid, "an earlier container's", Date.now() + 60_000);
    database.close();
    expect(await store.lease("one", 1_000, "b")).toBe(true);
  });

  test("a process of somebody else's counts as alive", async () => {
    const { store, file } = open();
    const database = new DatabaseSync(file);
    database
      .prepare("INSERT INTO leases (run, holder, pid, process, until) VALUES (?, ?, ?, ?, ?)")
      .run("one", "a", 1, "init's", Date.now() + 60_000);
    database.close();
    expect(await store.lease("one", 1_000, "b")).toBe(false);
  });
});

describe("a file that is not ours", () => {
  const faultOf = (file: string): Error => {
    try {
      openKeptRuns(file).close();
    } catch (error) {
      if (error instanceof SetupFault) return error;
      throw error;
    }
    throw new Error(`${file} was opened`);
  };
  const told = (file: string) => {
    const { message } = faultOf(file);
    expect(message).toContain(file);
    expect(message).not.toContain("\n");
    return message;
  };

  test("is refused in one line: text, a torn database, another program's, a newer studio's, no file at all", async () => {
    const { file, store, close } = open();
    for (let seq = 1; seq <= 200; seq++) await store.append("one", eventOf("one", seq, { data: "x".repeat(500) }));
    close();
    const whole = readFileSync(file);
    const beside = (name: string) => join(file, "..", name);

    writeFileSync(beside("text.db"), "a letter to my grandmother\n".repeat(100));
    expect(told(beside("text.db"))).toContain("not a database");
    writeFileSync(beside("torn.db"), whole.subarray(0, whole.length / 2));
    expect(told(beside("torn.db"))).toContain("malformed");

    const foreign = new DatabaseSync(beside("foreign.db"));
    foreign.exec("CREATE TABLE bookmarks (url TEXT)");
    foreign.close();
    expect(told(beside("foreign.db"))).toContain("not a database of Deck Studio");

    const newer = new DatabaseSync(file);
    newer.exec("PRAGMA user_version = 99");
    newer.close();
    expect(told(file)).toContain("newer Deck Studio");

    expect(told(beside("."))).toContain("EISDIR");
  });
});
