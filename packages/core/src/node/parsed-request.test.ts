import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readPosition, wantsToFollow } from "./parsed-request.js";

const asked = (headers: Record<string, string | string[]> = {}, query: Record<string, unknown> = {}) => ({
  headers,
  query,
});

describe("the position of a reader", () => {
  test("is the last event of `Last-Event-ID`, else of `after`, else none", () => {
    expect(readPosition(asked())).toBe(0);
    expect(readPosition(asked({}, { after: "7" }))).toBe(7);
    expect(readPosition(asked({ "last-event-id": "9" }, { after: "7" }))).toBe(9);
  });

  test("is that of `after` for a reader that says it has heard of no event yet", () => {
    expect(readPosition(asked({ "last-event-id": "" }, { after: "7" }))).toBe(7);
    expect(readPosition(asked({ "last-event-id": "" }, { after: "" }))).toBe(0);
  });

  test("is any number that an event can have", () => {
    fc.assert(
      fc.property(fc.nat({ max: Number.MAX_SAFE_INTEGER }), (seq) => {
        expect(readPosition(asked({ "last-event-id": String(seq) }))).toBe(seq);
      }),
    );
  });

  test.each([...["-1", "1.5", "1e3", "0x10", " 1", "1\n", "1, 2", "x", "NaN", "٣", "9".repeat(20), ["1", "2"]]])(
    "is refused where it is no number of an event: %j",
    (given) => {
      const refusal = expect.objectContaining({ code: "invalid_request", status: 400 });
      expect(() => readPosition(asked({ "last-event-id": given }))).toThrow(refusal);
      expect(() => readPosition(asked({}, { after: given }))).toThrow(refusal);
    },
  );

  test.each([{ a: "1" }, ["1"], 1, true])("is refused where a parser made something else of it: %j", (after) => {
    expect(() => readPosition(asked({}, { after }))).toThrow(/not the number of an event/);
  });
});

describe("who starts a run", () => {
  const JSON_ONLY = { accept: "application/json" };
  test.each([
    ["says nothing", {}, {}, undefined, true],
    ["takes JSON and no events", JSON_ONLY, {}, undefined, false],
    ["takes JSON, spelled otherwise", { accept: "Application/JSON;q=1" }, {}, undefined, false],
    ["takes both", { accept: "application/json, text/event-stream" }, {}, undefined, true],
    ["says no in the address", {}, { follow: "0" }, true, false],
    ["says yes in the address", JSON_ONLY, { follow: "1" }, false, true],
    ["says no in the body", {}, {}, false, false],
    ["says yes in the body", JSON_ONLY, {}, true, true],
  ] as const)("and %s", (_what, headers, query, body, follows) => {
    expect(wantsToFollow(asked(headers, query), body)).toBe(follows);
  });
});
