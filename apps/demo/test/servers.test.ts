import { request } from "node:http";
import type { PublicErrorBody } from "@signalbox/core";
import { describe, expect, onTestFinished, test } from "vitest";
import type { StudioInfo } from "../src/server/api/info.js";
import { serve } from "../src/server/serve.js";
import { openServers, TRANSPORTS } from "./open-servers.js";
import { json } from "./step-streams.js";
import { eventOf, inputFor, makeDeck } from "./studios.js";

const input = inputFor("城市更新中的老街区");

/** The status of a request whose headers are all ours, `Host` too. */
function statusOf(url: string, method: string, headers: Record<string, string>): Promise<number | undefined> {
  const { hostname, port, pathname } = new URL(url);
  return new Promise((resolve, reject) => {
    const host = hostname === "localhost" ? "127.0.0.1" : hostname;
    request({ host, port, path: pathname, method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end();
  });
}

describe("the page's server", () => {
  test("says who answers, with which model, and what a search costs", async () => {
    const { served, api } = await openServers();
    const info = (await (await fetch(`${api}/info`)).json()) as StudioInfo;
    expect(info).toMatchObject({
      answers: "simulator",
      model: "anthropic/claude-3-haiku:beta",
      nestPort: served.nestPort,
    });
    expect(info.searchFee).toBeGreaterThan(0);
    expect(info.faults.map(({ id }) => id)).toContain("429-twice");
    expect(served.notice).toContain("the simulator on this machine: no OPENROUTER_API_KEY is set");
    expect(served.notice).toContain(served.url);
    expect(served.notice).toContain("anthropic/claude-3-haiku:beta → anthropic/claude-3-haiku via anthropic");
  });

  test("with OpenRouter names the model and the price before the first call, and has no faults", async () => {
    const { served, simulator, api } = await openServers({ answers: "openrouter" });
    expect(served.notice).toMatch(
      /OpenRouter\. A deck of 8 slides costs about \$0\.0\d+ plus \$0\.0\d+ for the search/,
    );
    expect(served.notice).toContain("anthropic/claude-3-haiku via anthropic");
    expect(((await (await fetch(`${api}/info`)).json()) as StudioInfo).faults).toEqual([]);
    for (const method of ["GET", "POST", "DELETE"]) expect((await fetch(`${api}/faults`, { method })).status).toBe(404);
    expect(simulator.requests).toEqual([]);
  });

  test("takes the next port where one is taken", async () => {
    const { served, studio } = await openServers();
    const port = Number(new URL(served.url).port);
    const other = await serve(studio, { answers: "simulator", llm: studio.llm }, port);
    onTestFinished(() => other.close());
    expect(Number(new URL(other.url).port)).toBeGreaterThan(port);
  });

  test("gives finished decks, and no other file", async () => {
    const { served, studio } = await openServers();
    const events = await makeDeck(studio, input);
    const { files } = eventOf(events, "export", "completed").data as {
      files: { format: string; url: string; bytes: number }[];
    };
    expect(files.length).toBeGreaterThan(2);
    for (const { url, bytes } of files) {
      const answer = await fetch(`${served.url}${url}?download`);
      expect(answer.headers.get("content-disposition")).toMatch(/^attachment; filename="?deck\./);
      expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
      expect((await answer.arrayBuffer()).byteLength).toBe(bytes);
    }
    const runId = events[0]?.runId;
    for (const path of [
      `/decks/${runId}/..%2f..%2fpackage.json`,
      `/decks/..%2f${runId}/deck.html`,
      `/decks/${runId}/deck.exe`,
      "/decks/..%2fstudio.db/deck.html",
      "/studio.db",
      "/api/nothing",
    ]) {
      expect((await fetch(`${served.url}${path}`)).status).toBe(404);
    }
  });
});

describe.each(TRANSPORTS)("the server of %s", (transport) => {
  test("answers under this machine's names only, so that no other name can be made to lead here", async () => {
    const { steps, simulator } = await openServers();
    const url = steps(transport);
    const { port } = new URL(url);
    const get = (host: string) => statusOf(`${url}/${"0".repeat(32)}`, "GET", { host });
    for (const host of ["evil.example", `evil.example:${port}`, "localhost:1", `localhost.evil.example:${port}`])
      expect([host, await get(host)]).toEqual([host, 403]);
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`, `LOCALHOST:${port}`])
      expect([host, await get(host)]).toEqual([host, 404]);
    expect(simulator.requests).toEqual([]);
  });

  test("does nothing that other sites or pages of other ports ask for, and lets its own page ask", async () => {
    const { steps, simulator, served } = await openServers();
    const url = steps(transport);
    const page = new URL(served.url);
    const elsewhere = `http://localhost:${Number(page.port) === 5173 ? 5174 : 5173}`;
    const strangers: Record<string, string>[] = [
      { "Sec-Fetch-Site": "cross-site" },
      { Origin: "https://example.com" },
      { Origin: "null" },
      { Origin: "http://localhost.example.com:3000" },
      { Origin: elsewhere, "Sec-Fetch-Site": "same-site" },
      { Origin: `https://localhost:${page.port}`, "Sec-Fetch-Site": "cross-site" },
    ];
    for (const headers of strangers) {
      const answer = await fetch(url, { ...json(input), headers: { "Content-Type": "application/json", ...headers } });
      expect(answer.status).toBe(403);
      expect(((await answer.json()) as PublicErrorBody).error.code).toBe("permission_denied");
    }
    expect(simulator.requests).toEqual([]);
    for (const name of ["localhost", "127.0.0.1", "[::1]"]) {
      const Origin = `http://${name}:${page.port}`;
      const headers = { "Content-Type": "application/json", Origin, "Sec-Fetch-Site": "same-site" };
      expect((await fetch(url, { ...json({ topic: "x" }), headers })).status).toBe(400);
    }
    if (transport !== "nest") return;
    const asked = (origin: string) =>
      fetch(url, { method: "OPTIONS", headers: { Origin: origin, "Access-Control-Request-Method": "POST" } });
    expect((await asked(page.origin)).headers.get("access-control-allow-origin")).toBe(page.origin);
    for (const origin of ["https://example.com", elsewhere])
      expect((await asked(origin)).headers.get("access-control-allow-origin")).toBeNull();
  });

  test("refuses an input that makes no deck, naming what is wrong, and bodies that are none", async () => {
    const { steps, simulator } = await openServers();
    const url = steps(transport);
    const wrong = { topic: "x", slides: 40, temperature: 2, language: "fr" };
    const answer = await fetch(url, json(wrong));
    expect(answer.status).toBe(400);
    const { error } = (await answer.json()) as PublicErrorBody;
    expect(error.code).toBe("invalid_request");
    for (const field of ["topic", "slides", "language", "temperature"]) expect(error.message).toContain(field);
    const headers = { "Content-Type": "application/json" };
    expect((await fetch(url, { method: "POST", headers, body: '{"topic": ' })).status).toBe(400);
    const long = JSON.stringify({ topic: "x".repeat(20_000_000) });
    expect([400, 413]).toContain((await fetch(url, { method: "POST", headers, body: long })).status);
    expect(simulator.requests).toEqual([]);
  });

  test("knows no run that does not exist", async () => {
    const { steps } = await openServers();
    const url = steps(transport);
    const nobody = "0".repeat(32);
    for (const [method, path] of [
      ["GET", nobody],
      ["DELETE", nobody],
      ["POST", `${nobody}/resume`],
      ["POST", `${nobody}/resume?follow=0`],
    ]) {
      const answer = await fetch(`${url}/${path}`, { method: method ?? "" });
      expect([method, path, answer.status]).toEqual([method, path, 404]);
      expect(((await answer.json()) as PublicErrorBody).error.code).toBe("not_found");
    }
  });
});
