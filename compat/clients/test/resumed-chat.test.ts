import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { Chat } from "@ai-sdk/react";
import { type ChatChunk, LLMClient, type LLMProvider } from "@signalbox/core";
import { scriptedProvider } from "@signalbox/core/testing";
import { chatRouter } from "@signalbox/express";
import { DefaultChatTransport, type UIMessage } from "ai";
import express from "express";
import { expect, onTestFinished, test } from "vitest";

/** A model that says what it is told to. */
function dictatedProvider() {
  const said: (string | undefined)[] = [];
  let heard = Promise.withResolvers<void>();
  const add = (text: string | undefined) => {
    said.push(text);
    heard.resolve();
  };
  const chunk = (delta: object, finish_reason: string | null): ChatChunk[] => [
    { id: "gen-1", model: "dictated", choices: [{ index: 0, delta, finish_reason }] },
  ];
  async function* chunks() {
    for (let at = 0; ; ) {
      while (at === said.length) {
        heard = Promise.withResolvers();
        await heard.promise;
      }
      const text = said[at++];
      if (text === undefined) return void (yield chunk({}, "stop"));
      yield chunk({ content: text }, null);
    }
  }
  const provider: LLMProvider = {
    ...scriptedProvider(),
    chatStream: async () => ({
      status: 200,
      done: true,
      [Symbol.asyncIterator]: chunks,
      close() {},
    }),
  };
  return { provider, say: add, end: () => add(undefined) };
}

async function openChat() {
  const { provider, say, end } = dictatedProvider();
  const client = new LLMClient({ provider, env: false });
  const app = express();
  app.use("/chat", chatRouter({ client, format: "ui-message", onDisconnect: "continue" }));
  const server = app.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await client.close();
  });
  const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}/chat`;
  let run = "";
  const transport = new DefaultChatTransport({
    api,
    prepareSendMessagesRequest: ({ messages }) => ({ body: { messages: messages.map(asChatMessage) } }),
    prepareReconnectToStreamRequest: () => ({ api: run }),
    fetch: async (input, init) => {
      const response = await fetch(input, init);
      const location = response.headers.get("location");
      if (location !== null) run = new URL(location, response.url).href;
      return response;
    },
  });
  const open = (messages: UIMessage[] = []) => {
    let news = Promise.withResolvers<void>();
    const chat = new Chat<UIMessage>({ transport, messages });
    chat["~registerMessagesCallback"](() => news.resolve());
    const shows = async (text: string) => {
      while (textOf(chat.messages) !== text) {
        news = Promise.withResolvers();
        await news.promise;
      }
    };
    return { chat, shows };
  };
  return { say, end, open, breakOff: () => server.closeAllConnections() };
}

/** A chat whose connection broke when it had shown the first word. */
async function brokenOff() {
  const { say, end, open, breakOff } = await openChat();
  const { chat, shows } = open();
  const sent = chat.sendMessage({ text: "Hi" });
  say("one ");
  await shows("one ");
  breakOff();
  await sent;
  return { chat, shows, open, say, end };
}

function asChatMessage({ role, parts }: UIMessage) {
  return { role, content: parts.map((part) => (part.type === "text" ? part.text : "")).join("") };
}

const textOf = (messages: readonly UIMessage[]) =>
  messages
    .filter(({ role }) => role === "assistant")
    .flatMap(({ parts }) => parts)
    .map((part) => (part.type === "text" ? part.text : ""))
    .join("");

test("useChat whose connection breaks off resumes the answer: nothing is missing or told twice", async () => {
  const { chat, shows, say, end } = await brokenOff();
  expect(chat.status).toBe("error");
  say("two ");
  const resumed = chat.resumeStream();
  await shows("one two ");
  say("three");
  end();
  await resumed;
  expect([chat.status, textOf(chat.messages), chat.messages.length]).toEqual(["ready", "one two three", 2]);
});

test("useChat on a page that was loaded anew gets the whole answer, while it goes on and after its end", async () => {
  const { chat, open, say, end } = await brokenOff();
  // What an application keeps of a conversation: the question, as long as there is no whole answer.
  const history = chat.messages.filter(({ role }) => role === "user");
  const during = open(structuredClone(history));
  const resumed = during.chat.resumeStream();
  await during.shows("one ");
  say("two");
  end();
  await resumed;
  const after = open(structuredClone(history));
  await after.chat.resumeStream();
  for (const each of [during, after]) {
    expect([each.chat.status, textOf(each.chat.messages), each.chat.messages.length]).toEqual(["ready", "one two", 2]);
  }
});
