import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
  definePipeline,
  type GenerateRequest,
  type LLMClient,
  LLMError,
  memoryResponseCache,
  memoryRunStore,
  type Policy,
  type RunStore,
  runPipeline,
  startChatRun,
  step,
} from "../src/index.js";
import { openaiClient } from "../src/openai/index.js";
import { scriptedClient } from "./scripted-client.js";
import { completion, events, json, post, type Seen, upstream } from "./upstream.js";

/** Every way in which a model can be asked, as `code` of its refusal or "sent". */
const ROADS: Record<string, (llm: LLMClient, model: string) => Promise<unknown>> = {
  generate: (llm, model) => llm.generate({ prompt: "x", model }),
  stream: (llm, model) => llm.stream({ prompt: "x", model }).result,
  generateStructured: (llm, model) => llm.generateStructured({ prompt: "x", model, schema: z.object({}), reasks: 0 }),
  streamStructured: (llm, model) => llm.streamStructured({ prompt: "x", model, schema: z.object({}) }).result,
  embed: (llm, model) => llm.embed({ input: "x", model }),
  rerank: (llm, model) => llm.rerank({ query: "x", documents: ["y"], model }),
  "fetch of a chat": (llm, model) => relayed(llm, "chat/completions", { model, messages: [] }),
  "fetch of embeddings": (llm, model) => relayed(llm, "embeddings", { model, input: "x" }),
  openaiClient: (llm, model) => openaiClient(llm).chat.completions.create({ model, messages: [] }),
  "a chat run": (llm, model) => startChatRun(llm, { prompt: "x", model }).result,
  "a run": (llm, model) => run(llm, memoryRunStore(), { input: model }),
  // The run was begun with a model that nobody minds, and is resumed with another input.
  "a run that is resumed": async (llm, model) => {
    const store = memoryRunStore();
    await run(llm, store, { input: model, runId: "r", isStopped: true });
    return run(llm, store, { input: model, resumeFrom: "r" });
  },
};
const roads = Object.keys(ROADS);

const asking = definePipeline<string>("asking", [
  step("stop", ({ runId, results }) => {
    if (stopped.delete(runId)) throw new Error(`stopped before ${Object.keys(results).length} results`);
  }),
  step("ask", ({ llm, input }) => llm.generate({ prompt: "x", model: input })),
]);
const stopped = new Set<string>();

/** Runs a pipeline whose input names the model; rejects with what its step has thrown. */
async function run(
  llm: LLMClient,
  store: RunStore,
  { input, isStopped = false, ...which }: { input: string; runId?: string; resumeFrom?: string; isStopped?: boolean },
): Promise<void> {
  if (isStopped) stopped.add("r");
  for await (const { cause, status } of runPipeline(asking, input, { llm, store, ...which })) {
    if (status === "error" && !isStopped) throw cause;
  }
}

async function relayed(llm: LLMClient, path: string, body: object): Promise<void> {
  const answer = await llm.fetch(`${llm.baseURL}/${path}`, post(body));
  const { error } = (await answer.json()) as { error?: { code: string } };
  if (error) throw error;
}

async function outcome(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "sent",
    (error: unknown) => (LLMError.is(error) ? error.code : (error as { code: string }).code),
  );
}

function answerAny(seen: Seen, response: Parameters<typeof json>[0]): unknown {
  if (seen.path.endsWith("/embeddings")) return json(response, 200, { data: [{ index: 0, embedding: [1] }] });
  if (seen.path.endsWith("/rerank")) return json(response, 200, { results: [{ index: 0, relevance_score: 1 }] });
  const message = { role: "assistant", content: "{}" };
  if (!seen.body.stream)
    return json(response, 200, { ...completion, choices: [{ index: 0, message, finish_reason: "stop" }] });
  events(response, { id: "gen-1", choices: [{ index: 0, delta: { content: "{}" }, finish_reason: "stop" }] });
  return response.end("data: [DONE]\n\n");
}

describe.each(roads)("policy on the road of %s", (road) => {
  const go = ROADS[road] as (llm: LLMClient, model: string) => Promise<unknown>;
  const ask = async (policy: Policy, model: string, provider: "openrouter" | "custom" = "openrouter") => {
    const { llm, requests } = await upstream(answerAny, { policy, retry: false, provider, model: "acme/default" });
    return [await outcome(go(llm, model)), requests.map(({ body }) => body)] as const;
  };

  test("a denied model is refused without a request", async () => {
    expect(await ask({ denyModels: ["openai/*"] }, "openai/gpt-4o")).toEqual(["invalid_request", []]);
  });

  test("a model that is not among the allowed is refused without a request", async () => {
    expect(await ask({ allowModels: ["anthropic/*"] }, "openai/gpt-4o")).toEqual(["invalid_request", []]);
  });

  test("an id is resolved before it is judged", async () => {
    const denied = await ask({ denyModels: ["meta-llama/*"] }, "meta/llama-3.1-8b-instruct");
    expect(denied).toEqual(["invalid_request", []]);
    const [result, bodies] = await ask({ allowModels: ["meta-llama/*"] }, "meta/llama-3.1-8b-instruct");
    expect([result, bodies.map(({ model }) => model)]).toEqual(["sent", ["meta-llama/llama-3.1-8b-instruct"]]);
  });

  test("floors are written into what is sent", async () => {
    const [result, bodies] = await ask({ zdr: true, dataCollection: "deny" }, "openai/gpt-4o");
    expect(result).toBe("sent");
    expect(bodies).toMatchObject([{ provider: { zdr: true, data_collection: "deny" } }]);
  });

  test("a floor that this provider cannot keep is refused without a request", async () => {
    expect(await ask({ zdr: true }, "llama3", "custom")).toEqual(["invalid_request", []]);
  });
});

describe("an answer that is kept", () => {
  const cached = async () => {
    const client = await upstream(answerAny, { responseCache: memoryResponseCache(), retry: false, model: "acme/one" });
    const ask = (llm: LLMClient, model: string) => llm.generate({ prompt: "x", model, responseCache: true });
    await ask(client.llm, "openai/gpt-4o");
    return { ...client, ask };
  };

  test("of a model that policy has come to forbid is refused like any other call", async () => {
    const { llm, requests, ask } = await cached();
    for (const policy of [{ denyModels: ["openai/*"] }, { allowModels: ["anthropic/*"] }])
      expect(await outcome(ask(llm.scope({ policy }), "openai/gpt-4o"))).toBe("invalid_request");
    expect((await ask(llm, "openai/gpt-4o")).fromCache).toBe(true);
    expect(requests).toHaveLength(1);
  });

  test("that was asked for without a floor is not given where there is one", async () => {
    const { llm, requests, ask } = await cached();
    for (const policy of [{ zdr: true }, { dataCollection: "deny" as const }, { maxPrice: { prompt: 1 } }]) {
      expect((await ask(llm.scope({ policy }), "openai/gpt-4o")).fromCache).toBeUndefined();
    }
    expect(requests.slice(1).map(({ body }) => body.provider)).toEqual([
      { zdr: true },
      { data_collection: "deny" },
      { max_price: { prompt: 1 } },
    ]);
  });
});

describe("what slips past no policy", () => {
  const ask = async (policy: Policy, request: Partial<GenerateRequest>) => {
    const { llm, provider } = scriptedClient(["ok"], { name: "openrouter", model: "openai/gpt-4o", policy });
    return [await outcome(llm.generate({ prompt: "x", ...request })), provider.requests.length];
  };

  test.each<[string, Policy, Partial<GenerateRequest>]>([
    ["a preset behind a denied id", { denyModels: ["openai/gpt-4o"] }, { model: "openai/gpt-4o@preset/x" }],
    ["a preset behind an allowed glob", { allowModels: ["openai/*"] }, { model: "openai/gpt-4o@preset/evil" }],
    ["a preset of its own", { allowModels: ["openai/*"] }, { preset: "evil" }],
    ["a variant of a denied id", { denyModels: ["openai/gpt-4o"] }, { model: "openai/gpt-4o:floor" }],
    [
      "another spelling in extraBody",
      { denyModels: ["meta-llama/*"] },
      { extraBody: { model: "meta/llama-3.1-8b-instruct" } },
    ],
    [
      "a router's prefix in extraBody",
      { denyModels: ["openai/*"] },
      { extraBody: { model: "openrouter/openai/gpt-4o" } },
    ],
    [
      "another spelling among the fallbacks",
      { denyModels: ["meta-llama/*"] },
      { fallbackModels: ["meta/llama-3.1-8b-instruct"] },
    ],
    [
      "another spelling among the fallbacks of extraBody",
      { denyModels: ["meta-llama/*"] },
      { extraBody: { models: ["meta/llama-3.1-8b-instruct"] } },
    ],
    ["an alias of a vendor's latest", { denyModels: ["anthropic/*"] }, { model: "~anthropic/claude-sonnet-latest" }],
    [
      "a model that a server tool asks",
      { allowModels: ["openai/*"] },
      { tools: [{ type: "openrouter:advisor", parameters: { model: "anthropic/claude-opus-5" } }] },
    ],
    [
      "a model that a server tool in extraBody asks",
      { denyModels: ["anthropic/*"] },
      {
        extraBody: { tools: [{ type: "openrouter:subagent", parameters: { model: "~anthropic/claude-opus-latest" } }] },
      },
    ],
    [
      "a model that a plugin asks",
      { denyModels: ["anthropic/*"] },
      { plugins: [{ id: "fusion", model: "anthropic/claude-opus-5" }] },
    ],
    [
      "one of the models that a plugin asks",
      { denyModels: ["anthropic/*"] },
      { plugins: [{ id: "fusion", analysis_models: ["openai/gpt-4o", "anthropic/claude-opus-5"] }] },
    ],
    [
      "a model of a plugin that stands in no list",
      { denyModels: ["anthropic/*"] },
      { extraBody: { plugins: { id: "fusion", model: "anthropic/claude-opus-5" } } },
    ],
    ["capital letters", { denyModels: ["openai/*"] }, { model: "OpenAI/gpt-4o" }],
  ])("%s", async (_what, policy, request) => {
    expect(await ask(policy, request)).toEqual(["invalid_request", 0]);
  });

  test("the default model, where it is denied", async () => {
    expect(await ask({ denyModels: ["openai/*"] }, {})).toEqual(["invalid_request", 0]);
    expect(await ask({ denyModels: ["anthropic/*"] }, {})).toEqual(["sent", 1]);
  });

  test("a body of llm.fetch that is no JSON object, since nothing can be judged on it", async () => {
    const { llm, requests, baseURL } = await upstream(answerAny, { policy: { allowModels: ["openai/*"] } });
    const form = new FormData();
    form.set("model", "evil/model");
    const answer = await llm.fetch(`${baseURL}/audio/transcriptions`, { method: "POST", body: form });
    expect([answer.status, requests.length]).toEqual([400, 0]);
  });

  test.each([[["anthropic/claude-opus-5"]], ["anthropic/claude-opus-5"], [[{ toString: 1 }]]])(
    "fallbacks of llm.fetch, whatever their form: %o",
    async (models) => {
      const { llm, requests, baseURL } = await upstream(answerAny, { policy: { denyModels: ["anthropic/*"] } });
      const body = { model: "openai/gpt-4o", models, messages: [] };
      const answer = await llm.fetch(`${baseURL}/chat/completions`, post(body));
      expect([answer.status, requests.length]).toEqual([400, 0]);
    },
  );
});
