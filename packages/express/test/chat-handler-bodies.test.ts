import type { LLMClient } from "@signalbox/core";
import express from "express";
import { describe, expect, test } from "vitest";
import { chatHandler, llmErrorHandler } from "../src/index.js";
import { scripted } from "./scripted-client.js";
import { postJson, serve } from "./serve.js";

describe("bodies", () => {
  const app = (client: LLMClient) =>
    serve((it) => void it.post("/chat", chatHandler({ client, bodyLimit: "1kb" })).use(llmErrorHandler()));

  test("beyond the limit are 413", async () => {
    const { provider, client } = scripted("never");
    const { origin } = await app(client);
    const answer = await postJson(`${origin}/chat`, { prompt: "x".repeat(2000) });
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({
      error: { code: "payload_too_large", message: expect.stringContaining("1024") },
    });
    expect(provider.requests).toHaveLength(0);
  });

  test("that are no JSON are 400, and are not quoted", async () => {
    const { client } = scripted("never");
    const { origin } = await app(client);
    const broken = await postJson(`${origin}/chat`, '{"prompt": "my secret plan');
    const text = await broken.text();
    expect(broken.status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({
      error: { code: "invalid_request", message: "the body is not valid JSON" },
    });
    expect(text).not.toContain("secret");
  });

  test.each(["text/plain", "application/x-www-form-urlencoded", ""])("of the type %j are 400", async (type) => {
    const { client } = scripted("never");
    const { origin } = await app(client);
    const answer = await postJson(`${origin}/chat`, { prompt: "Hi" }, { "content-type": type });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      error: { code: "invalid_request", hint: expect.stringContaining("application/json") },
    });
  });

  test.each(["[]", '"text"', "[{}]"])("that are no object are 400: %s", async (body) => {
    const { client } = scripted("never");
    const { origin } = await app(client);
    const answer = await postJson(`${origin}/chat`, body);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { code: "invalid_request" } });
  });

  test.each([
    ["express.json()", () => express.json()],
    ["express.text()", () => express.text({ type: "*/*" })],
    ["express.raw()", () => express.raw({ type: "*/*" })],
  ])("that %s has read are not read again", async (_name, parser) => {
    const { client } = scripted("fine");
    const { origin } = await serve(
      (it) => void it.use(parser()).post("/chat", chatHandler({ client })).use(llmErrorHandler()),
    );
    const answer = await postJson(`${origin}/chat`, { prompt: "Hi" });
    expect(await answer.json()).toMatchObject({ text: "fine" });
  });

  test("that express.json() left alone for their type are 400 on both majors", async () => {
    const { client } = scripted("never");
    const { origin } = await serve(
      (it) => void it.use(express.json()).post("/chat", chatHandler({ client })).use(llmErrorHandler()),
    );
    const answer = await postJson(`${origin}/chat`, { prompt: "Hi" }, { "content-type": "text/plain" });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { hint: expect.stringContaining("application/json") } });
  });

  test("that somebody read and kept are the server's mistake, told at once", async () => {
    const { client } = scripted("never");
    const heard: unknown[] = [];
    const { origin } = await serve((it) => {
      it.use((req, _res, next) => {
        req.resume();
        req.on("end", () => next());
      });
      it.post("/chat", chatHandler({ client, onError: (error) => heard.push(error) })).use(llmErrorHandler());
    });
    const answer = await postJson(`${origin}/chat`, { prompt: "Hi" });
    expect(answer.status).toBe(500);
    expect(await answer.json()).toMatchObject({ error: { code: "invalid_config" } });
    expect(heard[0]).toMatchObject({ hint: expect.stringContaining("express.json()") });
  });
});
