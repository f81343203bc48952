import { expect, test } from "vitest";
import { RawClient, turnUntil } from "../../test/answer-server.js";
import { ManualClock } from "../../test/manual-clock.js";
import { piped } from "../../test/piped-answer.js";
import { ScriptedSource } from "../../test/scripted-source.js";
import { createError } from "../errors/error-classes.js";

test("heartbeats come while nothing is written, open the answer, and their clock ends with it", async () => {
  const clock = new ManualClock();
  const source = new ScriptedSource().push({ type: "start", generationId: "gen-1" });
  let sent = () => false;
  const { server, outcome } = await piped(source, { clock }, (res) => {
    sent = () => res.headersSent;
  });
  await using _ = server;
  const client = new RawClient(server.port);
  await turnUntil(() => source.pulls === 2);

  clock.advance(14_999);
  expect(sent()).toBe(false);
  clock.advance(1);
  expect(sent()).toBe(true);
  await client.until('"type":"start"');
  await client.until(": ping\n\n");
  clock.advance(10_000);
  source.text("word");
  await client.until("word");
  clock.advance(14_999);
  source.text("again");
  await client.until("again");
  expect(client.text.split(": ping").length - 1).toBe(1);
  clock.advance(30_000);
  source.fail(createError("provider_overloaded", "busy"));
  await client.until("[DONE]");

  expect(client.text.split(": ping").length - 1).toBe(3);
  expect(await outcome).toMatchObject({ outcome: "failed", error: { code: "provider_overloaded" } });
  expect(clock.pending).toEqual([]);
});

test("`heartbeatMs: 0` and the formats without a comment never beat", async () => {
  for (const options of [{ heartbeatMs: 0 }, { format: "text" }, { format: "ndjson" }] as const) {
    const clock = new ManualClock();
    const source = new ScriptedSource();
    const { server, url } = await piped(source, { ...options, clock });
    await using _ = server;
    const answer = fetch(url);
    await turnUntil(() => source.pulls > 0 && server.handled.length > 0);
    expect(clock.pending).toEqual([]);
    source.fail(createError("rate_limit", "rate limit exceeded"));
    expect((await answer).status).toBe(500);
  }
});
