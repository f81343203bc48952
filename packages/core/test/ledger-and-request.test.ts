import { describe, expect, onTestFinished, test } from "vitest";
import { systemClock } from "../src/http/clock.js";
import { LLMClient } from "../src/index.js";
import { hookLedger, type Ledger, type LedgerRecord, memoryLedger } from "../src/ledger/index.js";
import { booked, KEY, MODEL } from "./booked-client.js";
import { intentOf, recordsOf } from "./ledger-contract.js";
import { completion, events, json, textChunk, upstream } from "./upstream.js";

describe("the ledger and the request", () => {
  test("the intent is kept before anything is sent, the generation as soon as it is told", async () => {
    const told: string[] = [];
    const ledger: Ledger = {
      async begin({ id }) {
        told.push(`begin ${id.length}`);
      },
      async note(_, generationId) {
        told.push(`note ${generationId}`);
      },
      async finish({ outcome }) {
        told.push(`finish ${outcome}`);
      },
    };
    const { llm } = await upstream(
      (_, response) => {
        told.push("sent");
        response.setHeader("x-generation-id", "gen-1");
        events(
          response,
          textChunk("hi"),
          { ...completion, choices: [{ delta: {}, finish_reason: "stop" }] },
          "data: [DONE]\n\n",
        );
        response.end();
      },
      { ledger, model: MODEL },
    );
    await llm.stream({ prompt: "hi" }).result;
    expect(told).toEqual(["begin 36", "sent", "note gen-1", "finish answered"]);
  });

  test("a ledger that cannot keep the intent refuses the request, unsent, and is told so", async () => {
    const records: LedgerRecord[] = [];
    const ledger = hookLedger({
      begin: () => Promise.reject(new Error("disk full")),
      finish: (record) => records.push(record),
    });
    const { llm, requests } = await upstream((_, response) => json(response, 200, completion), {
      ledger,
      retry: false,
    });
    await expect(llm.generate({ prompt: "hi", model: MODEL })).rejects.toMatchObject({
      code: "provider_error",
      retryable: true,
    });
    expect(requests).toHaveLength(0);
    expect(records).toMatchObject([{ outcome: "refused", code: "provider_error", attempts: 0, usd: 0 }]);
  });

  test("one that cannot keep the record costs nobody the answer; it is a warning", async () => {
    const warnings: string[] = [];
    const ledger = hookLedger(() => {
      throw new TypeError("no");
    });
    const { llm } = await upstream((_, response) => json(response, 200, completion), { ledger, model: MODEL });
    llm.on("warning", ({ code, message }) => warnings.push(`${code}: ${message}`));
    expect((await llm.generate({ prompt: "hi" })).text).toBe("hi");
    await llm.settled();
    expect(warnings).toEqual(["ledger: the ledger failed after the call: TypeError"]);
  });

  test("a ledger that throws at once is no other than one that rejects", async () => {
    const warnings: string[] = [];
    const broken = () => {
      throw new RangeError("no");
    };
    const answering = () =>
      upstream((_, response) => json(response, 200, completion), {
        ledger: { begin: broken, finish: broken },
        model: MODEL,
        retry: false,
      });
    const { llm, requests } = await answering();
    llm.on("warning", ({ code }) => warnings.push(code));
    await expect(llm.generate({ prompt: "hi" })).rejects.toMatchObject({ code: "provider_error" });
    await llm.settled();
    expect([requests.length, warnings]).toEqual([0, ["ledger"]]);
  });

  test("one that has nothing to wait for says so with `undefined`", async () => {
    const told: string[] = [];
    const ledger: Ledger = {
      begin: ({ operation }) => void told.push(operation),
      finish: ({ outcome }) => void told.push(outcome),
    };
    const { llm } = await upstream((_, response) => json(response, 200, completion), { ledger, model: MODEL });
    await llm.generate({ prompt: "hi" });
    expect(told).toEqual(["chat", "answered"]);
  });

  test("nobody waits for a ledger longer than for the call", async () => {
    const ledger: Ledger = { begin: () => new Promise(() => {}), finish: async () => {} };
    const { llm, requests } = await upstream((_, response) => json(response, 200, completion), {
      ledger,
      model: MODEL,
    });
    const controller = new AbortController();
    const asking = llm.generate({ prompt: "hi", signal: controller.signal });
    setImmediate(() => controller.abort());
    await expect(asking).rejects.toMatchObject({ code: "aborted" });
    expect(requests).toHaveLength(0);
  });

  test("a client settles what processes that are gone have left, with its first call", async () => {
    const { llm, records, openrouter, ledger } = await booked();
    await llm.generate({ prompt: "A generation of another process" });
    const [own] = await records();
    const { generationId } = own as LedgerRecord;
    const orphan = { ...(own as LedgerRecord), id: "orphan", process: "elsewhere:1:0", startedAt: 1_000, generationId };
    const next = memoryLedger();
    await next.begin(orphan);
    const second = new LLMClient({ apiKey: KEY, baseURL: openrouter.baseURL, env: false, model: MODEL, ledger: next });
    onTestFinished(() => second.close());
    await second.generate({ prompt: "hi" });
    await second.settled();
    const found = (await recordsOf(next)).find(({ id }) => id === "orphan");
    expect(found).toMatchObject({ outcome: "answered", source: "generation", usd: own?.usd });
    expect(await ledger.orphans()).toEqual([]);
  });

  test("and says where it could not settle them, or not even find them", async () => {
    const ledger = memoryLedger();
    await ledger.begin(
      intentOf({ process: "elsewhere:1:0", startedAt: Date.now() - 3_600_000, generationId: "gen-x" }),
    );
    const warned = async (kept: Ledger) => {
      const messages: string[] = [];
      const { llm } = await upstream(
        ({ path }, response) => json(response, path.includes("/generation") ? 503 : 200, completion),
        { ledger: kept, model: MODEL, clock: systemClock },
      );
      llm.on("warning", ({ message }) => messages.push(message));
      await llm.generate({ prompt: "hi" });
      await llm.settled();
      return messages;
    };
    expect(await warned(ledger)).toEqual([
      "requests of processes that are gone could not be settled yet: 1; they are looked at again",
    ]);
    const orphans = () => Promise.reject(new TypeError("no"));
    expect(await warned({ ...ledger, orphans })).toEqual([
      "what processes that are gone have left could not be read: TypeError",
    ]);
  });

  test("no key, prompt or answer is in it", async () => {
    const { llm, records } = await booked();
    const { text } = await llm.generate({ prompt: "Say SENTINEL-PROMPT", system: "SENTINEL-SYSTEM" });
    const written = JSON.stringify(await records());
    expect(written).not.toContain("SENTINEL");
    expect(written).not.toContain(KEY);
    expect(written).not.toContain(text);
  });
});
