import {
  type ChatRun,
  followChatRun,
  type GenerateRequest,
  type GenerateResult,
  type LLM,
  type LLMClient,
  memoryRunStore,
  type Pipeline,
  type ScopeOptions,
  startChatRun,
} from "@signalbox/core";
import { type PipeOutcome, type PublicResult, pipeStream } from "@signalbox/core/node";
import type { ErrorRequestHandler, Request, RequestHandler, Response, Router } from "express";
import { expectTypeOf } from "vitest";
import { z } from "zod";
import "../src/augment.js";
import {
  chatHandler,
  chatRouter,
  detach,
  getLLM,
  llmErrorHandler,
  llmMiddleware,
  openAICompatible,
  stepsRouter,
} from "../src/index.js";

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

declare const res: Response;
expectTypeOf(chatRouter()).toEqualTypeOf<Router>();
chatRouter({
  store: memoryRunStore(),
  onDisconnect: "continue",
  owner: async (request) => request.get("x-user"),
  authorize: (request, runId) => {
    expectTypeOf(runId).toEqualTypeOf<string | undefined>();
    return { user: request.ip };
  },
  request: (request) => ({ system: request.ip }),
  accept: { temperature: (value, request) => value < 1 && request.ip !== undefined },
  onFinish: (result, request, { runId }) => {
    expectTypeOf(result).toEqualTypeOf<GenerateResult>();
    expectTypeOf(request).toExtend<Request>();
    expectTypeOf(runId).toEqualTypeOf<string>();
  },
});
// @ts-expect-error leaving is one of two things
chatRouter({ onDisconnect: "detach" });
// @ts-expect-error tools cannot be opened
chatRouter({ accept: ["tools"] });
expectTypeOf(detach(req, (llm) => startChatRun(llm, { prompt: "Hi" }))).toEqualTypeOf<ChatRun>();
expectTypeOf(pipeStream(startChatRun(client, { prompt: "Hi" }), res)).toEqualTypeOf<
  Promise<PipeOutcome<PublicResult>>
>();
expectTypeOf(pipeStream(followChatRun(memoryRunStore(), "id", { after: 3 }), res)).toEqualTypeOf<
  Promise<PipeOutcome<PublicResult>>
>();

expectTypeOf(stepsRouter(pipeline)).toEqualTypeOf<Router>();
stepsRouter(pipeline, { input: z.object({ topic: z.string() }), onDisconnect: "continue" });
stepsRouter(pipeline, {
  input: (body) => ({ topic: String(body.topic) }),
  authorize: (_request, runId) => runId === undefined,
});
// @ts-expect-error the schema makes another input
stepsRouter(pipeline, { input: z.object({ slides: z.number() }) });
