import { expect, test, vi } from "vitest";
import { LLMClient, type Warning } from "../src/index.js";
import { rejection } from "./rejection.js";
import { scriptedClient } from "./scripted-client.js";

vi.mock("../src/structured/structured-output.js", () => {
  throw new Error("the file is gone");
});
vi.mock("../src/generate/tool-loop.js", () => {
  throw new Error("the file is gone");
});
vi.mock("../src/limits/gates.js", () => {
  throw new Error("the file is gone");
});

const schema = { type: "object" } as const;
const missing = { name: "ConfigurationError", code: "invalid_config", retryable: false };

test("a part that cannot be loaded fails the call that needs it, on every road, and no other", async () => {
  const { llm, provider } = scriptedClient(["fine"]);
  const stream = llm.streamStructured({ prompt: "x", schema });
  const { result } = stream;
  const partials = (async () => {
    for await (const _ of stream);
  })();
  const works = [
    partials,
    result,
    llm.streamStructured({ prompt: "x", schema }).result,
    llm.generateStructured({ prompt: "x", schema }),
    llm.generate({ prompt: "x", tools: [] }),
    llm.stream({ prompt: "x", tools: [] }).result,
  ];
  for (const error of await Promise.all(works.map(rejection))) expect(error).toMatchObject(missing);
  expect(provider.requests).toEqual([]);
  expect((await llm.generate({ prompt: "x" })).text).toBe("fine");
});

test("an answer is not lost where what estimates its cost cannot be loaded", async () => {
  const answer = {
    choices: [{ index: 0, message: { role: "assistant" as const, content: "hi" }, finish_reason: "stop" }],
  };
  const llm = new LLMClient({
    provider: {
      name: "custom",
      defaultModel: "openai/gpt-4o",
      chat: async () => ({ body: answer }),
      chatStream: () => Promise.reject(new Error("not asked for")),
    },
    env: false,
  });
  const warnings: Warning[] = [];
  llm.on("warning", (warning) => warnings.push(warning));
  const { text, cost } = await llm.generate({ prompt: "x" });
  expect([text, cost]).toEqual(["hi", undefined]);
  expect(warnings.map(({ code }) => code)).toEqual(["cost_unknown"]);
});
