import { describe, expect, test } from "vitest";
import { ConfigurationError } from "../errors/error-classes.js";
import { checkOptions, type OptionRules } from "./check-options.js";

interface Options {
  client?: unknown;
  onError?: unknown;
  format?: unknown;
  heartbeatMs?: unknown;
  leaseMs?: unknown;
}

const RULES: OptionRules<Options> = {
  client: "anything",
  onError: "function",
  format: ["events", "ndjson"],
  heartbeatMs: "milliseconds",
  leaseMs: "period",
};

function mistakeIn(options: unknown): ConfigurationError {
  try {
    checkOptions("thing", options as Options, RULES);
  } catch (error) {
    if (ConfigurationError.is(error)) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("options", () => {
  test("that make sense, or are left out, are taken", () => {
    expect(() => checkOptions("thing", {}, RULES)).not.toThrow();
    const all: Options = { client: 1, onError: () => {}, format: "events", heartbeatMs: 0, leaseMs: 1 };
    expect(() => checkOptions("thing", all, RULES)).not.toThrow();
    const none = Object.fromEntries(Object.keys(RULES).map((name) => [name, undefined]));
    expect(() => checkOptions<Options>("thing", none, RULES)).not.toThrow();
  });

  test.each([
    ["clinet", "client"],
    ["Client", "client"],
    ["on_error", "onError"],
    ["onErorr", "onError"],
    ["lease-ms", "leaseMs"],
    ["formt", "format"],
    ["temperature", undefined],
    ["x".repeat(10_000), undefined],
  ])("that nobody reads are told with the one that was meant: %j", (name, meant) => {
    const { code, detail, hint } = mistakeIn({ [name]: 1 });
    expect([code, detail]).toEqual(["invalid_config", `unknown option of thing: ${name}`]);
    const known = "Known are: client, onError, format, heartbeatMs, leaseMs.";
    expect(hint).toBe(meant === undefined ? known : `Did you mean \`${meant}\`? ${known}`);
  });

  test("that nobody reads are told at once", () => {
    expect(mistakeIn({ one: 1, two: 2 }).detail).toBe("unknown options of thing: one, two");
  });

  test.each([
    [{ onError: "log" }, "thing: `onError` is no function", /a function, or leave it out/],
    [{ format: "event" }, "thing: `format` is not one that is known", /^Did you mean "events"\? Give one of/],
    [{ format: 7 }, "thing: `format` is not one that is known", /^Give one of: events, ndjson\.$/],
    [{ heartbeatMs: -1 }, "thing: `heartbeatMs` is no time", /0 or more/],
    [{ heartbeatMs: Number.NaN }, "thing: `heartbeatMs` is no time", /0 or more/],
    [{ heartbeatMs: 2 ** 31 }, "thing: `heartbeatMs` is no time", /0 or more/],
    [{ leaseMs: 0 }, "thing: `leaseMs` is no time", /more than 0/],
    [{ leaseMs: "1s" }, "thing: `leaseMs` is no time", /more than 0/],
  ])("that nobody can have meant are refused: %j", (options, detail, hint) => {
    const mistake = mistakeIn(options);
    expect([mistake.code, mistake.detail]).toEqual(["invalid_config", detail]);
    expect(mistake.hint).toMatch(hint);
  });

  test.each([null, [], "client", 7])("are an object: %j", (options) => {
    expect(mistakeIn(options).detail).toBe("thing takes an options object");
  });
});
