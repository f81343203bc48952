import { Body, Controller, ForbiddenException, Param, ParseIntPipe, Post, UseFilters, UseGuards } from "@nestjs/common";
import { RateLimitError } from "@signalbox/core";
import type { StreamFormat } from "@signalbox/core/node";
import { type Simulator, startSimulator } from "@signalbox/testing";
import { concat, of, throwError } from "rxjs";
import { describe, expect, onTestFinished, test } from "vitest";
import { ChatStream, InjectLLM, LLMExceptionFilter, LLMModule, type LLMService } from "../src/index.js";
import { type Platform, platforms, start } from "./application.js";
import { post, serverSentEvents } from "./http.js";

function streaming(format: StreamFormat) {
  @Controller(format)
  @UseFilters(LLMExceptionFilter)
  class StreamingController {
    constructor(@InjectLLM() private readonly llm: LLMService) {}

    @Post("stream")
    @ChatStream({ format })
    stream(@Body("prompt") prompt: string) {
      return this.llm.client.stream({ prompt });
    }

    @Post("text$")
    @ChatStream({ format })
    text$(@Body("prompt") prompt: string) {
      return this.llm.text$({ prompt });
    }
  }
  return StreamingController;
}

class NobodyGuard {
  canActivate(): boolean {
    throw new ForbiddenException("nobody may");
  }
}

@Controller()
@UseFilters(LLMExceptionFilter)
class FailingController {
  @Post("guarded")
  @UseGuards(NobodyGuard)
  @ChatStream()
  guarded() {
    return of("never");
  }

  @Post("validated/:id")
  @ChatStream()
  validated(@Param("id", ParseIntPipe) id: number) {
    return of(`number ${id}`);
  }

  @Post("limited")
  @ChatStream()
  limited() {
    return throwError(() => new RateLimitError("rate_limit", "rate limit exceeded", { retryAfterMs: 1_500 }));
  }

  @Post("late")
  @ChatStream()
  late() {
    return concat(
      of("begun"),
      throwError(() => new Error("a secret of the server")),
    );
  }

  @Post("not-json")
  @ChatStream()
  notJson() {
    return of({ n: 1 }, { n: 2n }, { n: 3 });
  }

  @Post("circular")
  @ChatStream()
  circular() {
    const value: { self?: unknown } = {};
    value.self = value;
    return of({ n: 1 }, value);
  }
}

async function applicationOn(platform: Platform): Promise<{ url: string; openrouter: Simulator }> {
  const openrouter = await startSimulator();
  onTestFinished(() => openrouter.close());
  const { baseURL } = openrouter;
  const { url } = await start(platform, {
    imports: [
      LLMModule.forRoot({ apiKey: "sk-or-test", baseURL, model: "openai/gpt-4o-mini", retry: false, env: false }),
    ],
    controllers: [FailingController, ...(["events", "openai", "ui-message", "ndjson", "text"] as const).map(streaming)],
  });
  return { url, openrouter };
}

const isError = (data: string | undefined) => /"type":"error"|"error":/.test(data ?? "");

describe.each(platforms)("on %s, before the first byte", (platform) => {
  test.each(["stream", "text$"])("S39 upstream's 429 is HTTP 429 with Retry-After (%s)", async (path) => {
    const { url, openrouter } = await applicationOn(platform);
    openrouter.fault("429", { retryAfter: 7 });
    const response = await post(`${url}/events/${path}`, { prompt: "hi" });
    expect(response.status).toBe(429);
    expect(response.headers.get("retry-after")).toBe("7");
    expect(response.headers.get("content-type")).toMatch(/^application\/json/);
    expect(await response.json()).toMatchObject({
      error: { code: "rate_limit", retryable: true, retryAfterMs: 7_000 },
    });
  });

  test("a refused key is the server's fault, not its caller's", async () => {
    const { url, openrouter } = await applicationOn(platform);
    openrouter.fault("401");
    const response = await post(`${url}/events/stream`, { prompt: "hi" });
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({ error: { code: "authentication" } });
  });

  test("an error of an Observable of the user's own is answered the same way", async () => {
    const { url } = await applicationOn(platform);
    const response = await post(`${url}/limited`);
    expect(response.status).toBe(429);
    expect(response.headers.get("retry-after")).toBe("2");
  });

  test("a request without a prompt is 400", async () => {
    const { url } = await applicationOn(platform);
    const response = await post(`${url}/events/stream`, {});
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: "invalid_request" } });
  });

  test("what pipes and guards refuse stays 400 and 403", async () => {
    const { url } = await applicationOn(platform);
    const refused = await post(`${url}/validated/seven`);
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ message: "Validation failed (numeric string is expected)" });
    const forbidden = await post(`${url}/guarded`);
    expect(forbidden.status).toBe(403);
    expect(await forbidden.json()).toMatchObject({ message: "nobody may" });
    const fine = await post(`${url}/validated/7`);
    expect([fine.status, await fine.text()]).toEqual([200, expect.stringContaining("number 7")]);
  });
});

describe.each(platforms)("on %s, after the first byte", (platform) => {
  describe.each(["stream", "text$"])("%s", (path) => {
    test.each(["midstream-error", "cut", "reset", "malformed-json"] as const)(
      "%s is one error event",
      async (fault) => {
        const { url, openrouter } = await applicationOn(platform);
        openrouter.reply("one two three four five six");
        openrouter.fault(fault, { after: 2 });
        const response = await post(`${url}/events/${path}`, { prompt: "hi" });
        const events = serverSentEvents(await response.text());
        expect(response.status).toBe(200);
        expect(events.filter(({ event }) => event === "error")).toHaveLength(1);
        expect(events.some(({ data }) => data?.includes('"text-delta"'))).toBe(true);
        expect(events.some(({ data }) => data?.includes('"finish"'))).toBe(false);
      },
    );
  });

  test.each(["openai", "ui-message", "ndjson"] as const)(
    "%s: one error, and nothing that looks like success",
    async (format) => {
      const { url, openrouter } = await applicationOn(platform);
      openrouter.reply("one two three four five six");
      openrouter.fault("cut", { after: 2 });
      const response = await post(`${url}/${format}/stream`, { prompt: "hi" });
      const text = await response.text();
      const data = format === "ndjson" ? text.trimEnd().split("\n") : serverSentEvents(text).map((event) => event.data);
      expect(data.filter(isError)).toHaveLength(1);
      expect(text).not.toContain('"type":"finish"');
      expect(text).not.toContain('"finish_reason":"stop"');
    },
  );

  test.each(["not-json", "circular"])("a value that JSON cannot say is one error event (%s)", async (path) => {
    const { url } = await applicationOn(platform);
    const events = serverSentEvents(await (await post(`${url}/${path}`)).text());
    expect(events.filter(({ event }) => event === "error")).toHaveLength(1);
    expect(events.filter(({ data }) => data?.includes('"n":'))).toHaveLength(1);
  });

  test("text: the connection breaks off", async () => {
    const { url, openrouter } = await applicationOn(platform);
    openrouter.reply("one two three four five six");
    openrouter.fault("cut", { after: 2 });
    const whole = post(`${url}/text/stream`, { prompt: "hi" }).then((response) => response.text());
    await expect(whole).rejects.toThrow();
  });

  test("what an error of the server's own says stays there", async () => {
    const { url } = await applicationOn(platform);
    const events = serverSentEvents(await (await post(`${url}/late`)).text());
    const told = events.filter(({ event }) => event === "error").map(({ data }) => JSON.parse(data ?? ""));
    expect(told).toEqual([
      { type: "error", error: { code: "internal", message: "Internal server error.", retryable: false } },
    ]);
  });
});
