import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RecordedService, startRecordedService } from "./recorded-service.js";
import { allRecordings, chatCases, endpointOf, haveRecordings, isCore } from "./recordings.js";

const offered = allRecordings().filter((recording) => endpointOf(recording) !== undefined);
const recordings = offered.filter((recording) => isCore(recording) || endpointOf(recording) !== "chat");
const cases = chatCases();
let service: RecordedService;

beforeAll(async () => {
  service = await startRecordedService([...recordings, ...cases]);
});
afterAll(() => service.close());

describe.skipIf(!haveRecordings)("recorded answers, streaming and not", () => {
  test("they are all here: 166 of chat, 14 of embeddings and rerank, 112 cases", () => {
    const chat = recordings.filter((recording) => endpointOf(recording) === "chat");
    expect([chat.length, recordings.length - chat.length, cases.length]).toEqual([166, 14, 112]);
  });

  test.each(recordings.map((recording) => [recording.name, recording] as const))("%s", async (_name, recording) => {
    expect(await service.wrongs(recording)).toEqual([]);
  });

  test.each(cases.map((written) => [written.name, written] as const))("case %s", async (_name, written) => {
    expect(await service.wrongs(written)).toEqual([]);
  });
});
