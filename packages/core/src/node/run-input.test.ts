import { describe, expect, test } from "vitest";
import { z } from "zod";
import { readResumeFrom, runInputs } from "./run-input.js";

const Topic = z.object({ topic: z.string(), slides: z.array(z.object({ title: z.string() })).default([]) });

describe("the input of a run", () => {
  test("is the body, where nothing else is said", async () => {
    expect(await runInputs("thing", undefined)({ topic: "tea" }, {})).toEqual({ topic: "tea" });
  });

  test("is what a schema makes of the body", async () => {
    expect(await runInputs("thing", Topic)({ topic: "tea", more: 1 }, {})).toEqual({ topic: "tea", slides: [] });
  });

  test("is what a function makes of the body and the request", async () => {
    const read = runInputs("thing", async ({ topic }, request: { user: string }) => [topic, request.user]);
    expect(await read({ topic: "tea" }, { user: "ann" })).toEqual(["tea", "ann"]);
  });

  test("is refused with what the schema has against it, and where", async () => {
    const refused = runInputs("thing", Topic)({ topic: 1, slides: [{}] }, {});
    await expect(refused).rejects.toMatchObject({
      code: "invalid_request",
      detail: expect.stringMatching(/^the input is not valid: topic: .+; slides\.0\.title: /),
    });
  });

  test("may have an issue with the body as a whole", async () => {
    const never = z.record(z.string(), z.unknown()).refine(() => false, "not today");
    await expect(runInputs("thing", never)({}, {})).rejects.toMatchObject({
      detail: "the input is not valid: not today",
    });
  });

  test.each(["schema", 7, {}, null])("is not read by %j, which is told at once", (input) => {
    const refusal = expect.objectContaining({
      code: "invalid_config",
      detail: "thing: `input` is neither a schema nor a function",
    });
    expect(() => runInputs("thing", input as never)).toThrow(refusal);
  });
});

describe("the run that a body goes on with", () => {
  test("is none for a new one", () => {
    expect(readResumeFrom({ topic: "tea" })).toBeUndefined();
    expect(readResumeFrom({})).toBeUndefined();
  });

  test("stands alone", () => {
    expect(readResumeFrom({ resumeFrom: "run-1" })).toBe("run-1");
    expect(() => readResumeFrom({ resumeFrom: "run-1", topic: "tea" })).toThrow(/send `resumeFrom` alone/);
  });

  test.each([null, "", 1, ["run-1"], {}])("has an id: not %j", (resumeFrom) => {
    expect(() => readResumeFrom({ resumeFrom })).toThrow(/not the id of a run/);
  });
});
