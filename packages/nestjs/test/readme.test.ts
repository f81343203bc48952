import { readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type INestApplication, Logger } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { type Simulator, startSimulator } from "@signalbox/testing";
import { createClient } from "graphql-ws";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { WebSocket } from "ws";
import { post, serverSentEvents, streamEvents } from "./http.js";

const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
const examples = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code as string);

let runs = 0;

/** The environment that the examples read. */
async function simulate(): Promise<Simulator> {
  const openrouter = await startSimulator();
  onTestFinished(() => openrouter.close());
  const variables = {
    LLM: "openrouter",
    OPENROUTER_API_KEY: "sk-or-readme",
    OPENROUTER_BASE_URL: openrouter.baseURL,
    OPENROUTER_MODEL: "openai/gpt-4o-mini",
    PORT: "0",
  };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  Logger.overrideLogger(false);
  return openrouter;
}

/** Runs the one example that holds a text; it lies beside this test, so that it is compiled like one and finds the same packages. */
async function run(having: string): Promise<void> {
  const [code, ...others] = examples.filter((example) => example.includes(having));
  expect(others).toEqual([]);
  runs += 1;
  const file = fileURLToPath(new URL(`.readme-example-${process.pid}-${runs}.ts`, import.meta.url));
  await writeFile(file, `${code}`);
  onTestFinished(() => rm(file));
  await import(/* @vite-ignore */ file);
}

/** Runs an example that starts a server; gives its address. */
async function serve(having: string): Promise<string> {
  const create = vi.spyOn(NestFactory, "create");
  onTestFinished(() => create.mockRestore());
  await run(having);
  const app = (await create.mock.results[0]?.value) as INestApplication;
  onTestFinished(() => app.close());
  return `http://127.0.0.1:${app.getHttpServer().address().port}`;
}

describe("the examples of the README", () => {
  test("the first one streams an answer", async () => {
    const openrouter = await simulate();
    openrouter.reply("as the README says");
    const url = await serve('@Post("chat")\n  @ChatStream()\n  chat(@Body("prompt")');
    const answer = await post(`${url}/chat`, { prompt: "What do you say?" });
    const { events, done } = streamEvents(await answer.text());
    expect(events.at(-1)).toMatchObject({ type: "finish", result: { text: "as the README says" } });
    expect(done).toBe(true);
    expect(openrouter.requests[0]?.prompt).toBe("What do you say?");
  });

  test("the environment is validated by @nestjs/config, and used", async () => {
    const openrouter = await simulate();
    openrouter.reply("Po, Rhine, Loire");
    const log = vi.spyOn(console, "log").mockImplementation(() => {});
    onTestFinished(() => log.mockRestore());
    await run("ConfigModule.forRoot");
    expect(log.mock.calls).toEqual([["Po, Rhine, Loire"]]);
    vi.stubEnv("OPENROUTER_API_KEY", "another");
    await expect(run("ConfigModule.forRoot")).rejects.toThrow(/OPENROUTER_API_KEY/);
    expect(openrouter.requests).toHaveLength(1);
  });

  test("budgets and limits belong to whom the guard has found", async () => {
    const openrouter = await simulate();
    const url = await serve("@LLMLimit(");
    expect((await post(`${url}/chat`, { prompt: "hi" })).status).toBe(403);
    const ask = async () => {
      const answer = await post(`${url}/chat`, { prompt: "hi" }, { "x-user": "ann" });
      await answer.text();
      return answer.status;
    };
    const statuses: number[] = [];
    for (let turn = 0; turn < 21; turn++) statuses.push(await ask());
    expect(statuses).toEqual([...Array(20).fill(200), 429]);
    expect(openrouter.requests[0]?.json.user).toBe("ann");
  });

  test("a run is started, and followed from an event on", async () => {
    await simulate();
    const url = await serve("StepsController(deck");
    const started = await post(`${url}/decks`, { topic: "tea" });
    await started.text();
    const followed = await fetch(url + started.headers.get("location"), { headers: { "last-event-id": "2" } });
    expect(serverSentEvents(await followed.text()).map(({ id }) => id)).toEqual(["3", "4", undefined]);
    expect((await post(`${url}/decks`, { topic: "x" })).status).toBe(400);
  });

  test("a chat is kept, and followed from an event on", async () => {
    const openrouter = await simulate();
    openrouter.reply("as it was");
    const url = await serve("ChatController({ store");
    const answer = await post(`${url}/chat`, { prompt: "How was it?" });
    const whole = await answer.text();
    expect(serverSentEvents(whole)[0]?.id).toBe("1");
    expect(openrouter.requests[0]?.json).toMatchObject({ messages: [{ role: "system", content: "Be brief." }, {}] });
    const run = url + answer.headers.get("location");
    expect(await (await fetch(run, { headers: { "last-event-id": "1" } })).text()).toBe(
      whole.slice(whole.indexOf("id: 2\n")),
    );
    expect((await fetch(run, { method: "DELETE" })).status).toBe(204);
  });

  test("@Sse() and a gateway say what the model says", async () => {
    const openrouter = await simulate();
    openrouter.reply("on the wire");
    const url = await serve("WebSocketGateway()");
    const { events, done } = streamEvents(await (await fetch(`${url}/chat?prompt=hi`)).text());
    expect(events.at(-1)).toMatchObject({ type: "finish", result: { text: "on the wire" } });
    expect(done).toBe(true);

    openrouter.reply("of tea");
    const socket = new WebSocket(url.replace("http", "ws"));
    onTestFinished(() => socket.terminate());
    socket.on("open", () => socket.send(JSON.stringify({ event: "watch", data: { topic: "tea" } })));
    let text = "";
    await new Promise<void>((resolve) => {
      socket.on("message", (message) => {
        text += JSON.parse(String(message)).data;
        if (text === "of tea") resolve();
      });
    });
    expect(openrouter.requests[1]?.prompt).toBe("Tell of tea.");
  });

  test("a GraphQL subscription says what the model says", async () => {
    const openrouter = await simulate();
    openrouter.reply("in a graph");
    const url = await serve("GraphQLModule.forRoot");
    const client = createClient({
      url: `${url.replace("http", "ws")}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
    });
    onTestFinished(() => void client.dispose());
    let text = "";
    for await (const { data } of client.iterate({ query: 'subscription { chat(prompt: "hi") }' })) text += data?.chat;
    expect(text).toBe("in a graph");
  });

  test("health is told, and the OpenAPI document", async () => {
    const openrouter = await simulate();
    const url = await serve("LLMHealthIndicator)");
    expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ status: "ok" });
    expect(openrouter.requests.map(({ path }) => path)).toEqual(["/key"]);
    const document = await (await fetch(`${url}/docs-json`)).json();
    expect(document).toMatchObject({
      paths: { "/chat": { post: { responses: { 200: { content: { "text/event-stream": {} } } } } } },
    });
  });
});
