import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FaultKind, ManualClock, type Simulator, startSimulator } from "../src/index.js";
import { openSocket, readToEnd } from "./raw-client.js";
import { post, question, stream } from "./simulator-client.js";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ seed: "faults" });
});
afterAll(() => simulator.close());

const tides = question("Explain tides");
const streamed = { ...tides, stream: true };
const raw = (body: object) => readToEnd(openSocket(simulator, { ...body }));
const deltas = (text: string) =>
  text.split("\n\n").filter((block) => block.includes('"content":"') && !block.includes('"content":""')).length;

describe("HTTP errors", () => {
  it.each([
    "400",
    "401",
    "402",
    "403",
    "404",
    "408",
    "409",
    "413",
    "422",
    "429",
    "500",
    "502",
    "503",
    "504",
    "524",
    "529",
  ] as const)("%s has its status and envelope, for one request", async (kind) => {
    simulator.fault(kind);
    const { status, json, headers } = await post(simulator, streamed);
    expect(status).toBe(Number(kind));
    expect(json.error).toMatchObject({ code: Number(kind), message: expect.any(String) });
    expect(headers.get("content-type")).toBe("application/json");
    expect((await post(simulator, tides)).status).toBe(200);
  });

  it("take message, metadata and Retry-After", async () => {
    simulator.fault("503", { message: "No instances", metadata: { error_type: "provider_overloaded" }, retryAfter: 7 });
    const { json, headers } = await post(simulator, tides);
    expect(json.error).toEqual({ code: 503, message: "No instances", metadata: { error_type: "provider_overloaded" } });
    expect(headers.get("retry-after")).toBe("7");
  });

  it("html-502 is a page", async () => {
    simulator.fault("html-502");
    const { status, text, headers } = await post(simulator, tides);
    expect([status, headers.get("content-type")]).toEqual([502, "text/html"]);
    expect(text).toMatch(/^<html>/);
  });

  it("hit as often as asked, and only whom they should", async () => {
    simulator.fault("500", { times: 2, when: ({ prompt }) => prompt.includes("tides") });
    const statuses = [];
    for (const body of [question("Explain fog"), tides, tides, tides])
      statuses.push((await post(simulator, body)).status);
    expect(statuses).toEqual([200, 500, 500, 200]);
  });

  it("come in the order they were queued", async () => {
    simulator.fault("cut", { after: 1 });
    simulator.fault("429");
    expect((await stream(simulator, tides)).done).toBe(false);
    expect((await post(simulator, tides)).status).toBe(429);
  });
});

describe("broken streams", () => {
  it("cut ends the body cleanly after so many deltas", async () => {
    simulator.fault("cut", { after: 4 });
    const answer = await stream(simulator, tides);
    expect(deltas(answer.text)).toBe(4);
    expect([answer.done, answer.events.some((event) => event.choices[0].finish_reason)]).toEqual([false, false]);
  });

  it("cut abruptly leaves the HTTP body unfinished", async () => {
    simulator.fault("cut", { after: 2, abrupt: true });
    const { text, error } = await raw(streamed);
    expect(deltas(text)).toBe(2);
    expect([error, text.endsWith("0\r\n\r\n")]).toEqual([undefined, false]);
  });

  it("reset tears the connection after so many deltas, all of which arrive", async () => {
    for (const after of [0, 1, 25]) {
      simulator.fault("reset", { after });
      const { text, error } = await raw(question("Write 20 sentences about tides", { stream: true }));
      expect([deltas(text), error]).toEqual([after, "ECONNRESET"]);
      expect(text).toMatch(/^HTTP\/1.1 200 OK/);
    }
  });

  it("reset-before-headers sends nothing at all", async () => {
    simulator.fault("reset-before-headers");
    expect(await raw(streamed)).toEqual({ reads: [], text: "", error: "ECONNRESET" });
  });

  it("stall says so many deltas and then nothing until the client leaves", async () => {
    simulator.fault("stall", { after: 2 });
    const socket = openSocket(simulator, streamed);
    const answer = readToEnd(socket);
    const entry = await simulator.waitFor((request) => request.fault === "stall" && request.events === 2);
    expect(entry.state).toBe("open");
    socket.destroy();
    expect((await entry.closed).state).toBe("closed-by-client");
    expect(deltas((await answer).text)).toBeLessThanOrEqual(2);
  });

  it("stall-before-headers says nothing until the client leaves", async () => {
    simulator.fault("stall-before-headers");
    const socket = openSocket(simulator, streamed);
    const answer = readToEnd(socket);
    const entry = await simulator.waitFor((request) => request.fault === "stall-before-headers");
    socket.destroy();
    expect(await entry.closed).toMatchObject({ state: "closed-by-client", bytes: 0 });
    expect((await answer).text).toBe("");
  });

  it("midstream-error has three forms", async () => {
    const lastOf = async (form?: "documented" | "recorded" | "no-choices") => {
      simulator.fault("midstream-error", { after: 2, code: 429, message: "Rate limit exceeded", form });
      const { events, done, text } = await stream(simulator, tides);
      expect(deltas(text)).toBe(2);
      return [events.at(-1).error, events.at(-1).choices[0]?.finish_reason, done];
    };
    const error = { code: 429, message: "Rate limit exceeded" };
    expect(await lastOf()).toEqual([error, "error", false]);
    expect(await lastOf("recorded")).toEqual([error, null, true]);
    expect(await lastOf("no-choices")).toEqual([error, undefined, false]);
  });

  it("a recorded midstream-error comes after a finish, with the usage that is billed", async () => {
    simulator.fault("midstream-error", { after: 2, form: "recorded" });
    const { events } = await stream(simulator, tides);
    expect(events.slice(-2).map((event) => event.choices[0].finish_reason)).toEqual(["length", null]);
    const entry = await simulator.requests.at(-1)?.closed;
    expect(events.at(-1).usage).toEqual(entry?.usage);
    expect(entry?.usage?.completion_tokens).toBe(2);
  });

  it("malformed-json breaks one event and goes on", async () => {
    simulator.fault("malformed-json", { after: 1 });
    const { text } = await post(simulator, streamed);
    const data = text.split("\n\n").filter((block) => block.startsWith("data: {"));
    expect(data.filter((block) => block === 'data: {"id":"gen-')).toHaveLength(1);
    expect(text.trimEnd().endsWith("data: [DONE]")).toBe(true);
  });

  it("no-finish and empty end in [DONE] without a finish word", async () => {
    simulator.fault("no-finish");
    const unfinished = await stream(simulator, tides);
    expect([
      unfinished.done,
      unfinished.content.length > 0,
      unfinished.events.some((event) => event.choices[0].finish_reason),
    ]).toEqual([true, true, false]);
    simulator.fault("empty");
    const empty = await stream(simulator, tides);
    expect([empty.done, empty.events]).toEqual([true, []]);
  });

  it("error-first-event and error-200 fail inside status 200", async () => {
    simulator.fault("error-first-event", { code: 503 });
    const { events, done, status } = await stream(simulator, tides);
    expect([status, done, events.length, events[0].error.code, events[0].choices]).toEqual([
      200,
      false,
      1,
      503,
      undefined,
    ]);
    simulator.fault("error-200");
    const { status: plain, json, headers } = await post(simulator, streamed);
    expect([plain, headers.get("content-type"), json.error.code]).toEqual([200, "application/json", 502]);
  });

  it("wrong-content-type keeps the body", async () => {
    simulator.fault("wrong-content-type", { contentType: "text/html" });
    const answer = await stream(simulator, tides);
    expect([answer.headers.get("content-type"), answer.done]).toEqual(["text/html", true]);
  });

  it("a stream shorter than `after` breaks before its finish", async () => {
    simulator.reply("one two");
    simulator.fault("cut", { after: 50 });
    const { content, events } = await stream(simulator, tides);
    expect([content, events.length]).toEqual(["one two", 2]);
  });
});

describe("broken bodies without streaming", () => {
  it.each([
    ["cut", undefined],
    ["reset", "ECONNRESET"],
  ] as const)("%s leaves half a body", async (kind, code) => {
    simulator.fault(kind);
    const { text, error } = await raw({ ...tides });
    expect(error).toBe(code);
    expect(text).toContain('"object":"chat.completion"');
    expect(text).not.toContain('"usage"');
  });

  it("malformed-json cannot be parsed, midstream-error stands in the choice", async () => {
    simulator.fault("malformed-json");
    expect((await post(simulator, tides)).json).toBeUndefined();
    simulator.fault("midstream-error", { code: 503, message: "gone" });
    const [choice] = (await post(simulator, tides)).json.choices;
    expect(choice).toMatchObject({ finish_reason: "error", error: { code: 503, message: "gone" } });
    expect(choice.message.content.length).toBeGreaterThan(0);
  });

  it("midstream-error keeps half the text", async () => {
    simulator.reply({ text: "one two three four five six", times: 2 });
    simulator.fault("midstream-error", { form: "recorded" });
    const [choice] = (await post(simulator, tides)).json.choices;
    expect([choice.message.content, choice.finish_reason]).toEqual(["one two three", null]);
    expect((await post(simulator, tides)).json.choices[0].message.content).toBe("one two three four five six");
  });

  it("fenced-json and think-tags wrap the text", async () => {
    const body = question("x", { response_format: { type: "json_object" } });
    simulator.fault("fenced-json");
    expect((await post(simulator, body)).json.choices[0].message.content).toMatch(/^```json\n\{[\s\S]*\}\n```$/);
    simulator.fault("think-tags");
    expect((await post(simulator, body)).json.choices[0].message.content).toMatch(/^<think>\n[\s\S]+\n<\/think>\n\n\{/);
  });
});

describe("time", () => {
  it("comments-only goes on for ever", async () => {
    const clock = new ManualClock();
    await using paced = await startSimulator({ clock });
    paced.fault("comments-only", { everyMs: 5000 });
    const socket = openSocket(paced, streamed);
    const answer = readToEnd(socket);
    const entry = await paced.waitFor(({ bytes }) => bytes > 0);
    for (let minute = 0; minute < 120; minute += 1) {
      const { bytes } = entry;
      await clock.advance(5000);
      await paced.waitFor((request) => request.bytes > bytes);
    }
    socket.destroy();
    expect(await entry.closed).toMatchObject({ state: "closed-by-client", events: 0 });
    expect((await answer).text).not.toContain("data:");
  });

  it("slow waits before the headers and between pieces", async () => {
    const waits: number[] = [];
    await using paced = await startSimulator({ clock: { now: () => 0, wait: async (ms) => void waits.push(ms) } });
    paced.reply("one two three");
    paced.fault("slow", { delayMs: 700, everyMs: 30 });
    expect((await stream(paced, tides)).content).toBe("one two three");
    expect(waits[0]).toBe(700);
    expect(waits.slice(1).length).toBeGreaterThan(5);
    expect(new Set(waits.slice(1))).toEqual(new Set([30]));
  });

  it("tokensPerSecond paces streams and whole answers", async () => {
    for (const body of [streamed, tides]) {
      let now = 0;
      await using paced = await startSimulator({
        tokensPerSecond: 10,
        clock: {
          now: () => now,
          wait: async (ms) => {
            now += ms;
          },
        },
      });
      paced.reply("one two three four five six");
      await post(paced, body);
      expect(now).toBeCloseTo(500);
    }
  });
});

it("every kind is named in the log", async () => {
  const kinds: FaultKind[] = ["500", "cut", "no-finish"];
  for (const kind of kinds) {
    simulator.fault(kind);
    await post(simulator, streamed);
  }
  expect(simulator.requests.slice(-3).map(({ fault }) => fault)).toEqual(kinds);
});
