import { expect, test } from "vitest";
import { AnswerServer, RawClient } from "../../../test/answer-server.js";
import { ManualClock } from "../../../test/manual-clock.js";
import { ScriptedSource, sampleResult } from "../../../test/scripted-source.js";
import { payloads, TWO_STEPS, writeAnswer } from "../../../test/written-answer.js";
import { createError } from "../../errors/error-classes.js";
import { pipeStream } from "../pipe-stream.js";
import { eventsFormat } from "./events-format.js";
import { ndjsonFormat } from "./ndjson-format.js";
import { textFormat } from "./text-format.js";

const clock = new ManualClock();
const shown = TWO_STEPS.filter(({ type }) => type !== "keep-alive");
const failedTool = {
  type: "tool-result",
  step: 0,
  id: "c",
  name: "db",
  result: { error: "ECONNREFUSED 10.0.0.3" },
  isError: true,
} as const;

test("events: every event but keep-alives as it is, then finish", () => {
  const all = payloads(writeAnswer(eventsFormat({ clock }), TWO_STEPS, sampleResult()));
  expect(all.slice(0, -2)).toEqual(JSON.parse(JSON.stringify(shown)));
  expect(all.at(-2)).toMatchObject({ type: "finish", result: { text: "Hello world" } });
  expect(all.at(-1)).toBe("[DONE]");
});

test("ndjson: the same, one a line, and failures on a line of their own", () => {
  const format = ndjsonFormat({ clock });
  const text = writeAnswer(format, TWO_STEPS, sampleResult());
  const lines = text.trimEnd().split("\n");
  expect(lines.slice(0, -1).map((line) => JSON.parse(line) as unknown)).toEqual(JSON.parse(JSON.stringify(shown)));
  expect(JSON.parse(lines.at(-1) ?? "")).toMatchObject({ type: "finish" });
  expect(JSON.parse(format.failure(createError("timeout", "too slow")) ?? "")).toEqual({
    type: "error",
    error: { code: "timeout", message: "The model service did not answer in time.", retryable: true },
  });
  expect(format.item({ a: "\n" })).toBe('{"a":"\\n"}\n');
  expect([format.item(undefined), format.end(undefined), format.ping]).toEqual(["null\n", "", undefined]);
});

test("text: nothing but the text", () => {
  const format = textFormat();
  expect(writeAnswer(format, TWO_STEPS, sampleResult())).toBe("Let me look.It is -3 °C.");
  expect(() => format.item({})).toThrow(expect.objectContaining({ code: "invalid_request" }));
});

test("what a failed tool said stays on the server unless `expose` says otherwise", () => {
  expect(eventsFormat({ clock }).event(failedTool)).toContain('"result":{"error":"A tool failed."}');
  expect(ndjsonFormat({ clock }).event(failedTool)).not.toContain("10.0.0.3");
  expect(eventsFormat({ clock, expose: true }).event(failedTool)).toContain("ECONNREFUSED");
});

test("a failed text answer is cut off: the client sees that it is not whole", async () => {
  const source = new ScriptedSource().text("Hel");
  await using server = await AnswerServer.start((_req, res) => pipeStream(source.stream, res, { format: "text" }));
  const client = new RawClient(server.port);
  await client.until("Hel");
  source.fail(createError("provider_error", "broken"));
  await client.closed();
  expect(client.text).not.toContain("\r\n0\r\n");
  expect(await server.handled[0]).toMatchObject({ outcome: "failed", error: { code: "provider_error" } });
});

test("an answer without any text is a whole, empty one", async () => {
  await using server = await AnswerServer.start((_req, res) =>
    pipeStream(new ScriptedSource().finish({ text: "" }).stream, res, { format: "text" }),
  );
  const answer = await fetch(server.url);
  expect([answer.status, answer.headers.get("content-type"), await answer.text()]).toEqual([
    200,
    "text/plain; charset=utf-8",
    "",
  ]);
});
