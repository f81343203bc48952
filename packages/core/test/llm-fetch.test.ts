import { describe, expect, test } from "vitest";
import { rejection } from "./rejection.js";
import { completion, events, json, post, type Seen, upstream } from "./upstream.js";

const model = "openai/gpt-4o";
const answered = (_seen: Seen, response: Parameters<typeof json>[0]) => json(response, 200, completion);

describe("what llm.fetch sends", () => {
  test("an answer is relayed byte for byte, with our key, and metered", async () => {
    const { llm, requests, baseURL } = await upstream(answered);
    const answer = await llm.fetch(
      `${baseURL}/chat/completions`,
      post(
        { model: "openai/gpt-4o:beta", messages: [{ role: "user", content: "hi" }] },
        { headers: { authorization: "Bearer theirs", "content-type": "application/json" } },
      ),
    );
    expect(await answer.text()).toBe(JSON.stringify(completion));
    expect([requests[0]?.headers.authorization, requests[0]?.body.model, llm.usage.total.usd]).toEqual([
      "Bearer sk-or-v1-canary",
      model,
      0.25,
    ]);
  });

  test("a Request without a body is a GET", async () => {
    const { llm, requests, baseURL } = await upstream((_seen, response) => json(response, 200, { data: [] }));
    const answer = await llm.fetch(new Request(`${baseURL}/models`));
    expect([answer.status, requests.map(({ method, path }) => `${method} ${path}`), llm.usage.total.requests]).toEqual([
      200,
      ["GET /api/v1/models"],
      0,
    ]);
  });

  test("a Request keeps its body where `init` adds something else", async () => {
    const { llm, requests, baseURL } = await upstream(answered);
    const request = new Request(`${baseURL}/chat/completions`, post({ model: "a/b", messages: [] }));
    await llm.fetch(request, { signal: new AbortController().signal });
    expect(requests).toMatchObject([{ method: "POST", body: { model: "a/b", messages: [] } }]);
  });

  test("the app's name and address go out as on every other road", async () => {
    const { llm, requests, baseURL } = await upstream(answered, { appName: "Mine", appUrl: "https://mine.test" });
    await llm.fetch(`${baseURL}/chat/completions`, post({ model: "a/b", messages: [] }));
    await llm.generate({ prompt: "x", model: "a/b" });
    const apps = requests.map(({ headers }) => [headers["x-openrouter-title"], headers["http-referer"]]);
    expect(apps).toEqual([
      ["Mine", "https://mine.test"],
      ["Mine", "https://mine.test"],
    ]);
  });

  test.each(["chat/completions", "completions", "responses", "messages"])(
    "%s without a model gets the client's",
    async (path) => {
      const { llm, requests, baseURL } = await upstream(answered, { model });
      await llm.fetch(`${baseURL}/${path}`, post({ messages: [] }));
      await llm.fetch(`${baseURL}/${path}/?beta=true`, post({ model: "a/b", messages: [] }));
      expect(requests.map(({ body }) => body.model)).toEqual([model, "a/b"]);
    },
  );

  test.each(["embeddings", "rerank", "keys", "images/generations", "models/chat/completions/x"])(
    "%s keeps a body without a model as it is",
    async (path) => {
      const { llm, requests, baseURL } = await upstream(answered, { model });
      await llm.fetch(`${baseURL}/${path}`, post({ input: "x" }));
      expect(requests.map(({ body }) => body)).toEqual([{ input: "x" }]);
    },
  );

  test("no key of the caller's goes out beside ours, by whatever name another SDK sends it", async () => {
    const { llm, requests, baseURL } = await upstream(answered);
    const headers = { "x-api-key": "theirs", "api-key": "theirs", "x-goog-api-key": "theirs", "X-Other": "kept" };
    await llm.fetch(
      `${baseURL}/messages`,
      post({ model, messages: [] }, { headers: { ...headers, "content-type": "application/json" } }),
    );
    expect(JSON.stringify(requests[0]?.headers)).not.toContain("theirs");
    expect(requests[0]?.headers).toMatchObject({ "x-other": "kept", authorization: "Bearer sk-or-v1-canary" });
  });

  test("every URL that is not under the base URL is refused, without a request", async () => {
    const { llm, requests, baseURL } = await upstream(answered);
    const outside = [
      "https://evil.example/api/v1/models",
      `${baseURL}/../other`,
      `${baseURL}-not/models`,
      new URL(baseURL).origin,
      `${baseURL}/..%2fadmin`,
      `${baseURL}/models/%2e%2e%5Cadmin`,
      `${baseURL}/a/.%2E/../../admin`,
      baseURL.replace("://", "://user:pass@"),
    ];
    for (const url of outside) await expect(llm.fetch(url)).rejects.toMatchObject({ code: "invalid_request" });
    expect(requests).toHaveLength(0);
  });
});

describe("what llm.fetch hands out", () => {
  test("after the last retry it is upstream's own answer", async () => {
    const body = { error: { code: 503, message: "full" } };
    const { llm, clock, requests, baseURL } = await upstream((_seen, response) =>
      json(response, 503, body, { "x-from": "upstream" }),
    );
    const work = llm.fetch(`${baseURL}/chat/completions`, post({ model: "a/b", messages: [] }));
    for (const ms of [250, 500]) {
      await clock.waiting(ms);
      clock.advance(ms);
    }
    const answer = await work;
    expect([answer.status, answer.headers.get("x-from"), await answer.json(), requests.length]).toEqual([
      503,
      "upstream",
      body,
      3,
    ]);
  });

  test("F31 an abort during the wait before a retry rejects, and asks no more", async () => {
    const { llm, clock, requests, baseURL } = await upstream((_seen, response) => json(response, 503, { error: {} }));
    const controller = new AbortController();
    const { signal } = controller;
    const work = rejection(llm.fetch(`${baseURL}/chat/completions`, post({ model: "a/b", messages: [] }, { signal })));
    await clock.waiting(250);
    controller.abort("enough");
    expect(await work).toMatchObject({ name: "AbortError", cause: "enough" });
    expect([requests.length, clock.pending.includes(250)]).toEqual([1, false]);
  });

  test("a refusal of ours has OpenAI's shape, our status, and no request", async () => {
    const { llm, requests, baseURL } = await upstream(answered, {
      policy: { denyModels: ["bad/*"] },
      budget: { usd: 0, per: "day", unknownPrice: "reject" },
    });
    const refused = async (id: string) => {
      const answer = await llm.fetch(`${baseURL}/chat/completions`, post({ model: id, messages: [] }));
      return [answer.status, ((await answer.json()) as { error: { code: string } }).error.code];
    };
    expect([await refused("bad/one"), await refused(model), requests.length]).toEqual([
      [400, "invalid_request"],
      [402, "budget_exceeded"],
      0,
    ]);
  });

  test("a refusal that passes with time says when, in whole seconds", async () => {
    const { llm, clock, requests, baseURL } = await upstream(answered, {
      limits: { requestsPerMinute: 1, onLimit: "reject" },
      budget: { usd: 0.3, per: "hour" },
    });
    const ask = async () => {
      const answer = await llm.fetch(`${baseURL}/chat/completions`, post({ model, messages: [], max_tokens: 1_000 }));
      const { error } = (await answer.json()) as { error?: { code: string } };
      return [answer.status, error?.code, answer.headers.get("retry-after")];
    };
    expect(await ask()).toEqual([200, undefined, null]);
    clock.advance(1_500);
    expect(await ask()).toEqual([429, "rate_limit", "59"]);
    clock.advance(58_500);
    expect(await ask()).toEqual([200, undefined, null]);
    expect(await ask()).toEqual([402, "budget_exceeded", "3540"]);
    expect(requests).toHaveLength(2);
  });

  test("a model that only a dearer one follows is refused in OpenAI's shape", async () => {
    const { llm, requests, baseURL } = await upstream(answered);
    const body = { model: "anthropic/claude-3.5-haiku", messages: [] };
    const answer = await llm.fetch(`${baseURL}/chat/completions`, post(body));
    expect([answer.status, await answer.json(), requests.length]).toMatchObject([
      404,
      { error: { code: "model_not_found", message: expect.stringContaining("model not found") } },
      0,
    ]);
  });

  test.each([301, 302, 303, 307, 308])(
    "a redirect is not followed: %i is handed out as upstream's answer",
    async (status) => {
      const { llm, requests, baseURL } = await upstream((_seen, response) =>
        response.writeHead(status, { location: "https://evil.example/" }).end("elsewhere"),
      );
      const answer = await llm.fetch(`${baseURL}/models`);
      expect([answer.status, answer.redirected, answer.headers.get("location"), await answer.text()]).toEqual([
        status,
        false,
        "https://evil.example/",
        "elsewhere",
      ]);
      expect(requests).toHaveLength(1);
    },
  );

  test("a redirect of a call that would have cost something costs nothing and is not tried again", async () => {
    const { llm, requests, baseURL } = await upstream(
      (_seen, response) => response.writeHead(308, { location: "/elsewhere" }).end(),
      { budget: { usd: 1, per: "day" } },
    );
    const answer = await llm.fetch(`${baseURL}/chat/completions`, post({ model, messages: [], max_tokens: 10 }));
    await answer.text();
    expect([answer.status, requests.length, llm.usage.total.usd]).toEqual([308, 1, 0]);
  });

  test("304 and its like have no body", async () => {
    const { llm, baseURL } = await upstream((_seen, response) => response.writeHead(304).end());
    const answer = await llm.fetch(`${baseURL}/models`, { headers: { "if-none-match": '"x"' } });
    expect([answer.status, answer.body]).toEqual([304, null]);
  });

  test("cancelling the body closes upstream", async () => {
    const closed = Promise.withResolvers<void>();
    const { llm, baseURL } = await upstream((_seen, response) => {
      response.on("close", () => closed.resolve());
      events(response, "data: {}\n\n");
    });
    const answer = await llm.fetch(`${baseURL}/chat/completions`, post({ model: "a/b", messages: [], stream: true }));
    await answer.body?.cancel();
    await expect(closed.promise).resolves.toBeUndefined();
  });
});
