import { readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Logger } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { startSimulator } from "@signalbox/testing";
import { expect, onTestFinished, test, vi } from "vitest";
import { post, streamEvents } from "./http.js";

test("the example of the README streams an answer", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const code = /```ts\n(.*?)```/s.exec(readme)?.[1] ?? "";
  expect(code).toContain("@ChatStream()");
  // Beside this test, so that it is compiled like one and finds the same packages.
  const file = fileURLToPath(new URL(`.readme-example-${process.pid}.ts`, import.meta.url));
  await writeFile(file, code);
  onTestFinished(() => rm(file));

  const openrouter = await startSimulator();
  onTestFinished(() => openrouter.close());
  openrouter.reply("as the README says");
  vi.stubEnv("LLM", "openrouter");
  vi.stubEnv("OPENROUTER_API_KEY", "sk-or-readme");
  vi.stubEnv("OPENROUTER_BASE_URL", openrouter.baseURL);
  vi.stubEnv("PORT", "0");
  onTestFinished(() => void vi.unstubAllEnvs());
  Logger.overrideLogger(false);
  const create = vi.spyOn(NestFactory, "create");
  onTestFinished(() => create.mockRestore());

  await import(/* @vite-ignore */ file);
  const app = await create.mock.results[0]?.value;
  onTestFinished(() => app.close());
  const { port } = app.getHttpServer().address();
  const answer = await post(`http://127.0.0.1:${port}/chat`, { prompt: "What do you say?" });
  const { events, done } = streamEvents(await answer.text());
  expect(events.at(-1)).toMatchObject({ type: "finish", result: { text: "as the README says" } });
  expect(done).toBe(true);
  expect(openrouter.requests[0]?.prompt).toBe("What do you say?");
});
