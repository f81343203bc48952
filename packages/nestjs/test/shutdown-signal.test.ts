import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { post, streamEvents } from "./http.js";

const packageFolder = fileURLToPath(new URL("..", import.meta.url));

/** An application with shutdown hooks, over a model that says its last word when it is told to. */
const PROGRAM = `
import "reflect-metadata";
import { Controller, Module, Post } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { scriptedProvider } from "@signalbox/core/testing";
import { ChatStream, InjectLLM, LLMModule } from "@signalbox/nestjs";

const chunk = (delta, finish_reason = null) => [{ id: "gen", model: "held/model", choices: [{ index: 0, delta, finish_reason }] }];
const finish = new Promise((resolve) => process.on("message", resolve));
const provider = {
  ...scriptedProvider(),
  defaultModel: "held/model",
  chatStream: async () => ({
    status: 200,
    done: true,
    close() {},
    async *[Symbol.asyncIterator]() {
      yield chunk({ content: "one" });
      await finish;
      yield chunk({ content: " two" });
      yield chunk({}, "stop");
    },
  }),
};

class ChatController {
  constructor(llm) { this.llm = llm; }
  chat() { return this.llm.events$({ prompt: "hi" }); }
}
const chat = Object.getOwnPropertyDescriptor(ChatController.prototype, "chat");
ChatStream()(ChatController.prototype, "chat", chat);
Object.defineProperty(ChatController.prototype, "chat", chat);
Post("chat")(ChatController.prototype, "chat", chat);
InjectLLM()(ChatController, undefined, 0);
Controller()(ChatController);
class AppModule {
  onModuleDestroy() { process.send("closing"); }
}
Module({ imports: [LLMModule.forRoot({ provider, env: false })], controllers: [ChatController] })(AppModule);

const app = await NestFactory.create(AppModule, { logger: false });
app.enableShutdownHooks();
await app.listen(0, "127.0.0.1");
process.send(app.getHttpServer().address().port);
`;

// The package is named by itself in the program, so that what has been built is loaded.
test("SIGTERM lets a stream end, then the process", async () => {
  const child = spawn(process.execPath, ["--input-type=module", "-e", PROGRAM], {
    cwd: packageFolder,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [port] = (await once(child, "message")) as [number];
  const answer = await post(`http://127.0.0.1:${port}/chat`);
  const reader = (answer.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes('"one"')) text += (await reader.read()).value;
  const closing = once(child, "message");
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  expect(await closing).toEqual(["closing", undefined]);
  child.send("finish");
  for (let turn = await reader.read(); !turn.done; turn = await reader.read()) text += turn.value;
  const { events, done } = streamEvents(text);
  expect(events.at(-1)).toMatchObject({ type: "finish", result: { text: "one two" } });
  expect(done).toBe(true);
  expect(await gone).toEqual([null, "SIGTERM"]);
});
