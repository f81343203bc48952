import type OpenAI from "openai";
import { expectTypeOf, test } from "vitest";
import type { ChatChunk, ChatCompletion, FunctionTool, Message } from "../src/index.js";

test("the official client's messages, tools and chunks are ours too", () => {
  expectTypeOf<OpenAI.ChatCompletionMessageParam>().toExtend<Message>();
  expectTypeOf<OpenAI.ChatCompletionMessage>().toExtend<Message>();
  expectTypeOf<OpenAI.ChatCompletionFunctionTool>().toExtend<FunctionTool>();
  expectTypeOf<OpenAI.ChatCompletionChunk>().toExtend<ChatChunk>();
  expectTypeOf<OpenAI.ChatCompletion>().toExtend<ChatCompletion>();
});
