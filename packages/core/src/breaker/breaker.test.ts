import { beforeEach, describe, expect, test } from "vitest";
import { ManualClock } from "../../test/manual-clock.js";
import { createError } from "../errors/error-classes.js";
import type { ErrorCode } from "../errors/error-code.js";
import { LLMError } from "../errors/llm-error.js";
import { type Breaker, type BreakerPass, openBreaker } from "./breaker.js";

const MODEL = { model: "vendor/a" };
let clock: ManualClock;
let warnings: { code: string; message: string }[];
let openModels: string[];
let breaker: Breaker;

const onChange = (models: string, isOpen: boolean) => {
  openModels = isOpen ? [...openModels, models] : openModels.filter((model) => model !== models);
};

beforeEach(async () => {
  clock = new ManualClock();
  warnings = [];
  openModels = [];
  breaker = await open({ failures: 3, halfOpenAfterMs: 1_000 });
});

function open(options: Parameters<typeof openBreaker>[0]): Promise<Breaker> {
  return openBreaker(options, { clock, warn: (warning) => warnings.push(warning), onChange });
}

/** A verdict takes effect behind the promises of the circuit. */
const effect = () => new Promise<void>((resolve) => setImmediate(resolve));

const failure = (code: ErrorCode) => createError(code, "no", { upstream: { status: 500 } });

async function fail(code: ErrorCode = "provider_error", body: Parameters<Breaker["enter"]>[0] = MODEL): Promise<void> {
  breaker.enter(body).failed(failure(code));
  await effect();
}

async function failTimes(times: number, body: Parameters<Breaker["enter"]>[0] = MODEL): Promise<void> {
  for (let time = 0; time < times; time++) await fail("provider_error", body);
}

function refusal(body: Parameters<Breaker["enter"]>[0] = MODEL): LLMError | undefined {
  try {
    breaker.enter(body).left();
    return undefined;
  } catch (error) {
    if (LLMError.is(error)) return error;
    throw error;
  }
}

describe("a closed circuit", () => {
  test("opens after so many failures in a row, and refuses with the time until its trial", async () => {
    await failTimes(2);
    expect(refusal()).toBeUndefined();
    await fail("timeout");
    clock.advance(400);
    const error = refusal();
    expect(error).toMatchObject({ code: "provider_overloaded", status: 503, retryable: true, retryAfterMs: 600 });
    expect(error?.detail).toBe(
      "the circuit of vendor/a is open after failures in a row (timeout): nothing was sent; the next request goes out in 600 ms",
    );
  });

  test("tells once that it is open", async () => {
    await failTimes(3);
    refusal();
    refusal();
    expect(openModels).toEqual(["vendor/a"]);
    expect(warnings).toEqual([
      {
        code: "circuit_open",
        message:
          "the circuit of vendor/a is open: 3 failures in a row, the last one provider_error; one request tries it in 1000 ms",
      },
    ]);
  });

  test("counts anew after an answer", async () => {
    await failTimes(2);
    breaker.enter(MODEL).worked();
    await effect();
    await failTimes(2);
    expect(refusal()).toBeUndefined();
  });

  test.each(["provider_error", "provider_overloaded", "timeout", "connection", "stream_truncated"] as const)(
    "counts %s",
    async (code) => {
      for (let time = 0; time < 3; time++) await fail(code);
      expect(refusal()?.code).toBe("provider_overloaded");
    },
  );

  test.each([
    ...(["invalid_request", "context_length", "authentication", "insufficient_credits", "content_policy"] as const),
    ...(["model_not_found", "rate_limit", "budget_exceeded", "aborted", "empty_response", "tool"] as const),
  ])("does not count %s", async (code) => {
    for (let time = 0; time < 9; time++) await fail(code);
    expect(refusal()).toBeUndefined();
  });

  test("takes what no client threw, and a request that was left, for nothing", async () => {
    for (let time = 0; time < 9; time++) {
      breaker.enter(MODEL).failed(new Error("a program's own"));
      breaker.enter(MODEL).left();
      await effect();
    }
    expect(refusal()).toBeUndefined();
  });

  test("takes the first verdict of a request and no other", async () => {
    for (let time = 0; time < 3; time++) {
      const pass = breaker.enter(MODEL);
      pass.worked();
      pass.failed(failure("timeout"));
      pass.left();
      await effect();
    }
    expect(refusal()).toBeUndefined();
  });

  test("has five failures and ten seconds where nothing else is said", async () => {
    breaker = await open({});
    await failTimes(4);
    expect(refusal()).toBeUndefined();
    await fail();
    expect(refusal()?.retryAfterMs).toBe(10_000);
  });
});

describe("a circuit that was open long enough", () => {
  let trial: BreakerPass;

  beforeEach(async () => {
    await failTimes(3);
    clock.advance(1_000);
    trial = breaker.enter(MODEL);
  });

  test("lets one request try the model, and refuses all others meanwhile", () => {
    expect(refusal()).toMatchObject({ code: "provider_overloaded", retryAfterMs: 1_000 });
    expect(refusal()?.detail).toContain("one request is trying it");
  });

  test("closes with its answer, tells so, and counts from the beginning", async () => {
    trial.worked();
    await effect();
    expect(warnings.at(-1)).toEqual({
      code: "circuit_closed",
      message: "the circuit of vendor/a is closed: a request was answered",
    });
    expect(openModels).toEqual([]);
    await failTimes(2);
    expect(refusal()).toBeUndefined();
  });

  test("closes where upstream refuses the request: it is there", async () => {
    trial.failed(failure("invalid_request"));
    await effect();
    breaker.enter(MODEL);
    expect(breaker.enter(MODEL)).toBeDefined();
    expect(warnings.at(-1)?.code).toBe("circuit_closed");
  });

  test("opens for the whole time again where the trial fails, without telling it twice", async () => {
    clock.advance(300);
    trial.failed(failure("connection"));
    trial.left();
    await effect();
    expect(refusal()?.retryAfterMs).toBe(1_000);
    clock.advance(999);
    expect(refusal()?.retryAfterMs).toBe(1);
    clock.advance(1);
    expect(breaker.enter(MODEL)).toBeDefined();
    expect(warnings.map(({ code }) => code)).toEqual(["circuit_open"]);
    expect(openModels).toEqual(["vendor/a"]);
  });

  test.each(["aborted", "rate_limit"] as const)(
    "tries again with the next request where a trial ends in %s",
    async (code) => {
      trial.failed(failure(code));
      await effect();
      const next = breaker.enter(MODEL);
      expect(refusal()).toBeDefined();
      next.worked();
      await effect();
      expect(refusal()).toBeUndefined();
    },
  );

  test("tries again where the trial never came to an end", async () => {
    clock.advance(600_001);
    expect(refusal()).toBeDefined();
    await effect();
    breaker.enter(MODEL).worked();
    await effect();
    expect(warnings.at(-1)?.code).toBe("circuit_closed");
  });
});

test("what was sent before a circuit opened says nothing about it any more", async () => {
  const early = [1, 2, 3, 4].map(() => breaker.enter(MODEL));
  await failTimes(3);
  clock.advance(1_000);
  const trial = breaker.enter(MODEL);
  early[0]?.worked();
  early[1]?.failed(failure("timeout"));
  await effect();
  expect(refusal()).toBeDefined();
  trial.worked();
  await effect();
  for (const pass of early) pass.failed(failure("timeout"));
  await effect();
  expect(refusal()).toBeUndefined();
});

test("a jump of the wall clock opens and closes nothing", async () => {
  await failTimes(3);
  clock.jump(86_400_000);
  expect(refusal()?.retryAfterMs).toBe(1_000);
});

test("each model has a circuit, and each model with its fallbacks has one", async () => {
  await failTimes(3);
  expect(refusal({ model: "vendor/b" })).toBeUndefined();
  expect(refusal({ model: "vendor/a", models: ["vendor/b"] })).toBeUndefined();
  await failTimes(3, { model: "vendor/a", models: ["vendor/a", "vendor/b"] });
  expect(refusal({ model: "vendor/a", models: ["vendor/b"] })?.detail).toContain("vendor/a, vendor/b");
});

test("of a thousand models the one that was asked longest ago is forgotten, and told to be closed", async () => {
  await failTimes(3);
  for (let other = 0; other < 999; other++) breaker.enter({ model: `other/${other}` }).worked();
  expect(refusal()).toBeDefined();
  for (let other = 0; other < 1_000; other++) breaker.enter({ model: `another/${other}` }).worked();
  expect(warnings.at(-1)).toEqual({
    code: "circuit_closed",
    message: "the circuit of vendor/a is closed: it is forgotten, as many other models were asked since",
  });
  expect(refusal()).toBeUndefined();
});

test.each(["left", "failed"] as const)(
  "a trial that is %s after its circuit was forgotten opens nothing",
  async (how) => {
    await failTimes(3);
    clock.advance(1_000);
    const trial = breaker.enter(MODEL);
    for (let other = 0; other < 1_000; other++) breaker.enter({ model: `other/${other}` }).worked();
    trial[how](failure("timeout"));
    await effect();
    expect(openModels).toEqual([]);
    expect(warnings.map(({ code }) => code)).toEqual(["circuit_open", "circuit_closed"]);
  },
);

test("a last failure that tells as its circuit is forgotten opens nothing", async () => {
  await failTimes(2);
  breaker.enter(MODEL).failed(failure("timeout"));
  for (let other = 0; other < 1_000; other++) breaker.enter({ model: `other/${other}` }).worked();
  await effect();
  expect(openModels).toEqual([]);
});

test("without its package the breaker says how to install it", async () => {
  const missing = Object.assign(new Error("Cannot find package 'cockatiel'"), { code: "ERR_MODULE_NOT_FOUND" });
  const opening = openBreaker({}, { clock, warn: () => undefined, onChange }, () => Promise.reject(missing));
  await expect(opening).rejects.toMatchObject({
    code: "invalid_config",
    detail: "`breaker` needs the package cockatiel, which could not be loaded",
    hint: "npm install cockatiel",
    cause: missing,
  });
});
