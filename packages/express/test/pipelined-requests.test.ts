import { connect, type Socket } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { chatHandler, llmErrorHandler, llmMiddleware, openAICompatible } from "../src/index.js";
import { EXPRESS } from "./express-version.js";
import { clientOf, serve, simulate } from "./serve.js";

const REQUESTS = 12;

const question = (path: string, prompt: string) =>
  path === "/chat"
    ? { prompt, stream: true }
    : { model: "openai/gpt-4o-mini", messages: [{ role: "user", content: prompt }], stream: true };

/** Sends many requests over one connection without waiting for an answer. */
async function pipelined(path: string) {
  const simulator = await simulate();
  const client = clientOf(simulator);
  const { port } = await serve((app) => {
    app.use(llmMiddleware(client)).post("/chat", chatHandler());
    app.use("/v1", openAICompatible({ authorize: "none" })).use(llmErrorHandler());
  });
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  socket.on("error", () => {});
  onTestFinished(() => void socket.destroy());
  const send = () => {
    for (let index = 0; index < REQUESTS; index++) {
      const body = JSON.stringify(question(path, `Signal ${index}`));
      socket.write(
        `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
    }
  };
  return { simulator, socket, send };
}

describe.each(["/chat", "/v1/chat/completions"])(`${EXPRESS}: requests pipelined to %s`, (path) => {
  test.each([
    ["resets the connection", (socket: Socket) => socket.resetAndDestroy()],
    ["closes it", (socket: Socket) => socket.destroy()],
    ["closes its half of it", (socket: Socket) => socket.end()],
  ] as const)(
    "F35 of who %s: every one is closed upstream, also those whose answer has not begun",
    async (_how, leave) => {
      const { simulator, socket, send } = await pipelined(path);
      simulator.fault("stall", { after: 1, times: REQUESTS });
      const arrived = Promise.all(
        Array.from({ length: REQUESTS }, (_, index) =>
          simulator.waitFor(({ prompt, events }) => prompt === `Signal ${index}` && events >= 1),
        ),
      );
      send();
      const open = await arrived;
      leave(socket);
      const closed = await Promise.all(open.map((entry) => entry.closed));
      expect(closed.map(({ state }) => state)).toEqual(Array.from({ length: REQUESTS }, () => "closed-by-client"));
    },
  );

  test("are answered in their order, whole", async () => {
    const { simulator, socket, send } = await pipelined(path);
    simulator.reply({ text: "a word", times: REQUESTS });
    let text = "";
    const done = new Promise<void>((resolve) => {
      socket.setEncoding("utf8").on("data", (piece: string) => {
        text += piece;
        if (text.split("data: [DONE]").length - 1 === REQUESTS) resolve();
      });
    });
    send();
    await done;
    expect(text.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(REQUESTS);
    expect(simulator.requests.map(({ state }) => state)).toEqual(Array.from({ length: REQUESTS }, () => "finished"));
  });
});
