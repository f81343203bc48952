import { describe, expect, test } from "vitest";
import { z } from "zod";
import { type GenerateRequest, type LLMClientOptions, type Message, tool, toolMessage } from "../src/index.js";
import { events, json, upstream } from "./upstream.js";

const encrypted = {
  type: "reasoning.encrypted",
  data: "Z0FBQUFBQm8=",
  id: "rs_1",
  format: "openai-responses-v1",
  index: 0,
};
const summary = {
  type: "reasoning.summary",
  summary: "**Café** \u2028 first",
  format: "openai-responses-v1",
  index: 0,
};
const signed = {
  format: "anthropic-claude-v1",
  index: 1,
  type: "reasoning.text",
  text: "Add.",
  signature: "EqQBCkYIB/+==",
};
const later = { type: "reasoning.future", index: 2, payload: { b: 1, a: [null, "x"] }, z: null };
const details = [summary, encrypted, signed, later];

const add = tool({ name: "add", parameters: z.object({}), execute: () => 3 });
const call = { index: 0, id: "c1", type: "function", function: { name: "add", arguments: "{}" } };

interface Served {
  provider?: string;
  details?: readonly object[];
}

/** An upstream whose first answers call a tool and whose last one does not; each is served as given. */
async function served(answers: readonly Served[], options: LLMClientOptions = {}) {
  return upstream(
    ({ body }, response, count) => {
      const { provider, details: reasoning_details = details } = answers[count - 1] ?? {};
      const isLast = count >= answers.length + 1;
      const said = isLast ? { content: "done" } : { content: null, reasoning_details, tool_calls: [call] };
      const finish_reason = isLast ? "stop" : "tool_calls";
      const envelope = { id: `gen-${count}`, model: "acme/m", ...(provider === undefined ? {} : { provider }) };
      if (body.stream !== true)
        return json(response, 200, {
          ...envelope,
          choices: [{ index: 0, message: { role: "assistant", ...said }, finish_reason }],
        });
      // Each piece of a thought in a chunk of its own, as they come.
      for (const piece of isLast ? [] : reasoning_details)
        events(response, { ...envelope, choices: [{ index: 0, delta: { reasoning_details: [piece] } }] });
      const { reasoning_details: _, ...delta } = { reasoning_details, ...said };
      events(response, { ...envelope, choices: [{ index: 0, delta, finish_reason }] });
      return response.end("data: [DONE]\n\n");
    },
    { model: "acme/m", ...options },
  );
}

const run = async (
  { llm, requests }: Awaited<ReturnType<typeof served>>,
  more: Partial<GenerateRequest> = {},
  streaming = false,
) => {
  const request = { prompt: "1 + 2?", tools: [add], ...more };
  const result = streaming ? await llm.stream(request).result : await llm.generate(request);
  return { result, requests, providers: requests.map(({ body }) => body.provider) };
};

describe.each([
  ["whole", false],
  ["streamed", true],
])("S18 thoughts in a tool turn, %s", (_how, streaming) => {
  test("S18 reasoning_details go back byte for byte and in their order", async () => {
    const { requests } = await run(await served([{ provider: "OpenAI" }, { provider: "OpenAI" }]), {}, streaming);
    expect(requests).toHaveLength(3);
    const bytes = JSON.stringify(details);
    expect(requests[1]?.text.split(bytes)).toHaveLength(2);
    expect(requests[2]?.text.split(bytes)).toHaveLength(3);
  });

  test("S18 signed or encrypted thoughts keep the turn at the provider that made them", async () => {
    for (const kind of [encrypted, signed, { ...signed, text: undefined }]) {
      const { providers, result } = await run(await served([{ provider: "Google", details: [kind] }]), {}, streaming);
      expect([providers, result.warnings]).toEqual([[undefined, { only: ["google-vertex"] }], []]);
    }
  });

  test("S18 a provider whose slug is not known is not guessed at: nothing is pinned, and a warning says so", async () => {
    for (const provider of ["Mancer 2", undefined]) {
      const answers = [
        { details: [encrypted], ...(provider === undefined ? {} : { provider }) },
        { details: [encrypted], ...(provider === undefined ? {} : { provider }) },
      ];
      const { providers, result } = await run(await served(answers), {}, streaming);
      expect(providers).toEqual([undefined, undefined, undefined]);
      expect(result.warnings).toEqual([
        { code: "provider_not_pinned", message: expect.stringContaining(provider ?? "did not name") },
      ]);
    }
  });
});

describe("S18 where nothing is pinned, or otherwise", () => {
  test("S18 plain thoughts and none at all bind nobody", async () => {
    for (const plain of [[], [summary], [{ ...signed, signature: "" }], [{ ...signed, signature: null }]]) {
      const { providers, result } = await run(await served([{ provider: "OpenAI", details: plain }]));
      expect([providers, result.warnings]).toEqual([[undefined, undefined], []]);
    }
  });

  test("S18 the latest signed answer counts, whoever served the one before", async () => {
    const answers = [
      { provider: "Azure", details: [encrypted] },
      { provider: "OpenAI", details: [encrypted] },
      { provider: "Azure", details: [] },
    ];
    const { providers } = await run(await served(answers));
    expect(providers).toEqual([undefined, { only: ["azure"] }, { only: ["openai"] }, { only: ["openai"] }]);
  });

  test.each<[string, Partial<GenerateRequest>, object]>([
    ["only", { routing: { only: ["azure", "openai"] } }, { only: ["azure", "openai"] }],
    ["order", { routing: { order: ["azure"] } }, { order: ["azure"] }],
    ["extraBody", { extraBody: { provider: { order: ["azure"] } } }, { order: ["azure"] }],
  ])("S18 providers that the caller named by %s stay as they are", async (_how, more, sent) => {
    const { providers } = await run(await served([{ provider: "OpenAI" }]), more);
    expect(providers).toEqual([sent, sent]);
  });

  test("S18 the caller's other routing stays beside the pin", async () => {
    const routing = { sort: "price", zdr: true, ignore: ["azure"] };
    const { providers } = await run(await served([{ provider: "OpenAI" }], { routing: { allowFallbacks: false } }), {
      routing,
    });
    const own = { allow_fallbacks: false, sort: "price", zdr: true, ignore: ["azure"] };
    expect(providers).toEqual([own, { ...own, only: ["openai"] }]);
  });

  test("S18 with fallback models the provider comes first and the others stay open", async () => {
    const { providers } = await run(await served([{ provider: "OpenAI" }]), { fallbackModels: ["other/model"] });
    expect(providers).toEqual([undefined, { order: ["openai"] }]);
  });

  test("S18 other services than OpenRouter know no providers", async () => {
    const { requests } = await run(await served([{ provider: "OpenAI" }], { provider: "custom" }));
    expect(requests.map(({ body }) => "provider" in body)).toEqual([false, false]);
  });

  test("S18 a call of its own starts free: what one turn was bound to does not bind the next", async () => {
    const service = await served([{ provider: "OpenAI" }]);
    await run(service);
    const { providers } = await run(service);
    expect(providers).toEqual([undefined, { only: ["openai"] }, undefined]);
  });
});

describe("S18 a tool turn that another call goes on with", () => {
  const ask = tool({ name: "add", parameters: z.object({}), needsApproval: true, execute: () => 3 });
  const question: Message = { role: "user", content: "1 + 2?" };

  /** A turn whose call waits for approval, and what is kept of it. */
  async function waiting(provider = "OpenAI") {
    const service = await served([{ provider }]);
    const { newMessages } = await service.llm.generate({ messages: [question], tools: [ask] });
    return { ...service, messages: [question, ...newMessages] };
  }

  test.each<[string, Partial<GenerateRequest>, Message[]]>([
    ["approvals", { approvals: { c1: true } }, []],
    ["an answer of the caller's own", {}, [toolMessage("c1", 3)]],
  ])("S18 with %s, it stays at the provider that signed the thoughts", async (_how, more, answers) => {
    const { llm, messages, requests } = await waiting();
    const { warnings } = await llm.generate({ messages: [...messages, ...answers], tools: [ask], ...more });
    expect([requests.map(({ body }) => body.provider), warnings]).toEqual([[undefined, { only: ["openai"] }], []]);
  });

  test("S18 messages that came back as JSON do not say who signed: a warning names the option that does", async () => {
    const { llm, messages, requests } = await waiting();
    const resumed = { messages: structuredClone(messages), tools: [ask], approvals: { c1: true as const } };
    const { warnings } = await llm.generate(resumed);
    expect(warnings).toEqual([
      { code: "provider_not_pinned", message: expect.stringMatching(/did not name.+routing\.only/) },
    ]);
    const named = await llm.generate({ ...resumed, routing: { only: ["openai"] } });
    expect([requests.at(-1)?.body.provider, named.warnings]).toEqual([{ only: ["openai"] }, []]);
  });

  test("S18 a turn that the user has answered is over, and binds nobody", async () => {
    const { llm, messages, requests } = await waiting();
    const { warnings } = await llm.generate({ messages: [...messages, toolMessage("c1", 3), question], tools: [ask] });
    expect([requests.at(-1)?.body.provider, warnings]).toEqual([undefined, []]);
  });

  test.each(["generateStructured", "streamStructured"] as const)(
    "S17 S18 %s stays there when the means changes in the middle of the turn",
    async (road) => {
      const said = { role: "assistant", content: null, reasoning_details: [encrypted], tool_calls: [call] };
      const { llm, requests } = await upstream(
        ({ body }, response, count) => {
          if (count === 2)
            return json(response, 400, { error: { code: 400, message: "response_format is not supported" } });
          const message = count === 1 ? said : { role: "assistant", content: "{}" };
          const finish_reason = count === 1 ? "tool_calls" : "stop";
          const envelope = { id: `gen-${count}`, model: "acme/m", provider: "OpenAI" };
          if (body.stream !== true)
            return json(response, 200, { ...envelope, choices: [{ index: 0, message, finish_reason }] });
          events(response, { ...envelope, choices: [{ index: 0, delta: message, finish_reason }] });
          return response.end("data: [DONE]\n\n");
        },
        { model: "acme/m", retry: false },
      );
      const request = { prompt: "1 + 2?", tools: [add], schema: z.object({}) };
      const result = await (road === "generateStructured"
        ? llm.generateStructured(request)
        : llm.streamStructured(request).result);
      const bound = requests.map(({ body }) => (body.provider as { only?: string[] } | undefined)?.only);
      expect([result.object, bound]).toEqual([{}, [undefined, ["openai"], ["openai"]]]);
    },
  );
});
