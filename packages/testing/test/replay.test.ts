import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../src/index.js";
import { hasCorpus, recordings } from "./corpus.js";
import { openSocket, readToEnd } from "./raw-client.js";
import { post, question } from "./simulator-client.js";

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator();
});
afterEach(() => simulator.close());

const ask = question("Explain tides");
const recorded = (body: string, chunkSizes?: number[]) => ({
  response: {
    status: 200,
    headers: {
      "Content-Type": "text/event-stream",
      "Content-Encoding": "gzip",
      "Content-Length": "3",
      "X-Own": "kept",
    },
    body,
    chunkSizes,
  },
});

describe("a replayed answer", () => {
  it("keeps status, bytes and headers, but for those of the connection", async () => {
    simulator.replay(recorded("data: ünïcode 你好\n\ndata: [DONE]\n\n"));
    const { status, text, headers } = await post(simulator, ask);
    expect([status, text]).toEqual([200, "data: ünïcode 你好\n\ndata: [DONE]\n\n"]);
    expect([
      headers.get("content-type"),
      headers.get("x-own"),
      headers.get("content-encoding"),
      headers.get("content-length"),
    ]).toEqual(["text/event-stream", "kept", null, null]);
    expect((await post(simulator, ask)).json.object).toBe("chat.completion");
  });

  it("arrives in the reads in which it was recorded, or cut as asked", async () => {
    const bodyReads = async () => {
      const { reads } = await readToEnd(openSocket(simulator, ask));
      return reads
        .join("")
        .split("\r\n\r\n")
        .slice(1)
        .join("\r\n\r\n")
        .split("\r\n")
        .filter((line) => !/^[0-9a-f]*$/.test(line));
    };
    simulator.replay(recorded("onetwothree", [3, 3, 5]));
    expect(await bodyReads()).toEqual(["one", "two", "three"]);
    simulator.replay(recorded("onetwothree", [3, 3, 5]), { cuts: [1, 10] });
    expect(await bodyReads()).toEqual(
      ["o", "netwothre", "e"].map((part) => part).filter((part) => !/^[0-9a-f]*$/.test(part)),
    );
  });

  it("may be binary, repeated, and meant for one request only", async () => {
    simulator.replay(
      { response: { status: 201, bodyBase64: Buffer.from("raw").toString("base64") } },
      { times: 2, when: ({ path }) => path === "/models" },
    );
    const status = async (path: string) => (await fetch(simulator.baseURL + path)).status;
    expect([
      await status("/providers"),
      await status("/models"),
      await status("/models"),
      await status("/models"),
    ]).toEqual([200, 201, 201, 200]);
  });

  it("comes after a fault that takes its place, and pauses where asked", async () => {
    const waits: number[] = [];
    await using paced = await startSimulator({ clock: { now: () => 0, wait: async (ms) => void waits.push(ms) } });
    paced.fault("429");
    paced.replay(recorded("abc", [1, 1, 1]), { pauseMs: 40 });
    expect((await post(paced, ask)).status).toBe(429);
    expect((await post(paced, ask)).text).toBe("abc");
    expect(waits).toEqual([40, 40]);
  });
});

it.skipIf(!hasCorpus)("every core recording comes back byte for byte", async () => {
  const core = recordings().filter(({ tags }) => tags.includes("core"));
  expect(core.length).toBeGreaterThan(150);
  for (const recording of core) {
    simulator.replay(recording);
    const response = await fetch(`${simulator.baseURL}/chat/completions`, { method: "POST", body: "{}" });
    const body = Buffer.from(await response.arrayBuffer());
    const { body: text, bodyBase64 } = recording.response;
    expect(response.status).toBe(recording.response.status);
    expect(
      body.equals(bodyBase64 === undefined ? Buffer.from(text ?? "") : Buffer.from(bodyBase64, "base64")),
      recording.name,
    ).toBe(true);
  }
});
