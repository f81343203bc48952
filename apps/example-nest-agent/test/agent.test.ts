import { startSimulator } from "@signalbox/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import { startExample } from "./start-example.js";

const KEY = "sk-or-v1-example-agent";
const CANCEL = "Please cancel order 117.";
const CALL = { name: "cancel_order", arguments: { order: 117 } };

interface Answer {
  status: "done" | "waiting" | number;
  id: string;
  text: string;
}

async function start(env: Record<string, string> = {}) {
  const example = await startExample(env);
  const token = async (name: "ANN" | "BEN") => (await example.line(`export ${name}=`)).split("=")[1] ?? "";
  const as =
    (bearer: string) =>
    async (path: string, body?: unknown, init: RequestInit = {}) => {
      const headers = { Authorization: `Bearer ${bearer}`, "Content-Type": "application/json" };
      const sent = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
      const response = await fetch(`${example.origin}/runs${path}`, { headers, ...sent, ...init });
      return { response, answer: (await response.json()) as Answer };
    };
  return { ...example, as, ann: as(await token("ANN")), ben: as(await token("BEN")) };
}

/** The example with a key, which a simulator of the test accepts. */
async function startWithKey() {
  const simulator = await startSimulator({ keys: [KEY] });
  onTestFinished(() => simulator.close());
  return { simulator, ...(await start({ OPENROUTER_API_KEY: KEY, OPENROUTER_BASE_URL: simulator.baseURL })) };
}

describe("the Nest agent", () => {
  test("without a key says that the simulator answers, and does what was approved", async () => {
    const { ann, line } = await start();
    expect(await line("OPENROUTER_API_KEY")).toContain("nothing is billed");
    const { answer: asked } = await ann("", { prompt: CANCEL });
    expect(asked).toEqual({ status: "waiting", id: expect.any(String), calls: [CALL] });
    expect((await ann("")).answer).toEqual([{ id: asked.id, calls: [CALL] }]);
    expect((await ann("", { prompt: "Where are my orders?" })).answer.text).toContain(
      '"item":"a kettle","state":"packed"',
    );

    const { answer: done } = await ann(`/${asked.id}/decision`, { approve: true });
    expect(done).toMatchObject({ status: "done", text: expect.stringContaining('{"cancelled":117}') });
    expect((await ann("")).answer).toEqual([]);
    expect((await ann("", { prompt: "Where are my orders?" })).answer.text).toContain(
      '"item":"a kettle","state":"cancelled"',
    );
  });

  test("leaves undone what was denied, and tells the model why", async () => {
    const { ann, simulator } = await startWithKey();
    const { answer: asked } = await ann("", { prompt: CANCEL });
    const { answer: done } = await ann(`/${asked.id}/decision`, { approve: false, reason: "I want the kettle." });
    expect(done.status).toBe("done");
    expect(JSON.stringify(simulator.requests.at(-1)?.json.messages)).toContain("I want the kettle.");
    expect((await ann("", { prompt: "Where are my orders?" })).answer.text).toContain(
      '"item":"a kettle","state":"packed"',
    );
  });

  test("shows each customer's tools that customer's orders, also at the same time", async () => {
    const { ann, ben } = await startWithKey();
    const asked = Array.from({ length: 10 }, (_, at) =>
      (at % 2 === 0 ? ann : ben)("", { prompt: "Where are my orders?" }),
    );
    for (const [at, { answer }] of (await Promise.all(asked)).entries()) {
      expect(answer.text).toContain(at % 2 === 0 ? "two cups" : "a lamp");
      expect(answer.text).not.toContain(at % 2 === 0 ? "a lamp" : "two cups");
    }
    const { answer } = await ben("", { prompt: CANCEL });
    const { answer: done } = await ben(`/${answer.id}/decision`, { approve: true });
    expect(done.text).toContain("the customer has no order 117");
  });

  test("uses a tool that is the same for everybody", async () => {
    const { ben } = await startWithKey();
    const { answer } = await ben("", { prompt: "How many days does a parcel to Japan take?" });
    expect(answer.text).toContain('{"country":"Japan","days":9}');
  });

  test("takes a decision from whose run it is, once, and then goes on once", async () => {
    const { ann, ben, simulator } = await startWithKey();
    const { answer: asked } = await ann("", { prompt: CANCEL });
    const sent = simulator.requests.length;
    expect((await ben("")).answer).toEqual([]);
    expect((await ben(`/${asked.id}/decision`, { approve: true })).response.status).toBe(404);
    const both = await Promise.all([1, 2].map(() => ann(`/${asked.id}/decision`, { approve: true })));
    expect(both.map(({ response }) => response.status).sort()).toEqual([200, 404]);
    expect(simulator.requests).toHaveLength(sent + 1);
  });

  test("refuses strangers and bodies that say something else, unsent", async () => {
    const { ann, as, simulator } = await startWithKey();
    for (const bearer of ["", "guessed"]) expect((await as(bearer)("", { prompt: CANCEL })).response.status).toBe(401);
    for (const body of [{}, { prompt: "" }, { prompt: CANCEL, model: "openai/gpt-4o" }])
      expect((await ann("", body)).response.status).toBe(400);
    expect((await ann("/1/decision", { approve: "yes" })).response.status).toBe(400);
    expect(simulator.requests).toEqual([]);
  });

  test("tells a failure with its status", async () => {
    const { ann, simulator } = await startWithKey();
    simulator.fault("402");
    const { response, answer } = await ann("", { prompt: CANCEL });
    expect(response.status).toBe(402);
    expect(answer).toMatchObject({ error: { code: "insufficient_credits" } });
  });

  test("stops when its customer leaves", async () => {
    const { ann, simulator } = await startWithKey();
    simulator.fault("stall-before-headers");
    const leave = new AbortController();
    const left = ann("", { prompt: CANCEL }, { signal: leave.signal });
    await simulator.waitFor(({ path }) => path === "/chat/completions");
    leave.abort();
    await expect(left).rejects.toThrow("aborted");
    expect((await simulator.waitFor(({ state }) => state === "closed-by-client")).events).toBe(0);
  });
});
