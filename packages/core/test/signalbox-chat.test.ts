import { startSimulator } from "@signalbox/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import { signalbox } from "./run-signalbox.js";
import { events, textChunk, upstream } from "./upstream.js";

async function simulator(options: Parameters<typeof startSimulator>[0] = {}) {
  const openrouter = await startSimulator(options);
  onTestFinished(() => openrouter.close());
  return { openrouter, env: { OPENROUTER_API_KEY: "sk-or-v1-key", OPENROUTER_BASE_URL: openrouter.baseURL } };
}

describe("signalbox chat", () => {
  test("prints the streamed answer to stdout and nothing else", async () => {
    const { env, openrouter } = await simulator();
    openrouter.reply({ text: "Hello from the track." });
    const { code, stdout, stderr } = await signalbox(
      ["chat", "Say", "hello", "--system", "Be brief.", "--max-tokens", "50"],
      { env },
    );
    expect([code, stdout, stderr]).toEqual([0, "Hello from the track.\n", ""]);
    expect(openrouter.requests[0]?.json).toMatchObject({
      stream: true,
      max_tokens: 50,
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "Say hello" },
      ],
    });
  });

  test("takes what is piped in as the question, and behind a question where - stands", async () => {
    const { env, openrouter } = await simulator();
    expect((await signalbox(["chat"], { env, stdin: "What is this?\n" })).code).toBe(0);
    expect((await signalbox(["chat", "Summarise:", "-"], { env, stdin: "a long text\n" })).code).toBe(0);
    expect(openrouter.requests.map(({ prompt }) => prompt)).toEqual(["What is this?", "Summarise:\n\na long text"]);
    expect((await signalbox(["chat"], { env, stdin: "\n" })).code).toBe(2);
  });

  test("--json prints the whole result", async () => {
    const { env, openrouter } = await simulator();
    openrouter.reply({ text: "Four." });
    const { stdout } = await signalbox(["chat", "2 + 2?", "--json", "--model", "openai/gpt-4o-mini"], { env });
    expect(JSON.parse(stdout)).toMatchObject({
      text: "Four.",
      finishReason: "stop",
      model: "openai/gpt-4o-mini",
      usage: { completionTokens: expect.any(Number) },
      cost: { usd: expect.any(Number), source: "provider" },
    });
  });

  test("in a terminal says tokens and cost on stderr", async () => {
    const { env } = await simulator();
    const { stderr } = await signalbox(["chat", "hi"], { env, terminal: true });
    expect(stderr).toMatch(/\d+ \+ \d+ tokens · \$0\.\d+ · \d+\.\d\d s/);
  });

  test("a cut answer is a failure: what came is printed, and the exit code is 1", async () => {
    const { env, openrouter } = await simulator();
    openrouter.reply({ text: "One two three four five six seven." });
    openrouter.fault("cut", { after: 3 });
    const { code, stdout, stderr } = await signalbox(["chat", "count"], { env });
    expect(stdout).toMatch(/^One.+\n$/);
    expect(stdout).not.toContain("seven");
    expect(stderr).toContain("stream_truncated: stream ended unexpectedly");
    expect(code).toBe(1);
  });

  const hostile = "\u001b]0;owned\u0007\u001b[2Jred\u009b31m\r\nline\ttab \u007fé\u{1f30d}";
  test("in a terminal, what steers it is left out of what a model says; a pipe gets the answer as it is", async () => {
    const { baseURL } = await upstream((_seen, response) => {
      const delta = { content: hostile, refusal: hostile };
      events(response, { model: hostile, choices: [{ index: 0, delta, finish_reason: "stop" }] });
      response.end("data: [DONE]\n\n");
    });
    const env = { OPENROUTER_API_KEY: "sk-or-v1-key", OPENROUTER_BASE_URL: baseURL };
    const shown = "]0;owned[2Jred31m\nline\ttab é\u{1f30d}";
    const terminal = await signalbox(["chat", "hi"], { env, terminal: true });
    expect(terminal.stdout).toBe(`${shown}\n`);
    expect(terminal.stderr).toContain(`the model refused: ${shown}`);
    expect(terminal.stderr).toContain(`${shown} · `);
    for (const control of ["owned\u0007", "\u009b"]) expect(terminal.stderr).not.toContain(control);
    expect((await signalbox(["chat", "hi"], { env })).stdout).toBe(`${hostile}\n`);
    const { stdout } = await signalbox(["chat", "hi", "--json"], { env, terminal: true });
    expect(stdout).not.toContain("\u009b");
    expect(JSON.parse((await signalbox(["chat", "hi", "--json"], { env })).stdout).text).toBe(hostile);
  });

  test("in a terminal, what upstream says of a failure steers nothing either", async () => {
    const { baseURL } = await upstream((_seen, response) => {
      response.writeHead(400, { "content-type": "application/json" });
      response.end(JSON.stringify({ error: { code: 400, message: `no ${hostile}` } }));
    });
    const env = { OPENROUTER_API_KEY: "sk-or-v1-key", OPENROUTER_BASE_URL: baseURL };
    for (const stdin of [undefined, "hi\n"]) {
      const { stderr } = await signalbox(stdin === undefined ? ["chat", "hi"] : ["chat"], {
        env,
        terminal: true,
        ...(stdin === undefined ? {} : { stdin }),
      });
      expect(stderr).toContain("invalid_request: no ]0;owned");
      for (const control of ["\u0007", "\u009b"]) expect(stderr).not.toContain(control);
    }
  });

  const ending = (finish_reason: string, delta = {}) => ({ choices: [{ index: 0, delta, finish_reason }] });
  test.each([
    [ending("stop", { refusal: "I will not." }), "the model refused: I will not."],
    [ending("length"), "the answer was cut at the token limit"],
    [ending("content_filter"), "the answer was stopped by a content filter"],
  ])("an answer that is none, or not whole, is not passed off as one: %j", async (end, doubt) => {
    const { baseURL } = await upstream((_seen, response) => {
      events(response, ...("refusal" in (end.choices[0]?.delta ?? {}) ? [] : [textChunk("One two")]), end);
      response.end("data: [DONE]\n\n");
    });
    const env = { OPENROUTER_API_KEY: "sk-or-v1-key", OPENROUTER_BASE_URL: baseURL };
    const { stdout, stderr } = await signalbox(["chat", "count"], { env });
    expect(stderr).toBe(`warning: ${doubt}\n`);
    expect(["", "One two\n"]).toContain(stdout);
  });

  test("a wrong key fails with the hint and without the key", async () => {
    const { env } = await simulator({ keys: ["another"] });
    const { code, stdout, stderr } = await signalbox(["chat", "hi"], { env });
    expect(stderr).toContain("authentication: ");
    expect(stdout + stderr).not.toContain("sk-or-v1-key");
    expect(code).toBe(1);
  });

  test("Ctrl-C closes the request upstream and exits 130", async () => {
    const { env, openrouter } = await simulator({ tokensPerSecond: 20 });
    const interruption = new AbortController();
    const { code, stdout } = await signalbox(["chat", "Tell a long story"], {
      env,
      signal: interruption.signal,
      onOutput: () => interruption.abort(),
    });
    expect(code).toBe(130);
    expect(stdout).not.toBe("");
    expect(await openrouter.requests[0]?.closed).toMatchObject({ state: "closed-by-client" });
  });

  test.each([
    ["within an answer", "Tell a story\n", "Once"],
    ["between two", undefined, "> "],
  ])("an interruption from outside ends a conversation %s", async (_when, stdin, sign) => {
    const { env, openrouter } = await simulator();
    openrouter.reply({ text: "Once upon a time." });
    const interruption = new AbortController();
    const { code } = await signalbox(["chat"], {
      env,
      terminal: true,
      ...(stdin === undefined ? {} : { stdin }),
      signal: interruption.signal,
      onOutput: (text) => text.includes(sign) && interruption.abort(),
    });
    expect(code).toBe(130);
  });

  test("a conversation whose answers are piped on asks elsewhere", async () => {
    const { env, openrouter } = await simulator();
    openrouter.reply({ text: "Four." });
    const { stdout, stderr } = await signalbox(["chat"], { env, terminal: "stdin", stdin: "2 + 2?\n" });
    expect(stdout).toBe("Four.\n");
    expect(stderr).toContain("> ");
  });

  test("a conversation remembers, goes on behind a failure and ends with the input", async () => {
    const { env, openrouter } = await simulator();
    openrouter.reply({ text: "Nice to meet you." });
    openrouter.fault("400", { when: ({ prompt }) => prompt === "break" });
    const stdin = "I am Ada.\n\nbreak\nWho am I?\n";
    const { code, stdout, stderr } = await signalbox(["chat"], { env, terminal: true, stdin });
    expect(code).toBe(0);
    expect(stdout).toContain("Nice to meet you.");
    expect(stderr).toContain("invalid_request");
    const last = openrouter.requests.at(-1)?.json.messages as { role: string; content: string }[];
    expect(last.map(({ content }) => content)).toEqual(["I am Ada.", "Nice to meet you.", "Who am I?"]);
  });
});
