import type { GenerateRequest, GenerateResult, LLM, LLMClient, Pipeline, ScopeOptions } from "@signalbox/core";
import type { ErrorRequestHandler, Request, RequestHandler, Router } from "express";
import { expectTypeOf } from "vitest";
import { z } from "zod";
import "../src/augment.js";
import { chatHandler, getLLM, llmErrorHandler, llmMiddleware, openAICompatible, stepsRouter } from "../src/index.js";

declare const client: LLMClient;
declare const req: Request;
declare const pipeline: Pipeline<{ topic: string }>;

expectTypeOf(getLLM(req)).toEqualTypeOf<LLM>();
expectTypeOf(req.llm).toEqualTypeOf<LLM>();

expectTypeOf(llmMiddleware(client)).toExtend<RequestHandler>();
expectTypeOf(llmMiddleware(client).client).toEqualTypeOf<LLM>();
expectTypeOf(llmMiddleware(client).close()).toEqualTypeOf<Promise<void>>();
expectTypeOf(llmMiddleware(client).close({ graceMs: 5_000 })).toEqualTypeOf<Promise<void>>();
llmMiddleware({ apiKey: undefined, model: "a/b" }, async (request, response): Promise<ScopeOptions> => {
  expectTypeOf(request.headers.authorization).toEqualTypeOf<string | undefined>();
  expectTypeOf(response.headersSent).toEqualTypeOf<boolean>();
  return { user: request.ip };
});
// @ts-expect-error a scope has no such key
llmMiddleware(client, { usr: "ann" });

expectTypeOf(chatHandler()).toExtend<RequestHandler>();
chatHandler({
  request: async (): Promise<Partial<GenerateRequest>> => ({ system: "Be brief." }),
  accept: { model: ["a/b"], fallbackModels: ["a/b"], temperature: true, maxTokens: (value) => value <= 500 },
  onFinish: (result, request) => {
    expectTypeOf(result).toEqualTypeOf<GenerateResult>();
    expectTypeOf(request).toExtend<Request>();
  },
  onError: (error) => expectTypeOf(error).toEqualTypeOf<unknown>(),
});
chatHandler({ accept: ["temperature", "model"], format: "ui-message", heartbeatMs: 5_000, bodyLimit: 1000 });
// @ts-expect-error tools cannot be opened
chatHandler({ accept: ["tools"] });
// @ts-expect-error headers cannot be opened
chatHandler({ accept: { headers: true } });
// @ts-expect-error a temperature is a number
chatHandler({ accept: { temperature: ["hot"] } });

expectTypeOf(llmErrorHandler({ expose: true })).toExtend<ErrorRequestHandler>();

expectTypeOf(openAICompatible({ authorize: "none" })).toEqualTypeOf<Router>();
openAICompatible({
  authorize: (request) => (request.headers.authorization ? { user: "ann" } : false),
  models: ["a/*"],
});
// @ts-expect-error an open door has to be asked for
openAICompatible({ client });

expectTypeOf(stepsRouter(pipeline)).toEqualTypeOf<Router>();
stepsRouter(pipeline, { input: z.object({ topic: z.string() }), onDisconnect: "continue" });
stepsRouter(pipeline, {
  input: (body) => ({ topic: String(body.topic) }),
  authorize: (_request, runId) => runId === undefined,
});
// @ts-expect-error the schema makes another input
stepsRouter(pipeline, { input: z.object({ slides: z.number() }) });
