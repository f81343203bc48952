import { getEventListeners } from "node:events";
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { LLMClient, type LLMClientOptions, LLMError } from "../src/index.js";
import { httpLoopback } from "./loopback.js";
import { ManualClock } from "./manual-clock.js";
import { rawUpstream, settle, wholeAnswer } from "./raw-upstream.js";
import { rejection } from "./rejection.js";
import { turnOfTheLoop } from "./scripted-client.js";
import { completion, events, json, textChunk, upstream } from "./upstream.js";

const KEY = "plain-looking-canary-key";
const PROMPT = "the sentinel prompt about a purple walrus";
const echo = `You sent ${PROMPT} with Bearer ${KEY} and x-other: ${KEY}`;
const refusal = (code: number, more: object = {}) => ({ error: { code, message: echo, ...more } });

test.each<[string, number, unknown]>([
  ...[400, 401, 402, 403, 404, 408, 413, 422, 429, 500, 502, 503, 529].map((status): [string, number, unknown] => [
    String(status),
    status,
    refusal(status),
  ]),
  ["in a 200 body", 200, refusal(500)],
  ["in the provider's words", 502, refusal(502, { message: "x", metadata: { provider_name: "Acme", raw: echo } })],
  [
    "in the fields beside the message",
    502,
    refusal(502, { code: `no ${KEY}`, metadata: { provider_name: `Acme ${KEY}`, error_type: KEY } }),
  ],
  ["as the id of the request", 502, { ...refusal(502), request_id: `gen-${KEY}` }],
  ["as a string", 500, { error: echo }],
  ["as plain text", 502, echo],
  ["as a page", 502, `<html><title>${echo}</title></html>`],
])(
  "F86 a key that upstream repeats (%s) is in no text of the error, of the log or of an event",
  async (_where, status, body) => {
    const logged: unknown[] = [];
    const log = (...given: unknown[]) => void logged.push(given);
    const { llm, clock } = await upstream(
      (_seen, response) =>
        typeof body === "string" ? response.writeHead(status).end(body) : json(response, status, body),
      { apiKey: KEY, logger: { debug: log, info: log, warn: log, error: log } },
    );
    clock.fixedRandom = 0;
    for (const event of ["usage", "retry", "warning"] as const) llm.on(event, log);
    const error = await settle(rejection(llm.generate({ prompt: PROMPT })), clock);
    const told = [
      ...[
        error.message,
        error.detail,
        error.stack,
        error.hint,
        String(error),
        JSON.stringify(error),
        inspect(error, { depth: 10 }),
      ],
      ...[inspect(error.cause, { depth: 10 }), inspect(error.upstream, { depth: 10 }), inspect(logged, { depth: 10 })],
      ...[inspect(llm, { depth: 10, showHidden: false }), JSON.stringify(llm)],
    ];
    expect(told.filter((text) => text?.includes(KEY))).toEqual([]);
  },
);

test("F88 the prompt, headers and answer of a call that fails stand in no log, event or printed error", async () => {
  const logged: unknown[] = [];
  const log = (...given: unknown[]) => void logged.push(given);
  const { llm, clock } = await upstream(
    (_seen, response, count) => {
      if (count === 1) return json(response, 503, { error: { code: 503, message: "busy" } });
      events(response, textChunk("a secret answer"), {
        choices: [{ delta: { content: "!" }, finish_reason: "error" }],
      });
      return response.end();
    },
    { logger: { debug: log, info: log, warn: log, error: log } },
  );
  clock.fixedRandom = 0;
  for (const event of ["usage", "retry", "warning"] as const) llm.on(event, log);
  const headers = { "x-tenant": "tenant-sentinel" };
  const error = await settle(rejection(llm.stream({ prompt: PROMPT, headers }).result), clock);
  expect(error.partial?.text).toBe("a secret answer!");
  const told = `${inspect(error, { depth: 10 })}${JSON.stringify(error)}${error.stack}${inspect(logged, { depth: 10 })}`;
  for (const secret of ["walrus", "tenant-sentinel", "secret answer"]) expect(told).not.toContain(secret);
});

test("F84 line ends in title or address are refused unseen; other scripts and great lengths are made to fit", async () => {
  for (const name of ["appName", "appUrl"]) {
    const build = () => new LLMClient({ apiKey: KEY, env: false, [name]: "https://a.example/\r\nx-evil: walrus" });
    expect(build).toThrow(name);
    expect(build).not.toThrow(/walrus/);
  }
  const { llm, requests } = await rawUpstream((socket) => socket.write(wholeAnswer()), {
    appName: `日本 é ${"long ".repeat(2_000)}`,
    appUrl: "https://app.example/ü",
  });
  await llm.generate({ prompt: "x" });
  const [, ...lines] = (requests[0] ?? "").split("\r\n\r\n")[0]?.split("\r\n") ?? [];
  const names = lines.map((line) => line.split(":")[0]?.toLowerCase());
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => name?.startsWith("x-"))).toEqual(["x-openrouter-title"]);
  expect(lines.find((line) => /title/i.test(line))).toMatch(/: %E6%97%A5%E6%9C%AC %C3%A9 long long/);
  expect(lines.join("").length).toBeLessThan(4_000);
});

test.each(["sk-or-v1-canary\nx", '"sk-or-v1-canary"', "sk-or-v1-can ary", "sk-or-v1-canaré", "sk-or-v1-canary\u0000"])(
  "F85 the key %j is refused at construction, and no part of it is told",
  (apiKey) => {
    let thrown: unknown;
    try {
      new LLMClient({ apiKey, env: false });
    } catch (error) {
      thrown = error;
    }
    expect(LLMError.is(thrown) && [thrown.code, thrown.detail.includes("apiKey")]).toEqual(["invalid_config", true]);
    expect(inspect(thrown, { depth: 10 })).not.toMatch(/sk-or|canar/);
  },
);

test("F85 a key that a function gives late is held to the same", async () => {
  const { llm, requests } = await upstream((_seen, response) => json(response, 200, completion), {
    apiKey: async () => "sk-or-v1-canary\nx",
  });
  const error = await rejection(llm.generate({ prompt: "x" }));
  expect([error.code, requests.length]).toEqual(["invalid_config", 0]);
  expect(inspect(error, { depth: 10 })).not.toMatch(/sk-or|canar/);
});

test("F87 the key goes to the host of the base URL, and not where its path only looks like another", async () => {
  const { url } = await httpLoopback((request, response) => {
    seen.push([request.url ?? "", request.headers.authorization ?? ""]);
    response.end(JSON.stringify(completion));
  });
  const seen: [string, string][] = [];
  const llm = new LLMClient({ apiKey: "k-canary", baseURL: `${url}/openrouter.ai/api/v1`, env: false });
  await llm.generate({ prompt: "x" });
  expect(seen).toEqual([["/openrouter.ai/api/v1/chat/completions", "Bearer k-canary"]]);
  const elsewhere = await httpLoopback((request, response) => {
    seen.push([request.url ?? "", request.headers.authorization ?? ""]);
    response.end("{}");
  });
  for (const address of [
    elsewhere.url,
    `${url}/openrouter.ai/api/v1/../../x`,
    `${url}.example/`,
    `${url}/openrouter.ai/api/v1x`,
  ])
    expect((await rejection(llm.fetch(address))).code).toBe("invalid_request");
  expect(seen).toHaveLength(1);
  await llm.close();
});

test("F94 no failure that nobody waits for becomes an unhandled rejection", async () => {
  const rejected: unknown[] = [];
  const onRejection = (reason: unknown) => void rejected.push(reason);
  process.on("unhandledRejection", onRejection);
  const { llm } = await upstream(
    (_seen, response, count) => {
      if (count % 2 === 0) return json(response, 500, { error: { message: "broken" } });
      events(response, textChunk("half"));
      return response.destroy();
    },
    { retry: false },
  );
  const ask = () => llm.stream({ prompt: "x" });
  const roads: (() => unknown)[] = [
    () => ask(),
    () => ask().result.catch(() => undefined),
    () => ask().tee(3),
    () => ask().abort(),
    () => ask()[Symbol.asyncDispose](),
    () =>
      ask()
        .events[Symbol.asyncIterator]()
        .next()
        .catch(() => undefined),
    () => llm.stream({ prompt: "x", signal: AbortSignal.abort() }),
    () => llm.stream({ messages: [], prompt: "both" } as never),
    () => llm.streamStructured({ prompt: "x", schema: { type: "object" } }),
  ];
  for (const road of [...roads, ...roads]) {
    road();
    await turnOfTheLoop();
  }
  const left = await rejection(ask().result);
  await llm.close();
  for (let turn = 0; turn < 20; turn += 1) await turnOfTheLoop();
  process.off("unhandledRejection", onRejection);
  expect([LLMError.is(left), rejected]).toEqual([true, []]);
});

test("F95 after success, failure, abort and leaving, no timer, socket, listener or slot is left", async () => {
  const clock = new ManualClock();
  const controller = new AbortController();
  const { url, sockets } = await httpLoopback((request, response) => {
    const mode = request.url?.split("/")[1];
    if (mode === "fails") return void response.writeHead(500).end("{}");
    events(response, textChunk("one"));
    if (mode === "ends") response.end('data: {"choices":[{"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n');
  });
  const handles = () => process.getActiveResourcesInfo().filter((kind) => kind === "TCPSocketWrap");
  const open = (mode: string) => {
    const options: LLMClientOptions = {
      ...{ provider: "custom", model: "m", baseURL: `${url}/${mode}`, env: false, clock, retry: false },
      limits: { maxConcurrency: 1 },
    };
    return new LLMClient(options);
  };
  const { signal } = controller;
  const use = async (mode: string, work: (llm: LLMClient) => Promise<unknown>) => {
    const llm = open(mode);
    // Twice: a slot that was not given back would hold the second call for ever.
    await work(llm);
    await work(llm);
    expect(clock.pending, mode).toEqual([]);
    await llm.close();
  };
  const before = handles().length;
  await use("ends", (llm) => llm.stream({ prompt: "x", signal }).result);
  await use("fails", (llm) => rejection(llm.generate({ prompt: "x", signal })));
  await use("hangs", async (llm) => {
    const stream = llm.stream({ prompt: "x", signal });
    const reader = stream[Symbol.asyncIterator]();
    await reader.next();
    stream.abort();
    await rejection(stream.result);
  });
  await use("hangs", async (llm) => {
    for await (const _text of llm.stream({ prompt: "x", signal })) break;
  });
  while (sockets.some((socket) => !socket.destroyed)) await turnOfTheLoop();
  for (let turn = 0; turn < 1_000 && handles().length > before; turn += 1) await turnOfTheLoop();
  expect(handles().length).toBeLessThanOrEqual(before);
  expect(getEventListeners(signal, "abort")).toHaveLength(0);
});
