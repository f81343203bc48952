import { expectTypeOf, test } from "vitest";
import { z } from "zod";
import {
  type AbortedError,
  type GenerateResult,
  type GenerateStream,
  jsonSchema,
  type LLM,
  type LLMClient,
  LLMError,
  type LLMProvider,
  RateLimitError,
  type ResolvedModel,
  resolveModel,
  type StreamEvent,
  type ToolCall,
  tool,
} from "../src/index.js";

declare const llm: LLMClient;

test("a client is an LLM, and an LLM has no private members", () => {
  expectTypeOf<LLMClient>().toExtend<LLM>();
  expectTypeOf<{ [K in keyof LLM]: LLM[K] }>().toExtend<LLM>();
});

test("calls give what the contract says", () => {
  expectTypeOf(llm.generate({ prompt: "hi" })).resolves.toEqualTypeOf<GenerateResult>();
  expectTypeOf(llm.stream({ prompt: "hi" })).toExtend<GenerateStream>();
  expectTypeOf<GenerateStream>().toExtend<AsyncIterable<string>>();
  expectTypeOf<GenerateStream["events"]>().toEqualTypeOf<AsyncIterable<StreamEvent>>();
  expectTypeOf<GenerateStream["result"]>().toEqualTypeOf<Promise<GenerateResult>>();
  expectTypeOf(llm.run({ user: "ada" }, () => 5)).toEqualTypeOf<number>();
  expectTypeOf(resolveModel("a/b")).toEqualTypeOf<ResolvedModel>();
  expectTypeOf(llm.fetch("x")).resolves.toEqualTypeOf<Response>();
});

test("a structured answer has the type of its schema", async () => {
  const schema = z.object({ name: z.string(), size: z.coerce.number(), tags: z.array(z.string()).default([]) });
  const result = await llm.generateStructured({ prompt: "hi", schema });
  expectTypeOf(result.object).toEqualTypeOf<{ name: string; size: number; tags: string[] }>();
  expectTypeOf(result.text).toEqualTypeOf<string>();
  for await (const partial of llm.streamStructured({
    prompt: "hi",
    schema: z.object({ a: z.object({ b: z.string() }) }),
  })) {
    expectTypeOf(partial.a?.b).toEqualTypeOf<string | undefined>();
  }
  const typed = await llm.generateStructured({ prompt: "hi", schema: jsonSchema<{ a: 1 }>({ type: "object" }) });
  expectTypeOf(typed.object).toEqualTypeOf<{ a: 1 }>();
  const bare = await llm.generateStructured({ prompt: "hi", schema: { type: "object" } });
  expectTypeOf(bare.object).toEqualTypeOf<unknown>();
});

test("a tool's arguments have the type of its schema", () => {
  tool({
    name: "add",
    parameters: z.object({ a: z.number() }),
    execute: (args, context) => {
      expectTypeOf(args).toEqualTypeOf<{ a: number }>();
      expectTypeOf(context.signal).toEqualTypeOf<AbortSignal>();
      expectTypeOf(context.call).toEqualTypeOf<ToolCall>();
      return args.a;
    },
    needsApproval: ({ a }) => a > 1,
  });
});

test("is() narrows, undefined is absent, unknown keys do not compile", () => {
  const error: unknown = undefined;
  if (LLMError.is(error)) expectTypeOf(error).toEqualTypeOf<LLMError>();
  if (LLMError.is(error)) expectTypeOf(error.partial).toEqualTypeOf<Partial<GenerateResult> | undefined>();
  if (RateLimitError.is(error)) expectTypeOf(error.retryAfterMs).toEqualTypeOf<number | undefined>();
  expectTypeOf<AbortedError["name"]>().toEqualTypeOf<"AbortError">();
  llm.generate({ prompt: "hi", maxTokens: undefined, signal: undefined }).catch(() => {});
  // @ts-expect-error snake_case is the wire's, not ours
  llm.generate({ prompt: "hi", max_tokens: 5 }).catch(() => {});
  // @ts-expect-error a routing key that does not exist
  llm.generate({ prompt: "hi", routing: { requireParams: true } }).catch(() => {});
});

test("a provider of one's own needs a name and two methods", () => {
  expectTypeOf<Pick<LLMProvider, "name" | "chat" | "chatStream">>().toExtend<LLMProvider>();
});
