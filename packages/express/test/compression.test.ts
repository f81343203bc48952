import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { createGunzip } from "node:zlib";
import type { RequestHandler } from "express";
import { describe, expect, test } from "vitest";
import { chatHandler, llmErrorHandler, llmMiddleware } from "../src/index.js";
import { compress } from "./compress.js";
import { dictatedUpstream } from "./dictated-upstream.js";
import { EXPRESS } from "./express-version.js";
import { serve } from "./serve.js";

/** Asks for a stream, with gzip welcome, and counts what comes piece by piece. */
async function streamed(url: string) {
  const asked = request(url, {
    method: "POST",
    agent: false,
    headers: { "content-type": "application/json", "accept-encoding": "gzip" },
  });
  asked.end(JSON.stringify({ prompt: "Signals", stream: true }));
  const answered = once(asked, "response") as Promise<[IncomingMessage]>;
  const head = async () => (await answered)[0];
  const pieces: string[] = [];
  let changed = Promise.withResolvers<void>();
  const take = (piece: string) => {
    pieces.push(piece);
    changed.resolve();
    changed = Promise.withResolvers();
  };
  const read = head().then(async (answer) => {
    const text = answer.headers["content-encoding"] === "gzip" ? answer.pipe(createGunzip()) : answer;
    text.setEncoding("utf8").on("data", take);
    await once(text, "end");
  });
  const until = async (count: number) => {
    while (pieces.length < count) await changed.promise;
  };
  return { head, pieces, until, read };
}

/** A header of the application's own, without no-transform: now `compression()` does compress the stream. */
const ownCacheControl: RequestHandler = (_req, res, next) => {
  res.setHeader("Cache-Control", "private");
  next();
};

const APPS: readonly [string, readonly RequestHandler[], string | undefined, string][] = [
  ["compression(), which leaves it as it is", [compress({ threshold: 0 })], undefined, "no-cache, no-transform"],
  ["compression() that compresses it", [compress({ threshold: 0 }), ownCacheControl], "gzip", "private"],
  ["compression() within compression()", [compress(), compress({ threshold: 0 }), ownCacheControl], "gzip", "private"],
];

describe.each(APPS)(`${EXPRESS}: a stream behind %s`, (_what, middleware, encoding, cacheControl) => {
  test.each(["events", "openai", "ui-message", "ndjson", "text"] as const)(
    "ten words arrive as ten pieces, each before the next one is said (%s)",
    async (format) => {
      const { client, next } = await dictatedUpstream();
      const warnings: Error[] = [];
      const onWarning = (warning: Error) => void warnings.push(warning);
      process.on("warning", onWarning);
      const { origin } = await serve((app) => {
        for (const one of middleware) app.use(one);
        app.use(llmMiddleware(client)).post("/", chatHandler({ format })).use(llmErrorHandler());
      });
      const { head, pieces, until, read } = await streamed(origin);
      const model = await next();
      for (let word = 1; word <= 10; word++) {
        model.say(`word-${word};`);
        await until(word);
        expect(pieces).toHaveLength(word);
        expect(pieces[word - 1]).toContain(`word-${word};`);
      }
      const { headers } = await head();
      // `compression` takes ndjson for something that does not shrink.
      expect(headers["content-encoding"]).toBe(format === "ndjson" ? undefined : encoding);
      expect(headers["cache-control"]).toBe(cacheControl);
      expect(headers["x-accel-buffering"]).toBe("no");
      expect(headers["content-length"]).toBeUndefined();
      model.end();
      await read;
      process.off("warning", onWarning);
      expect(warnings).toEqual([]);
    },
  );
});

test(`${EXPRESS}: JSON answers are compressed like any other`, async () => {
  const { client, next } = await dictatedUpstream();
  const { origin } = await serve((app) => {
    app.use(compress({ threshold: 0 })).post("/", chatHandler({ client, request: () => ({ prompt: "Hi" }) }));
    app.use(llmErrorHandler());
  });
  const asked = fetch(origin, { method: "POST" });
  const model = await next();
  model.say("a word");
  model.end();
  const answer = await asked;
  expect(answer.headers.get("content-encoding")).toMatch(/gzip|br/);
  expect(await answer.json()).toMatchObject({ text: "a word" });
});
