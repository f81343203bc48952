import { describe, expect, test } from "vitest";
import { chatHandler, getLLM, llmErrorHandler, llmMiddleware, openAICompatible } from "../src/index.js";
import { dictatedUpstream } from "./dictated-upstream.js";
import { ASK } from "./everything-mounted.js";
import { EXPRESS } from "./express-version.js";
import { reading } from "./reading.js";
import { postJson, serve } from "./serve.js";

describe(`${EXPRESS}: close() of the middleware`, () => {
  test("a handler with a client of its own is told by the middleware before it", async () => {
    const { client, next } = await dictatedUpstream();
    const other = await dictatedUpstream();
    const middleware = llmMiddleware(other.client);
    const { origin } = await serve((app) => {
      app.use(middleware).post("/chat", chatHandler({ client })).use(llmErrorHandler());
    });
    const answer = postJson(`${origin}/chat`, ASK);
    const model = await next();
    model.say("one");
    const rest = await reading(await answer, "one");
    await middleware.close();
    await model.closed;
    expect((await rest()).match(/"message":"the server is shutting down"/g)).toHaveLength(1);
  });

  test("a relay with a client of its own is told by the middleware before it", async () => {
    const { client, next } = await dictatedUpstream();
    const other = await dictatedUpstream();
    const middleware = llmMiddleware(other.client);
    const { origin } = await serve((app) => {
      app.use(middleware).use("/v1", openAICompatible({ client, authorize: "none" }));
    });
    const messages = [{ role: "user", content: "Signals" }];
    const answer = postJson(`${origin}/v1/chat/completions`, { model: "a/b", messages, stream: true });
    const model = await next();
    model.say("one");
    const rest = await reading(await answer, "one");
    await middleware.close();
    await model.closed;
    const text = await rest();
    expect(text.match(/"message":"the server is shutting down"/g)).toHaveLength(1);
    expect(text).not.toContain("[DONE]");
  });
});

describe(`${EXPRESS}: a client that its owner has closed`, () => {
  test.each(["of the handler", "of the middleware", "called by a handler of one's own"])(
    "is 503 with Retry-After: %s",
    async (whose) => {
      const { client } = await dictatedUpstream();
      const { origin } = await serve((app) => {
        if (whose === "of the handler") app.post("/chat", chatHandler({ client }));
        else app.use(llmMiddleware(client));
        if (whose === "of the middleware") app.post("/chat", chatHandler());
        app.post("/chat", (req, res, next) => {
          getLLM(req)
            .generate({ prompt: "Hi" })
            .then(({ text }) => res.json(text), next);
        });
        app.use(llmErrorHandler());
      });
      await client.close();
      for (const body of [ASK, { prompt: "Signals" }]) {
        const answer = await postJson(`${origin}/chat`, body);
        expect(answer.status).toBe(503);
        expect(answer.headers.get("retry-after")).toBe("1");
        expect(answer.headers.get("connection")).toBe("close");
      }
    },
  );
});
