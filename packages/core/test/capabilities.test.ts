import { expect, test } from "vitest";
import { imagePart } from "../src/index.js";
import { completion, json, post, upstream } from "./upstream.js";

const model = "acme/plain";
const ROWS = {
  data: [
    {
      id: model,
      architecture: { input_modalities: ["text"], output_modalities: ["text"] },
      supported_parameters: ["temperature", "max_tokens"],
      expiration_date: "2026-11-30",
      pricing: { prompt: "0", completion: "0" },
    },
    { id: "acme/able", architecture: { input_modalities: ["text", "image"] }, supported_parameters: ["tools"] },
  ],
};

/** A client that knows the two rows, with every warning that it told. */
async function knowing(provider: "openrouter" | "openai" = "openrouter") {
  const { llm, requests, baseURL } = await upstream(
    ({ path }, response) => json(response, 200, path.endsWith("/models") ? ROWS : completion),
    { provider, model },
  );
  await llm.models.refresh();
  requests.length = 0;
  const told: string[] = [];
  llm.on("warning", ({ code, message }) => told.push(`${code}: ${message}`));
  return { llm, requests, baseURL, told };
}
const picture = [{ role: "user" as const, content: [imagePart("https://example.com/a.png")] }];
const tools = [{ type: "function" as const, function: { name: "f", parameters: { type: "object" } } }];

test("what a model is not known to do is told before the call, which is sent all the same", async () => {
  const { llm, requests, told } = await knowing();
  const result = await llm.generate({ messages: picture, tools, topK: 5, temperature: 1 });
  expect(result.warnings.map(({ code }) => code)).toEqual([
    "unsupported_input",
    "unsupported_parameter",
    "unsupported_parameter",
    "model_expiring",
  ]);
  expect(told).toEqual(result.warnings.map(({ code, message }) => `${code}: ${message}`));
  expect([result.text, requests.length]).toEqual(["hi", 1]);
});

test("every model that may come to answer is looked at, once a call", async () => {
  const { llm, told } = await knowing();
  await llm.generate({ prompt: "x", topK: 5, model: "acme/able", fallbackModels: ["acme/unknown", model] });
  expect(told).toEqual([
    "unsupported_parameter: acme/able is not known to support top_k; it is ignored",
    "unsupported_parameter: acme/plain is not known to support top_k; it is ignored",
    "model_expiring: acme/plain is served until 2026-11-30 only",
  ]);
});

test("requireParameters turns what would be ignored into what would be refused", async () => {
  const { llm, told } = await knowing();
  await llm.generate({ prompt: "x", topK: 5, model: "acme/able", routing: { requireParameters: true } });
  expect(told).toEqual([
    "unsupported_parameter: acme/able is not known to support top_k; OpenRouter is likely to answer 404",
  ]);
});

test("llm.fetch tells the same", async () => {
  const { llm, baseURL, told } = await knowing();
  const answer = await llm.fetch(`${baseURL}/chat/completions`, post({ model, messages: picture }));
  expect([answer.status, told.map((text) => text.split(":", 1)[0])]).toEqual([
    200,
    ["unsupported_input", "model_expiring"],
  ]);
});

test("other providers' models are not judged by the router's catalogue", async () => {
  const { llm, told } = await knowing("openai");
  await llm.generate({ messages: picture, topK: 5 });
  expect(told).toEqual([]);
});
