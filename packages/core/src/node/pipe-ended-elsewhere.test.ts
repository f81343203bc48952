import type { ServerResponse } from "node:http";
import { expect, test } from "vitest";
import { RawClient, turnUntil } from "../../test/answer-server.js";
import { piped } from "../../test/piped-answer.js";
import { ScriptedSource } from "../../test/scripted-source.js";
import { createError } from "../errors/error-classes.js";

/** Pipes, and gives the test the response to do with as other middleware does. */
async function withResponse(source: ScriptedSource) {
  let answer: ServerResponse | undefined;
  const run = await piped(source, {}, (res) => {
    answer = res;
  });
  const client = new RawClient(run.server.port);
  await turnUntil(() => answer !== undefined);
  return { ...run, client, res: answer as ServerResponse };
}

test("a time-out that answers before the first event ends the stream, and its own answer arrives whole", async () => {
  const source = new ScriptedSource();
  const { server, outcome, left, client, res } = await withResponse(source);
  await using _ = server;
  res.writeHead(503, { "Content-Type": "text/plain" }).end("too slow");

  await source.aborted;
  expect(await outcome).toMatchObject({ outcome: "failed", error: { code: "invalid_request" } });
  await client.until("too slow");
  expect(client.text).toContain("503 Service Unavailable");
  expect(left).toEqual([[0, 0, 0, 0, 0]]);
});

test("a response that is ended in mid-stream takes nothing more, whether or not another event comes", async () => {
  const source = new ScriptedSource().text("one");
  const { server, outcome, client, res } = await withResponse(source);
  await using _ = server;
  await client.until("one");
  res.end("bye");
  source.text("two").finish();

  expect(await outcome).toMatchObject({ outcome: "failed", error: { code: "invalid_request" } });
  await client.until("bye");
  expect(client.text).not.toContain("two");
});

test("a call that was aborted with an error of ours tells the client that error, once", async () => {
  const source = new ScriptedSource().text("one");
  const { server, outcome, client } = await withResponse(source);
  await using _ = server;
  await client.until("one");
  const cause = createError("aborted", "the server is shutting down", { retryable: true, retryAfterMs: 1000 });
  source.fail(createError("aborted", "the call was aborted", { cause }));

  expect(await outcome).toMatchObject({ outcome: "failed", error: { detail: "the call was aborted" } });
  await client.until("[DONE]");
  expect(client.text).toContain('"message":"the server is shutting down","retryable":true,"retryAfterMs":1000');
  expect(client.text.match(/event: error/g)).toHaveLength(1);
});

test("a length that somebody has set does not cut the stream", async () => {
  const { server, outcome, url } = await piped(new ScriptedSource().text("Hello").finish(), {}, (res) => {
    res.setHeader("Content-Length", "5");
  });
  await using _ = server;
  const answer = await fetch(url);
  expect(await answer.text()).toMatch(/\[DONE\]\n\n$/);
  expect(answer.headers.get("content-length")).toBeNull();
  expect((await outcome).outcome).toBe("finished");
});
