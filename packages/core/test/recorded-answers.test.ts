import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GenerateResult, LLMClient, LLMError } from "../src/index.js";
import { differences } from "./compare-recording.js";
import { chatCases, coreRecordings, haveRecordings, type Recording } from "./recordings.js";
import { type ReplayServer, startReplayServer } from "./replay-server.js";

/** Readings that the contract wants otherwise than the recording's plain reader, each with its sentence. */
const EXCEPTIONS: Readonly<Record<string, string>> = {};

const recordings = coreRecordings();
const cases = chatCases();
let server: ReplayServer;
let llm: LLMClient;

beforeAll(async () => {
  server = await startReplayServer([...recordings, ...cases]);
  llm = new LLMClient({
    apiKey: "test-key-canary",
    baseURL: server.baseURL,
    modelNotation: "verbatim",
    retry: false,
    env: false,
  });
});
afterAll(async () => {
  await llm.close();
  await server.close();
});

async function read({ name, request }: Recording): Promise<{ result?: GenerateResult; error?: LLMError }> {
  const asked = {
    prompt: "Say hello.",
    model: "acme/test-1",
    ...(request.body.tools ? { tools: request.body.tools as never[] } : {}),
    headers: { "x-recording": name },
  };
  try {
    return { result: request.body.stream ? await llm.stream(asked).result : await llm.generate(asked) };
  } catch (error) {
    if (LLMError.is(error)) return { error };
    throw error;
  }
}

describe.skipIf(!haveRecordings)("recorded answers", () => {
  test("there are 166 core recordings and 112 cases, and at most 3 exceptions", () => {
    expect([recordings.length, cases.length]).toEqual([166, 112]);
    expect(Object.keys(EXCEPTIONS).length).toBeLessThanOrEqual(3);
  });

  test.each(
    recordings.filter(({ name }) => !(name in EXCEPTIONS)).map((recording) => [recording.name, recording] as const),
  )("%s", async (_name, recording) => {
    expect(differences(recording, await read(recording))).toEqual([]);
  });

  test.each(cases.filter(({ name }) => !(name in EXCEPTIONS)).map((recording) => [recording.name, recording] as const))(
    "case %s",
    async (_name, recording) => {
      expect(differences(recording, await read(recording))).toEqual([]);
    },
  );
});
