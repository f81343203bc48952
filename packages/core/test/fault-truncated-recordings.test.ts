import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GenerateResult, LLMClient, LLMError } from "../src/index.js";
import { AnswerServer } from "./answer-server.js";
import { bodyBytes, coreRecordings, haveRecordings, isStream, type Recording } from "./recordings.js";

const CUTS = 10;
const recordings = new Map(
  coreRecordings()
    .filter((recording) => isStream(recording) && !recording.expect.error)
    .map((recording) => [recording.name, recording]),
);

/** Where a recording is cut off: as many places as are asked for, the same ones every time. */
function placesIn({ name }: Recording, length: number): number[] {
  let seed = [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7);
  return Array.from({ length: CUTS }, () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return 1 + (seed % (length - 1));
  });
}

describe.skipIf(!haveRecordings)("F14 recorded streams that end too early", () => {
  let server: AnswerServer;
  let llm: LLMClient;
  beforeAll(async () => {
    server = await AnswerServer.start((request, response) => {
      const recording = recordings.get(String(request.headers["x-recording"]));
      if (recording === undefined) throw new Error("no such recording");
      const bytes = bodyBytes(recording).subarray(0, Number(request.headers["x-length"]));
      response.writeHead(200, { "content-type": "text/event-stream" }).end(bytes);
    });
    llm = new LLMClient({ provider: "custom", model: "m", baseURL: server.url, env: false, retry: false });
  });
  afterAll(async () => {
    await llm.close();
    await server[Symbol.asyncDispose]();
  });

  async function read({ name }: Recording, length: number): Promise<GenerateResult | LLMError> {
    const headers = { "x-recording": name, "x-length": String(length) };
    return llm.stream({ prompt: "x", headers }).result.catch((error: unknown) => {
      if (LLMError.is(error)) return error;
      throw error;
    });
  }

  test.each([...recordings.keys()])("%s", async (name) => {
    const recording = recordings.get(name) as Recording;
    const { length } = bodyBytes(recording);
    const whole = (await read(recording, length)) as GenerateResult;
    const wrong: string[] = [];
    for (const place of placesIn(recording, length)) {
      const outcome = await read(recording, place);
      const got: Partial<GenerateResult> = LLMError.is(outcome) ? (outcome.partial ?? {}) : outcome;
      const said = LLMError.is(outcome) ? outcome.code : "whole";
      // An answer whose finish word came is one, though some say more behind it; any other is cut. Neither has anything
      // that the whole one has not.
      const rightEnd = LLMError.is(outcome)
        ? ["stream_truncated", "empty_response", "invalid_response"].includes(outcome.code)
        : got.rawFinishReason !== undefined;
      const rightText = whole.text.startsWith(got.text ?? "") && whole.reasoning.startsWith(got.reasoning ?? "");
      const rightCalls = (got.toolCalls ?? []).every(
        (call, index) =>
          call.invalid || call.rawArguments === whole.toolCalls[index]?.rawArguments || call.rawArguments === "",
      );
      if (!rightEnd || !rightText || !rightCalls) wrong.push(`${place} of ${length}: ${said}`);
    }
    expect(wrong).toEqual([]);
  });
});
