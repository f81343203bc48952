import { expect, test } from "vitest";
import { requestId } from "./request-id.js";

test("ids are random UUIDs, none of them twice", () => {
  const ids = Array.from({ length: 1_000 }, requestId);
  const form = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  expect(ids.filter((id) => !form.test(id))).toEqual([]);
  expect(new Set(ids).size).toBe(1_000);
  // Every digit that is free to differ does.
  const fixed = [8, 13, 14, 18, 23];
  const constant = Array.from({ length: 36 }, (_, at) => at).filter(
    (at) => new Set(ids.map((id) => id[at])).size === 1,
  );
  expect(constant).toEqual(fixed);
});
