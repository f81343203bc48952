import type OpenAI from "openai";
import { expectTypeOf, test } from "vitest";
import type {
  ChatChunk,
  ChatCompletion,
  ContentPart,
  CustomTool,
  EmbedRequest,
  FunctionTool,
  GenerateRequest,
  Message,
  Prediction,
  WebSearchOptions,
} from "../src/index.js";

test("the official client's messages, tools and chunks are ours too", () => {
  expectTypeOf<OpenAI.ChatCompletionMessageParam>().toExtend<Message>();
  expectTypeOf<OpenAI.ChatCompletionMessage>().toExtend<Message>();
  expectTypeOf<OpenAI.ChatCompletionFunctionTool>().toExtend<FunctionTool>();
  expectTypeOf<OpenAI.ChatCompletionCustomTool>().toExtend<CustomTool>();
  expectTypeOf<OpenAI.ChatCompletionTool[]>().toExtend<NonNullable<GenerateRequest["tools"]>>();
  expectTypeOf<OpenAI.ChatCompletionChunk>().toExtend<ChatChunk>();
  expectTypeOf<OpenAI.ChatCompletion>().toExtend<ChatCompletion>();
});

test("so are its parts, and the values of its options where they have one of ours", () => {
  type Params = OpenAI.ChatCompletionCreateParams;
  type Given<K extends keyof Params> = NonNullable<Params[K]>;
  expectTypeOf<OpenAI.ChatCompletionContentPart>().toExtend<ContentPart>();
  expectTypeOf<OpenAI.ChatCompletionContentPartRefusal>().toExtend<ContentPart>();
  expectTypeOf<OpenAI.ChatCompletionPredictionContent>().toExtend<Prediction>();
  expectTypeOf<Given<"web_search_options">>().toExtend<WebSearchOptions>();
  expectTypeOf<OpenAI.ChatCompletionToolChoiceOption>().toExtend<NonNullable<GenerateRequest["toolChoice"]>>();
  expectTypeOf<Given<"modalities">>().toExtend<NonNullable<GenerateRequest["modalities"]>>();
  expectTypeOf<Given<"service_tier">>().toExtend<NonNullable<GenerateRequest["serviceTier"]>>();
  expectTypeOf<Given<"verbosity">>().toExtend<NonNullable<GenerateRequest["verbosity"]>>();
  expectTypeOf<Given<"reasoning_effort">>().toExtend<
    NonNullable<NonNullable<GenerateRequest["reasoning"]>["effort"]>
  >();
  expectTypeOf<Given<"logit_bias">>().toExtend<NonNullable<GenerateRequest["logitBias"]>>();
  expectTypeOf<Given<"metadata">>().toExtend<NonNullable<GenerateRequest["metadata"]>>();
  expectTypeOf<Given<"stop">>().toExtend<NonNullable<GenerateRequest["stop"]>>();
  expectTypeOf<Given<"prompt_cache_key">>().toExtend<NonNullable<GenerateRequest["promptCacheKey"]>>();
  expectTypeOf<OpenAI.EmbeddingCreateParams["input"]>().toExtend<EmbedRequest["input"]>();
  expectTypeOf<NonNullable<OpenAI.EmbeddingCreateParams["encoding_format"]>>().toExtend<
    NonNullable<EmbedRequest["encodingFormat"]>
  >();
});
