import { expect, test } from "vitest";
import { type ContractHarness, type ContractReply, describeProviderContract } from "../../test/provider-contract.js";
import { rejection } from "../../test/rejection.js";
import { createError } from "../errors/error-classes.js";
import { readUpstreamError } from "../errors/read-upstream-error.js";
import type { ChatBody, WireUsage } from "../messages/chat-body.js";
import type { ChunkStream } from "../provider/llm-provider.js";
import { type ScriptedReply, type ScriptedReplySource, scriptedProvider } from "./index.js";

async function scriptedHarness(): Promise<ContractHarness> {
  const provider = scriptedProvider();
  const watchers: (() => void)[] = [];
  return {
    provider,
    reply(reply) {
      provider.reply(() => {
        for (const watcher of watchers.splice(0)) watcher();
        return scripted(reply);
      });
    },
    calls: () => provider.requests.length,
    called: () => new Promise((resolve) => watchers.push(resolve)),
    close: async () => {},
  };
}

interface Body {
  choices?: { message?: { content: string }; delta?: { content: string } }[];
  error?: { code: number };
  usage?: WireUsage;
}

/** What the contract asks of a model, in the words of a script. */
function scripted(reply: ContractReply): ScriptedReply | Error | Promise<never> {
  if (reply.kind === "silence") return new Promise(() => {});
  if (reply.kind === "refuse") return upstreamError(reply.status, reply.body, reply.headers);
  if (reply.kind === "answer") {
    const { choices, error } = reply.body as Body;
    return error ? upstreamError(error.code, reply.body) : { text: choices?.[0]?.message?.content };
  }
  const chunks = reply.chunks as Body[];
  const texts = chunks.map(({ choices }) => choices?.[0]?.delta?.content ?? "").filter((text) => text !== "");
  const error = reply.end === "cut" ? createError("stream_truncated", "stream ended unexpectedly") : undefined;
  return { text: texts.join(""), pieces: texts.length, usage: chunks.at(-1)?.usage, error };
}

const upstreamError = (status: number, body: object, headers: Record<string, string> = {}) =>
  readUpstreamError(status, JSON.stringify(body), headers, { secrets: [], now: 0 });

describeProviderContract("scripted", scriptedHarness, { inProcess: true });

const body: ChatBody = { model: "m", messages: [{ role: "user", content: "hi" }] };
const open = (reply: ScriptedReplySource, signal?: AbortSignal): Promise<ChunkStream> =>
  scriptedProvider([reply]).chatStream(body, { signal });

test("F32 an abort between two pieces rejects the next pull with its reason", async () => {
  const controller = new AbortController();
  const reader = (await open("one two three", controller.signal))[Symbol.asyncIterator]();
  expect((await reader.next()).done).toBe(false);
  controller.abort("enough");
  expect(await rejection(reader.next())).toMatchObject({ code: "aborted", cause: "enough" });
});

test("close() ends the stream between two pieces, and keeps back a failure that waited behind them", async () => {
  for (const reply of ["one two three", { text: "one", error: new Error("late") }]) {
    const stream = await open(reply);
    const reader = stream[Symbol.asyncIterator]();
    await reader.next();
    stream.close();
    stream.close();
    expect([(await reader.next()).done, (await reader.next()).done, stream.done]).toEqual([true, true, false]);
  }
});

test("an error of the script comes after the pieces of a stream, and in place of a whole answer", async () => {
  const error = new Error("engine died");
  const provider = scriptedProvider([{ text: "one two", error }]);
  const texts: unknown[] = [];
  const reading = (async () => {
    for await (const [chunk] of await provider.chatStream(body, {})) texts.push(chunk?.choices?.[0]?.delta?.content);
  })();
  await expect(reading).rejects.toBe(error);
  expect(texts).toEqual(["one", " two"]);
  await expect(provider.chat(body, {})).rejects.toBe(error);
});

test("the last reply repeats, and without any the model says what it was told", async () => {
  const texts = async (replies: ScriptedReplySource[]) => {
    const provider = scriptedProvider(replies);
    const answers = [await provider.chat(body, {}), await provider.chat(body, {}), await provider.chat(body, {})];
    return answers.map((answer) => answer.body.choices?.[0]?.message?.content);
  };
  expect([await texts(["a", "b"]), await texts([])]).toEqual([
    ["a", "b", "b"],
    ["hi", "hi", "hi"],
  ]);
});
