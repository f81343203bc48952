import { describe, expect, test } from "vitest";
import { admitToRun, findRunCaller } from "./run-callers.js";

const request = { user: "ann" };
const notFound = expect.objectContaining({ code: "not_found", status: 404, detail: "run not found: run-1" });

describe("a caller of runs", () => {
  test("is anybody where nothing is said", async () => {
    expect(await findRunCaller(request, {})).toEqual({ scope: {}, owner: undefined });
    expect(await admitToRun(request, {}, "run-1")).toEqual({ scope: {}, owner: undefined });
  });

  test("brings the scope that `authorize` gives, and the name that `owner` does", async () => {
    const seen: unknown[] = [];
    const access = {
      authorize: (...given: unknown[]) => {
        seen.push(given);
        return Promise.resolve({ user: "ann" });
      },
      owner: async ({ user }: typeof request) => user,
    };
    expect(await findRunCaller(request, access)).toEqual({ scope: { user: "ann" }, owner: "ann" });
    expect(await admitToRun(request, access, "run-1")).toEqual({ scope: { user: "ann" }, owner: "ann" });
    expect(seen).toEqual([
      [request, undefined],
      [request, "run-1"],
    ]);
  });

  test.each([false, undefined, null, "", "yes", 1])("is nobody where `authorize` says %j", async (said) => {
    const access = { authorize: () => said as never, owner: () => "ann" };
    expect(await findRunCaller(request, access)).toBeUndefined();
    await expect(admitToRun(request, access, "run-1")).rejects.toEqual(notFound);
  });

  test.each([undefined, null, "", 1, {}])("is nobody where `owner` says %j", async (said) => {
    const access = { authorize: () => true, owner: () => said as never };
    expect(await findRunCaller(request, access)).toBeUndefined();
    await expect(admitToRun(request, access, "run-1")).rejects.toEqual(notFound);
  });

  test("is not told a long id back", async () => {
    const error = await admitToRun(request, { authorize: () => false }, "x".repeat(10_000)).catch((thrown) => thrown);
    expect(error.message.length).toBeLessThan(300);
  });
});
