import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RecordedService, startRecordedService } from "../recorded-service.js";
import { allCases, allRecordings, endpointOf, type Recording } from "../recordings.js";

const isOffered = (recording: Recording) => endpointOf(recording) !== undefined;
const groups = { recordings: allRecordings(), cases: allCases() };
let service: RecordedService;

beforeAll(async () => {
  service = await startRecordedService(Object.values(groups).flat().filter(isOffered));
});
afterAll(() => service.close());

test("the recordings are all here", () => {
  expect(Object.values(groups).map((group) => group.filter(isOffered).length)).toEqual([901, 112]);
});

describe.each(Object.entries(groups))("%s", (_group, all) => {
  test.each(all.filter(isOffered).map((recording) => [recording.name, recording] as const))(
    "%s",
    async (_name, recording) => {
      expect(await service.wrongs(recording)).toEqual([]);
    },
  );

  // Answers of endpoints that this client does not offer yet.
  test.skip.each(all.filter((recording) => !isOffered(recording)).map(({ name, request }) => [name, request.path]))(
    "%s (%s)",
    () => undefined,
  );
});
