import { expect } from "vitest";
import type { Gateway } from "./gateway.js";
import { CALLS, TOOLS } from "./offered-tools.js";
import {
  type Ask,
  Ending,
  type Failure,
  type FailureScenario,
  type OpenClient,
  type Scenario,
  type ThirdPartyClient,
} from "./third-party-client.js";

/** One cell of the table while it is tried. */
export interface Trial {
  gateway: Gateway;
  client: ThirdPartyClient;
  scenario: Scenario;
  open(key: string): Promise<OpenClient>;
}

const FIRST = "Signals ";
const PIECES = [FIRST, "and boxes ", "carry ", "trains."];
const TEXT = PIECES.join("");
const MODEL = "openai/gpt-4o-mini";
const ASK: Ask = { model: MODEL, prompt: "What do they do?" };
const SERVER_KEY = "Bearer ***-key";

/** What its user is told, whatever the client. */
const TOLD: Record<FailureScenario, Partial<Failure>> = {
  "401": { status: 401, message: expect.stringContaining("credentials were refused") },
  "402": { status: 402, retryAfter: expect.stringMatching(/^\d+$/), message: expect.stringContaining("budget") },
  "429 + Retry-After": { status: 429, retryAfter: "7", message: expect.stringMatching(/rate.?limit/i) },
  // The chat handler says of what upstream said only what every page may know.
  "mid-stream error": { message: expect.stringMatching(/the engine stopped|The model service failed\./) },
  "cut stream": {},
  abort: {},
  "unknown model": { status: 404, message: expect.stringContaining("nobody/nothing") },
};

/** Tries the cell, and says in a few words what the client showed. Throws where that is not what it should be. */
export function tryCell(trial: Trial): Promise<string> {
  return TRIALS[trial.scenario](trial);
}

const TRIALS: Record<Scenario, (trial: Trial) => Promise<string>> = {
  async text({ gateway, open }) {
    gateway.simulator.reply(TEXT);
    expect(await (await open("sk-ann")).text(ASK)).toBe(TEXT);
    await expectBilled(gateway, 1);
    return "ok";
  },

  async stream({ gateway, open }) {
    gateway.simulator.reply({ chunks: PIECES });
    const heard = Promise.withResolvers<void>();
    const pieces: string[] = [];
    const onText = (text: string) => {
      pieces.push(text);
      heard.resolve();
    };
    const dripped = drip(gateway, heard.promise);
    expect(await (await open("sk-ann")).stream({ ...ASK, onText })).toBe(TEXT);
    expect(pieces.join("")).toBe(TEXT);
    expect(pieces.length).toBeGreaterThan(1);
    await dripped;
    await expectBilled(gateway, 1);
    return "ok";
  },

  async "two parallel tools"({ gateway, open }) {
    gateway.simulator.reply({ toolCalls: CALLS }, "Sunny at noon.");
    const { calls, text } = await (await open("sk-ann")).tools(
      { ...ASK, prompt: "Weather in Rome, and the time?" },
      TOOLS,
    );
    expect({ calls, text }).toEqual({ calls: CALLS, text: "Sunny at noon." });
    const sent = gateway.simulator.requests[1]?.json.messages as { role: string; content: unknown }[];
    expect(sent.filter(({ role }) => role === "tool").map(({ content }) => content)).toEqual(["21 degrees", "noon"]);
    await expectBilled(gateway, 2);
    return "ok";
  },

  async structured({ gateway, open }) {
    gateway.simulator.reply({ object: { city: "Rome", degrees: 21 } });
    expect(await (await open("sk-ann")).structured(ASK)).toEqual({ city: "Rome", degrees: 21 });
    expect(gateway.simulator.requests[0]?.json.response_format).toMatchObject({
      type: "json_schema",
      json_schema: { schema: { required: ["city", "degrees"] } },
    });
    await expectBilled(gateway, 1);
    return "ok";
  },

  async "401"(trial) {
    const cell = await refused(trial, "sk-wrong", ASK);
    expect(trial.gateway.simulator.requests).toHaveLength(0);
    return cell;
  },

  async "402"(trial) {
    const cell = await refused(trial, "sk-poor", ASK);
    expect(trial.gateway.simulator.requests).toHaveLength(0);
    return cell;
  },

  async "429 + Retry-After"(trial) {
    trial.gateway.simulator.fault("429", { retryAfter: 7, times: 2 });
    return refused(trial, "sk-ann", ASK);
  },

  async "unknown model"(trial) {
    return refused(trial, "sk-eve", { ...ASK, model: "nobody/nothing" });
  },

  async "mid-stream error"(trial) {
    const cells = [];
    for (const form of ["documented", "recorded", "no-choices"] as const) {
      trial.gateway.simulator.fault("midstream-error", { after: 2, message: "the engine stopped", form });
      cells.push(await brokenOff(trial));
    }
    return oneWord(cells);
  },

  async "cut stream"(trial) {
    const cells = [];
    for (const fault of [
      ["cut", {}],
      ["cut", { abrupt: true }],
      ["reset", {}],
    ] as const) {
      trial.gateway.simulator.fault(fault[0], { after: 2, ...fault[1] });
      cells.push(await brokenOff(trial));
    }
    return oneWord(cells);
  },

  async abort(trial) {
    const { simulator } = trial.gateway;
    simulator.fault("stall", { after: 2 });
    const arrival = simulator.nextRequest();
    const leaving = new AbortController();
    const heard: string[] = [];
    const onText = (text: string) => {
      heard.push(text);
      if (heard.join("").length >= FIRST.length) leaving.abort();
    };
    const cell = await brokenOff(trial, { signal: leaving.signal, onText });
    expect(await (await arrival).closed).toMatchObject({ state: "closed-by-client", events: 2 });
    return cell;
  },
};

/** Upstream writes the first piece or two, and the others when the client has shown one to its user. */
async function drip({ simulator, clock }: Gateway, heard: Promise<void>): Promise<void> {
  simulator.fault("slow", { everyMs: 1 });
  const request = await simulator.nextRequest();
  while (request.events === 0) await clock.advance(1);
  await heard;
  while (request.state === "open") await Promise.race([clock.advance(1), request.closed]);
}

/** Before anything of an answer: whole and streamed alike. */
async function refused(trial: Trial, key: string, ask: Ask): Promise<string> {
  const open = await trial.open(key);
  const ways = trial.client.without?.text === undefined ? [open.text, open.stream] : [open.stream];
  const cells = [];
  for (const way of ways) cells.push(shown(trial, open, await rejection(way(ask))));
  return oneWord(cells);
}

function oneWord(cells: readonly string[]): string {
  const [first = ""] = cells;
  expect(cells).toEqual(cells.map(() => first));
  return first;
}

/** After two pieces of the text. */
async function brokenOff(trial: Trial, more: Partial<Ask> = {}): Promise<string> {
  trial.gateway.simulator.reply({ chunks: PIECES });
  const open = await trial.open("sk-ann");
  const heard: string[] = [];
  const onText = (text: string) => {
    heard.push(text);
    more.onText?.(text);
  };
  const thrown = await rejection(open.stream({ ...ASK, ...more, onText }));
  expect(PIECES.slice(0, 2).join("")).toContain(heard.join(""));
  return shown(trial, open, thrown);
}

function shown({ client, scenario }: Trial, open: OpenClient, thrown: unknown): string {
  if (thrown instanceof Ending) {
    expect({ kind: thrown.kind, scenario }).toEqual({ kind: client.kinds.abort, scenario: "abort" });
    return thrown.kind;
  }
  const failure = open.failure(thrown);
  const { kind, status, retryAfter } = failure;
  const failed = scenario as FailureScenario;
  expect(failure).toMatchObject({ ...TOLD[failed], kind: client.kinds[failed] });
  return [kind, status, retryAfter && "+ Retry-After"].filter((part) => part !== undefined).join(" ");
}

async function rejection(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error("the client took it for a success");
}

/** Upstream saw the server's key, and the caller's user pays. */
async function expectBilled({ simulator, client }: Gateway, requests: number): Promise<void> {
  expect(simulator.requests.map(({ headers }) => headers.authorization)).toEqual(Array(requests).fill(SERVER_KEY));
  await expect.poll(() => client.usage.byUser()).toMatchObject([{ user: "ann", requests }]);
}
