import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { completion, json, upstream } from "../../test/upstream.js";
import { jsonLogger, LLMError, pinoLogger } from "../index.js";

const KEY = "sk-or-v1-0123456789abcdef";

function written(options: Parameters<typeof jsonLogger>[0] = {}) {
  const lines: string[] = [];
  const logger = jsonLogger({ level: "debug", write: (line) => void lines.push(line), ...options });
  return { logger, lines, read: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describe("jsonLogger", () => {
  test("writes a JSON object a line: time, level, message, then the fields", () => {
    const { logger, lines, read } = written({ fields: { service: "chat" } });
    logger.warn?.("an attempt failed", { attempt: 1, nested: { list: [1, "two", undefined] } });
    logger.error?.("without fields");
    expect(lines.every((line) => line.endsWith("}\n") && line.indexOf("\n") === line.length - 1)).toBe(true);
    expect(read()).toEqual([
      {
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        level: "warn",
        message: "an attempt failed",
        service: "chat",
        attempt: 1,
        nested: { list: [1, "two", null] },
      },
      { time: expect.any(String), level: "error", message: "without fields", service: "chat" },
    ]);
  });

  test("lets no field take the place of time, level or message", () => {
    const { logger, read } = written();
    logger.info?.("the message", { time: 0, level: "none", message: "another" });
    expect(read()[0]).toMatchObject({ time: expect.stringContaining("T"), level: "info", message: "the message" });
  });

  test.each([
    ["debug", 4],
    ["info", 3],
    ["warn", 2],
    ["error", 1],
  ] as const)("with level %s it writes %i of the four levels", (level, count) => {
    const { logger, lines } = written({ level });
    for (const log of Object.values(logger)) log("x");
    expect(lines).toHaveLength(count);
  });

  test("has info as its level, and refuses one that it does not know", () => {
    const { logger, lines } = written({ level: undefined });
    logger.debug?.("x");
    logger.info?.("y");
    expect(lines).toHaveLength(1);
    expect(() => jsonLogger({ level: "loud" as never })).toThrow(
      'level is one of debug, info, warn, error, not "loud"',
    );
  });

  test.each([
    { authorization: "opaque-1" },
    { Authorization: ["opaque-1"] },
    { "proxy-authorization": "opaque-1" },
    { cookie: "opaque-1" },
    { "Set-Cookie": "opaque-1" },
    { "x-api-key": "opaque-1" },
    { apiKey: "opaque-1" },
    { api_key: { of: "opaque-1" } },
    { accessToken: "opaque-1" },
    { client_secret: "opaque-1" },
    { password: "opaque-1" },
    { PROXY_AUTHORIZATION: "opaque-1" },
    { proxyauthorization: "opaque-1" },
    { OPENROUTER_API_KEY: "opaque-1" },
    { openaiAPIKey: "opaque-1" },
    { "x-goog-api-key": "opaque-1" },
    { sessionCookie: "opaque-1" },
    { webhookSecret: "opaque-1" },
    { aws_secret_access_key: "opaque-1" },
    { dbPassword: "opaque-1" },
    { headers: { deep: [{ Cookie: "opaque-1" }] } },
    { headers: new Map([["authorization", "opaque-1"]]) },
  ])("redacts what stands under the name of a secret: %j", (fields) => {
    const { logger, lines } = written();
    logger.info?.("x", fields);
    expect(lines[0]).toContain("[redacted]");
    expect(lines[0]).not.toContain("opaque-1");
  });

  test.each([
    [{ note: `the key ${KEY} was refused` }],
    [{ list: new Set([`Bearer ${KEY}`]) }],
    [{ [KEY]: 1 }],
    [{ error: new Error(`no ${KEY}`) }],
    [{ url: `https://host.example/v1?api_key=${KEY}` }],
  ])("redacts what looks like a key wherever it stands", (fields) => {
    const { logger, lines } = written({ fields });
    logger.info?.(`x ${KEY}`);
    expect(lines[0]).not.toContain(KEY);
  });

  test("keeps tokens, hashes and everything else that is no secret", () => {
    const { logger, read } = written();
    const fields = { promptTokens: 3, completionTokens: 2, key: "a1b2", model: "openai/gpt-4o", usd: 0.25, token: "a" };
    const alike = { invalidToken: "b", monkey: "c", secretary: "d", cookies: 5, authorizationMs: 6 };
    logger.debug?.("answered", { ...fields, ...alike });
    expect(read()[0]).toMatchObject({ ...fields, ...alike });
  });

  test("tells of bytes only how many they are", () => {
    const { logger, read } = written();
    logger.info?.("x", { bytes: Buffer.from(KEY), view: new DataView(new ArrayBuffer(3)) });
    expect(read()[0]).toMatchObject({ bytes: `[${KEY.length} bytes]`, view: "[3 bytes]" });
  });

  test("keeps name, message and code of an error, and nothing that upstream said", () => {
    const { logger, read } = written();
    logger.error?.("x", { error: new LLMError("timeout", "too late", { upstream: { message: "the prompt" } }) });
    expect(read()[0]?.error).toEqual({ name: "LLMError", message: "too late", code: "timeout" });
  });

  test("writes a line whatever it is given", () => {
    const circle: Record<string, unknown> = { many: 10n, no: () => 1, when: new Date(Number.NaN) };
    circle.self = circle;
    Object.defineProperty(circle, "bad", {
      enumerable: true,
      get() {
        throw new Error("unreadable");
      },
    });
    const { logger, read } = written();
    logger.info?.("x", circle);
    expect(read()[0]).toMatchObject({ many: "10", when: "[invalid date]", self: "[circular]", bad: "[unreadable]" });
    fc.assert(
      fc.property(
        fc.string(),
        fc.dictionary(fc.string(), fc.anything({ withMap: true, withSet: true, withBigInt: true })),
        (text, fields) => {
          const { logger, read } = written();
          logger.info?.(text, fields);
          expect(read()).toHaveLength(1);
        },
      ),
    );
  });

  test("writes what cannot be read as such, and what stands beside it as it is", () => {
    const thrown = () => {
      throw new RangeError(KEY);
    };
    const list = Object.defineProperty([1, 2, 3], 1, { get: thrown, enumerable: true });
    const error = Object.defineProperty(new Error("x"), "message", { get: thrown });
    const { proxy: revoked, revoke } = Proxy.revocable({}, {});
    revoke();
    const { logger, lines, read } = written();
    logger.info?.("x", {
      map: new Map([[Object.create(null), 1]]),
      error,
      list,
      revoked,
      after: { list: [revoked, 5] },
    });
    expect(read()[0]).toMatchObject({
      map: { "[unreadable]": 1 },
      error: { name: "Error", message: "[unreadable]" },
      list: [1, "[unreadable]", 3],
      revoked: "[unreadable]",
      after: { list: ["[unreadable]", 5] },
    });
    logger.info?.("still a line", revoked);
    expect(read()[1]).toMatchObject({ message: "still a line", fields: "[unreadable]" });
    expect(lines.join("")).not.toContain(KEY);
  });

  test("redacts a key in a boxed text, too", () => {
    const { logger, read } = written();
    logger.info?.("x", { boxed: Object(`Bearer ${KEY}`), list: [Object("plain")] });
    expect(read()[0]).toMatchObject({ boxed: expect.stringContaining("[redacted]"), list: ["plain"] });
    expect(JSON.stringify(read())).not.toContain(KEY);
  });

  test("tells of a call all that can be told, and neither key, prompt nor answer", async () => {
    const { logger, lines, read } = written();
    const answer = { ...completion, choices: [{ ...completion.choices[0], message: { content: "SECRET ANSWER" } }] };
    const { llm } = await upstream((_seen, response) => json(response, 200, answer), { logger });
    await llm.generate({ model: "openai/gpt-4o", prompt: "SECRET PROMPT", headers: { "x-tenant": "SECRET HEADER" } });
    expect(read().map(({ message }) => message)).toEqual(["answered", "a request ended"]);
    expect(lines.join("")).not.toMatch(/SECRET|sk-or/);
  });
});

test("pinoLogger gives the fields first, as pino and bunyan take them", async () => {
  const told: unknown[][] = [];
  const tell =
    (level: string) =>
    (...given: unknown[]) =>
      void told.push([level, ...given]);
  const logger = pinoLogger({ debug: tell("debug"), info: tell("info"), warn: tell("warn"), error: tell("error") });
  const { llm } = await upstream((_seen, response) => json(response, 200, completion), { logger });
  await llm.generate({ model: "openai/gpt-4o:beta", prompt: "x" });
  for (const log of Object.values(logger)) log("alone");
  expect(told.map(([level, , message]) => [level, message])).toEqual([
    ["info", expect.stringContaining(":beta")],
    ["debug", "answered"],
    ["debug", "a request ended"],
    ...["debug", "info", "warn", "error"].map((level) => [level, "alone"]),
  ]);
  expect(told[1]?.[1]).toMatchObject({ generationId: "gen-1" });
});
