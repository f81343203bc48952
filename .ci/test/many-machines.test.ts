import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Simulator, startSimulator } from "@signalbox/testing";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { hasPostgres, type PostgresServer, startPostgres } from "../../packages/core/test/postgres-server.js";
import { hasRedis, redisForTests } from "../../packages/redis/test/redis-server.js";
import { follow, hasPrograms, instructions, PAGE } from "./many-machines-world.js";
import { programsOf, runExample } from "./readme-examples.js";

/** From where everything resolves that the page's programs import, built. */
const EXAMPLE = "apps/example-many-machines";
const built = existsSync(fileURLToPath(new URL(`../../${EXAMPLE}/dist/main.js`, import.meta.url)));

const [shared, router, shards] = programsOf(PAGE).filter(({ language }) => language === "ts");

test("every row of the failure table is held by a test that is there", () => {
  const page = readFileSync(new URL(`../../${PAGE}`, import.meta.url), "utf8");
  const [, table = ""] = /\| what is away [^\n]*\n\|[-|]*\n((?:\|.*\n)+)/.exec(page) ?? [];
  const rows = table.trim().split("\n");
  const held = rows.map((row) => row.split(" | ").at(-1) ?? "");
  expect(rows.length).toBeGreaterThan(15);
  expect(held.filter((cell) => !cell.startsWith("the same") && !cell.includes("]("))).toEqual([]);
  const named = [...table.matchAll(/\[([^\]]+)\]\(\.\.\/([^)]+)\)/g)].map(([, name = "", file = ""]) => ({
    name,
    file,
  }));
  const missing = named.filter(({ name, file }) => !textOf(file).includes(name));
  expect(missing).toEqual([]);
});

const textOf = (file: string) => {
  const url = new URL(`../../${file}`, import.meta.url);
  return existsSync(url) ? readFileSync(url, "utf8") : "";
};

let postgres: PostgresServer;
let openrouter: Simulator;

describe.skipIf(!built || !hasRedis || !hasPostgres)("the programs of docs/many-machines.md", () => {
  const redis = redisForTests();
  beforeAll(async () => {
    [postgres, openrouter] = await Promise.all([startPostgres(), startSimulator({ seed: 1 })]);
  });
  afterAll(async () => {
    await openrouter.close();
    await postgres.stop();
  });
  const env = () => ({
    REDIS_URL: redis().url,
    DATABASE_URL: postgres.url,
    OPENROUTER_API_KEY: "sk-or-v1-many-machines",
    OPENROUTER_BASE_URL: openrouter.baseURL,
    PORT: "0",
  });

  test("two clients share a budget", async () => {
    expect(await runExample(shared?.code ?? "", env(), EXAMPLE).output).toBe(shared?.output);
  });

  test("an answer that was begun on one process is followed on another, and on a third behind what it has", async () => {
    const programs = Array.from({ length: 2 }, () => runExample(router?.code ?? "", env(), EXAMPLE));
    for (const program of programs) onTestFinished(() => program.stop());
    const [a, b] = await Promise.all(programs.map(({ port }) => port));
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ prompt: "Why do canals have locks?", stream: true });
    const begun = await fetch(`http://127.0.0.1:${a}/chat`, { method: "POST", headers, body });
    const text = await begun.text();
    const place = begun.headers.get("location");
    expect(place).toMatch(/^\/chat\/\w{32}$/);
    const followed = await (await fetch(`http://127.0.0.1:${b}${place}`)).text();
    expect(followed).toBe(text);
    const rest = await fetch(`http://127.0.0.1:${b}${place}`, { headers: { "last-event-id": "3" } });
    expect(await rest.text()).toBe(text.slice(text.indexOf("id: 4\n")));
  });

  test("tenants are spread over several Redis servers", async () => {
    const urls = { REDIS_URLS: `${redis().url}/1,${redis().url}/2,${redis().url}/3` };
    expect(await runExample(shards?.code ?? "", { ...env(), ...urls }, EXAMPLE).output).toBe(shards?.output);
  });
});

describe.skipIf(!built || !hasPostgres || !hasPrograms)("the instructions of docs/many-machines.md", () => {
  test("followed command by command, they print what the page shows", { timeout: 120_000 }, async () => {
    const database = await startPostgres();
    onTestFinished(() => database.stop());
    const steps = instructions();
    const outputs = await follow(steps, database);
    expect(steps.length).toBeGreaterThan(8);
    expect(outputs).toEqual(steps.map(({ output = "" }) => output));
  });
});
