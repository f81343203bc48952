import OpenAI from "openai";
import { afterEach, expect, test, vi } from "vitest";
import { openaiClient } from "../src/openai/index.js";
import { completion, events, json, upstream } from "./upstream.js";

const messages = [{ role: "user" as const, content: "hi" }];
const model = "openai/gpt-4o";
afterEach(() => vi.unstubAllEnvs());

test("S14 the official client completes, streams and sees our refusals", async () => {
  const { llm } = await upstream(
    ({ body }, response) => {
      if (!body.stream) return json(response, 200, completion);
      const chunk = (content: string, finish: string | null) => ({
        id: "gen-2",
        object: "chat.completion.chunk",
        choices: [{ index: 0, delta: { content }, finish_reason: finish }],
      });
      events(response, chunk("he", null), chunk("llo", "stop"), { ...chunk("", "stop"), usage: completion.usage });
      return response.end("data: [DONE]\n\n");
    },
    { policy: { denyModels: ["bad/*"] } },
  );
  const openai = openaiClient(llm);
  const whole = await openai.chat.completions.create({ model, messages });
  expect(whole.choices[0]?.message.content).toBe("hi");
  let text = "";
  for await (const chunk of await openai.chat.completions.create({ model, messages, stream: true }))
    text += chunk.choices[0]?.delta.content ?? "";
  expect([text, llm.usage.total.usd]).toEqual(["hello", 0.5]);
  await expect(openai.chat.completions.create({ model: "bad/x", messages })).rejects.toBeInstanceOf(
    OpenAI.BadRequestError,
  );
});

test("S14 a form with a file goes out whole", async () => {
  const { llm, requests } = await upstream((_seen, response) => json(response, 200, { text: "spoken" }));
  const file = new File([new Uint8Array([65, 0, 66])], "a.wav");
  const answer = await openaiClient(llm).audio.transcriptions.create({ model: "whisper-1", file });
  expect([answer.text, requests[0]?.headers["content-type"]?.startsWith("multipart/form-data; boundary=")]).toEqual([
    "spoken",
    true,
  ]);
  expect(requests[0]?.text).toContain('filename="a.wav"');
  expect(requests[0]?.text).toContain("\r\n\r\nA\0B\r\n");
});

test("OpenAI's organization and project of the environment stay at home", async () => {
  vi.stubEnv("OPENAI_ORG_ID", "org-secret");
  vi.stubEnv("OPENAI_PROJECT_ID", "proj-secret");
  const { llm, requests } = await upstream((_seen, response) => json(response, 200, completion));
  await openaiClient(llm).chat.completions.create({ model, messages });
  expect(JSON.stringify(requests[0]?.headers)).not.toContain("secret");
});
