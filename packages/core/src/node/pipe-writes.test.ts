import { expect, test } from "vitest";
import { RawClient } from "../../test/answer-server.js";
import { piped } from "../../test/piped-answer.js";
import { ScriptedSource } from "../../test/scripted-source.js";

test("events that are at hand together go out in one write", async () => {
  const writes: string[] = [];
  const source = new ScriptedSource().text(...Array.from({ length: 50 }, (_, i) => `${i} `)).finish();
  const { server, url } = await piped(source, {}, (res) => {
    const write = res.write.bind(res) as (chunk: unknown) => boolean;
    res.write = ((chunk: string) => {
      writes.push(chunk);
      return write(chunk);
    }) as typeof res.write;
  });
  await using _ = server;
  expect((await (await fetch(url)).text()).match(/^data: {/gm)).toHaveLength(51);
  expect(writes.length).toBeLessThanOrEqual(1);
});

test("each event that comes alone is written at once", async () => {
  const source = new ScriptedSource();
  const { server } = await piped(source);
  await using _ = server;
  const client = new RawClient(server.port);
  for (const word of ["one", "two", "three"]) {
    source.text(word);
    await client.until(word);
  }
  source.finish();
  await client.until("[DONE]");
  expect(client.text).toContain("Transfer-Encoding: chunked");
});

test("a flush that compression put on the response is called, an inherited one is not", async () => {
  let own = 0;
  let inherited = 0;
  const { server, url } = await piped(new ScriptedSource().text("a").finish(), {}, (res) => {
    Object.assign(res, { flush: () => own++ });
  });
  await using _ = server;
  const other = await piped(new ScriptedSource().text("a").finish(), {}, (res) => {
    const proto = Object.create(Object.getPrototypeOf(res) as object, {
      flush: { value: () => inherited++ },
    }) as object;
    Object.setPrototypeOf(res, proto);
  });
  await using __ = other.server;
  // Held until the stream waits: a stream that is whole at once needs no write of its own.
  const slow = new ScriptedSource().text("a");
  const third = await piped(slow, {}, (res) => void Object.assign(res, { flush: () => own++ }));
  await using ___ = third.server;
  const client = new RawClient(third.server.port);
  await client.until("text-delta");
  slow.finish();
  await Promise.all([fetch(url).then((a) => a.text()), fetch(other.url).then((a) => a.text()), client.until("[DONE]")]);
  expect([own > 0, inherited]).toEqual([true, 0]);
});
