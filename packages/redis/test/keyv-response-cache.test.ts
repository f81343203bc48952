import { Keyv } from "keyv";
import { describe, expect, test } from "vitest";
import { responseCacheContract, singleFlightContract } from "../../core/test/response-cache-contract.js";
import { keyvResponseCache } from "../src/index.js";
import { movedClock } from "./moved-clock.js";

const make = (singleFlight: boolean) => {
  const advance = movedClock();
  return { cache: keyvResponseCache(new Keyv(), { singleFlight }), advance };
};

responseCacheContract("keyvResponseCache()", () => make(false));
responseCacheContract("keyvResponseCache({ singleFlight })", () => make(true));
singleFlightContract("keyvResponseCache({ singleFlight })", () => make(true));

describe("keyvResponseCache()", () => {
  test("keeps text under the key, below the Keyv's own namespace, for as long as it is told", async () => {
    const store = new Map<string, unknown>();
    const keyv = new Keyv({ store, namespace: "answers" });
    await keyvResponseCache(keyv).set("one", { choices: [] }, 60_000);
    expect([...store.keys()]).toEqual(["answers:one"]);
    expect(await keyv.get("one")).toBe('{"choices":[]}');
  });

  test("takes whatever gets and sets, such as a cache of cache-manager", async () => {
    const kept = new Map<string, [string, number | undefined]>();
    const cache = keyvResponseCache(
      {
        get: async (key) => kept.get(key)?.[0] ?? null,
        set: async (key, value, ttlMs) => kept.set(key, [value, ttlMs]),
      },
      { ttlMs: 7, maxAnswerLength: 50 },
    );
    await cache.set("one", { choices: [] }, 5);
    await cache.set("large", { id: "x".repeat(50) }, 5);
    expect([...kept]).toEqual([["one", ['{"choices":[]}', 5]]]);
    expect([await cache.get("one"), await cache.get("none"), cache.ttlMs]).toEqual([{ choices: [] }, undefined, 7]);
  });

  test("a Keyv that does not keep an answer has failed; what is no JSON is no answer", async () => {
    const refusing = keyvResponseCache({ get: async () => "{", set: async () => false });
    await expect(refusing.set("one", { choices: [] }, 5)).rejects.toThrow("did not keep");
    expect(await refusing.get("one")).toBeUndefined();
  });
});
