import { expect, test } from "vitest";
import { BudgetLog, roomy } from "./budget-log.js";
import { rejection } from "./rejection.js";
import { turnOfTheLoop } from "./scripted-client.js";
import { completion, json, post, type Seen, upstream } from "./upstream.js";

const prompt = "x";
const model = "openai/gpt-4o";
type Response = Parameters<typeof json>[0];

/** Breaks off behind the headers of as many answers as `broken` names; their generations cost 0.5, where they are found. */
async function breaking(broken: readonly string[], { found = true, status = 200, retry = {} as false | object } = {}) {
  const store = new BudgetLog();
  let calls = 0;
  const answer = async (seen: Seen, response: Response) => {
    const id = /id=(.*)/.exec(seen.path)?.[1];
    if (id !== undefined)
      return found ? json(response, 200, { data: { total_cost: 0.5 } }) : json(response, 404, { error: {} });
    const brokenId = broken[calls++];
    if (brokenId === undefined) return json(response, 200, completion);
    response.writeHead(status, { "content-type": "application/json", "x-generation-id": brokenId });
    response.write('{"id":');
    await turnOfTheLoop();
    return response.destroy();
  };
  const made = await upstream(answer, { model, budget: roomy, budgetStore: store, retry });
  const heard: unknown[] = [];
  made.llm.on("usage", ({ generationId, cost }) => heard.push([generationId, cost?.usd]));
  return { ...made, store, heard };
}

/** Lets the retries and the looks have their time, until nothing is pending any more. */
async function settle({ llm, clock }: Awaited<ReturnType<typeof breaking>>): Promise<void> {
  let done = false;
  const settled = llm.settled({ timeoutMs: 1e6 }).then(() => {
    done = true;
  });
  while (!done) {
    await turnOfTheLoop();
    clock.advance(500);
  }
  await settled;
}
/** Lets the waits before retries pass. */
async function answered<T>(made: Awaited<ReturnType<typeof breaking>>, work: Promise<T>): Promise<T> {
  let over = false;
  const end = () => {
    over = true;
  };
  work.then(end, end);
  while (!over) {
    await turnOfTheLoop();
    made.clock.advance(10);
  }
  return work;
}

test("S43 an attempt that broke off and was billed counts beside the one that answered; the budget is settled with both", async () => {
  const made = await breaking(["gen-a"]);
  expect((await answered(made, made.llm.generate({ prompt }))).cost?.usd).toBe(0.25);
  expect([made.store.log, made.heard]).toEqual([["reserve"], [["gen-1", 0.25]]]);
  await settle(made);
  expect(made.heard).toEqual([
    ["gen-1", 0.25],
    ["gen-a", 0.5],
  ]);
  expect([made.store.log, made.llm.usage.total]).toMatchObject([
    ["reserve", "settle 0.75"],
    { requests: 2, usd: 0.75 },
  ]);
});

test.each(["generate", "embed", "fetch"])(
  "a %s() that ends with a break is charged what the look-up finds",
  async (road) => {
    const made = await breaking(["gen-a"], { retry: false });
    const { llm, baseURL } = made;
    const work = {
      generate: () => llm.generate({ prompt }),
      embed: () => llm.embed({ input: prompt }),
      fetch: async () => (await llm.fetch(`${baseURL}/chat/completions`, post({ model, messages: [] }))).text(),
    }[road] as () => Promise<unknown>;
    expect((await rejection(work())).code).toBe("stream_truncated");
    await settle(made);
    expect([made.heard, made.store.log]).toEqual([[["gen-a", 0.5]], ["reserve", "settle 0.5"]]);
  },
);

test("what no look finds was not billed: nothing is booked for it", async () => {
  const made = await breaking(["gen-a", "gen-b"], { found: false });
  await answered(made, made.llm.generate({ prompt }));
  await settle(made);
  expect([made.heard, made.store.log]).toEqual([[["gen-1", 0.25]], ["reserve", "settle 0.25"]]);
  expect(made.requests.filter(({ path }) => path.includes("gen-b"))).toHaveLength(5);
});

test("a failure that upstream told is not billed: nobody looks for it", async () => {
  const made = await breaking(["gen-a"], { status: 502 });
  await answered(made, made.llm.generate({ prompt }));
  await settle(made);
  expect([made.store.log, made.requests.length]).toEqual([["reserve", "settle 0.25"], 2]);
});

test("an answer that its caller leaves while it comes is looked up too", async () => {
  const reading = Promise.withResolvers<void>();
  const never = new ReadableStream({ pull: () => reading.resolve() }, { highWaterMark: 0 });
  const store = new BudgetLog();
  const { llm, clock } = await upstream(() => {}, {
    model,
    budget: roomy,
    budgetStore: store,
    fetch: async (url) =>
      String(url).includes("/generation")
        ? Response.json({ data: { total_cost: 0.5 } })
        : new Response(never, { headers: { "content-type": "application/json", "x-generation-id": "gen-a" } }),
  });
  const caller = new AbortController();
  const work = rejection(llm.generate({ prompt, signal: caller.signal }));
  await reading.promise;
  caller.abort();
  expect((await work).code).toBe("aborted");
  const settled = llm.settled();
  await clock.until((waits) => waits.includes(500) && waits.includes(5_000));
  clock.advance(500);
  await settled;
  expect([store.log, llm.usage.total.usd]).toEqual([["reserve", "settle 0.5"], 0.5]);
});
