import { expect, test } from "vitest";
import { z } from "zod";
import { scriptedClient } from "../../test/scripted-client.js";
import { InvalidRequestError } from "../errors/error-classes.js";
import { tool } from "./tool.js";

const sound = { name: "add", description: "Adds.", parameters: z.object({}), execute: () => 3 };
const made = (more: object) => () => tool({ ...sound, ...more } as never);

test("S18 a key that no tool has is refused, and the nearest one is named", () => {
  expect(made({ needs_approval: true })).toThrow(InvalidRequestError);
  expect(made({ needs_approval: true })).toThrow(
    'unknown key "needs_approval" in the tool "add"; did you mean "needsApproval"?',
  );
  expect(made({ excute: () => 3 })).toThrow('did you mean "execute"?');
  expect(made({ timeout: 3 })).toThrow('did you mean "timeoutMs"?');
});

test.each([-1, Number.NaN, Number.POSITIVE_INFINITY, "30s", null])("S18 a timeoutMs of %s is refused", (timeoutMs) => {
  expect(made({ timeoutMs })).toThrow(/`timeoutMs` of the tool "add" is .+; allowed is a number/);
});

test("S18 what is given comes back as given; an option that is undefined is none", async () => {
  expect(tool({ ...sound, timeoutMs: 0 })).toEqual({ kind: "signalbox.tool", ...sound, timeoutMs: 0 });
  const open = tool({ ...sound, timeoutMs: undefined, needsApproval: undefined, description: undefined });
  const { llm } = scriptedClient([{ toolCalls: [{ name: "add", arguments: {} }] }, "3"]);
  expect((await llm.generate({ prompt: "1 + 2?", tools: [open] })).text).toBe("3");
});
