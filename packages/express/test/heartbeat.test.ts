import { definePipeline, step } from "@signalbox/core";
import { expect, test } from "vitest";
import { chatHandler, stepsRouter } from "../src/index.js";
import { dictatedUpstream } from "./dictated-upstream.js";
import { EXPRESS } from "./express-version.js";
import { postJson, serve } from "./serve.js";

const pings = (text: string) => text.split(": ping\n\n").length - 1;

async function readUntil(answer: Response, enough: (text: string) => boolean) {
  const reader = (answer.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!enough(text)) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`ended: ${text}`);
    text += value;
  }
  return {
    text,
    rest: async () => {
      for (let next = await reader.read(); !next.done; next = await reader.read()) text += next.value;
      return text;
    },
  };
}

test(`${EXPRESS}: a chat that is silent is kept alive by \`heartbeatMs\`, also before its first token`, async () => {
  const { client, next } = await dictatedUpstream();
  const { origin } = await serve((app) => void app.post("/", chatHandler({ client, heartbeatMs: 5 })));
  const answer = postJson(origin, { prompt: "Hi", stream: true });
  const model = await next();
  const { rest } = await readUntil(await answer, (text) => pings(text) >= 3);
  model.say("word");
  model.end();
  expect(await rest()).toMatch(/^(: ping\n\n){3,}(: ping\n\n)*data: .*word/s);
});

test(`${EXPRESS}: a step that takes its time is kept alive too`, async () => {
  const gate = Promise.withResolvers<void>();
  const pipeline = definePipeline("deck", [step("one", () => gate.promise)]);
  const { client } = await dictatedUpstream();
  const { origin } = await serve((app) => void app.use(stepsRouter(pipeline, { client, heartbeatMs: 5 })));
  const { rest } = await readUntil(await postJson(origin, {}), (text) => pings(text) >= 3);
  gate.resolve();
  expect(await rest()).toMatch(/data: \[DONE\]\n\n$/);
});

test(`${EXPRESS}: 0 keeps nothing alive`, async () => {
  const { client, next } = await dictatedUpstream();
  const { origin } = await serve((app) => {
    app.post("/", chatHandler({ client, heartbeatMs: 0 })).post("/beats", chatHandler({ client, heartbeatMs: 5 }));
  });
  const silent = postJson(origin, { prompt: "Hi", stream: true });
  const quiet = await next();
  const beating = postJson(`${origin}/beats`, { prompt: "Hi", stream: true });
  const other = await next();
  // Ten beats of the one beside it.
  const { rest } = await readUntil(await beating, (text) => pings(text) >= 10);
  for (const model of [quiet, other]) {
    model.say("word");
    model.end();
  }
  await rest();
  expect(pings(await (await silent).text())).toBe(0);
});
