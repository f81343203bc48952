import { once } from "node:events";
import { type CallHandler, Controller, Post, Req, UseInterceptors } from "@nestjs/common";
import type { GenerateStream } from "@signalbox/core";
import { scriptedProvider } from "@signalbox/core/testing";
import { catchError, concat, from, merge, mergeMap, of, retry, Subject, take, takeUntil, throwError } from "rxjs";
import { describe, expect, test } from "vitest";
import { ChatStream, InjectLLM, LLMModule, LLMService } from "../src/index.js";
import { type Platform, platforms, start } from "./application.js";
import { type HeldProvider, heldProvider } from "./held-provider.js";
import { post, streamEvents } from "./http.js";

let stop$ = new Subject<void>();
let gate = Promise.withResolvers<void>();
let late = Promise.withResolvers<GenerateStream>();
let attempts = 0;
let returned = Promise.withResolvers<void>();

/** What a timeout does, when the test says so. */
const stopping = {
  intercept: (_context: unknown, next: CallHandler) =>
    merge(
      next.handle().pipe(takeUntil(stop$)),
      stop$.pipe(mergeMap(() => throwError(() => new Error("stopped")))),
    ).pipe(take(1)),
};
/** Leaves the answer, and is not done yet. */
const waitingInstead = {
  intercept: (_context: unknown, next: CallHandler) =>
    concat(next.handle().pipe(takeUntil(stop$)), from(gate.promise), of("instead")),
};
const retrying = { intercept: (_context: unknown, next: CallHandler) => next.handle().pipe(retry(1)) };
/** Asks the model for something shorter when the answer was given up. */
function fallingBackTo(llm: () => LLMService) {
  return {
    intercept: (_context: unknown, next: CallHandler) =>
      stopping.intercept(_context, next).pipe(catchError(() => from(llm().generate({ prompt: "shorter" })))),
  };
}
let fallback: LLMService;

@Controller()
class GivenUpController {
  constructor(@InjectLLM() private readonly llm: LLMService) {}

  @Post("generator")
  @UseInterceptors(stopping)
  @ChatStream({ format: "text" })
  async *generator() {
    yield* this.llm.client.stream({ prompt: "hi" });
  }

  @Post("for-request")
  @UseInterceptors(stopping)
  @ChatStream({ format: "text" })
  async *forRequest(@Req() request: object) {
    yield* this.llm.forRequest(request).client.stream({ prompt: "hi" });
  }

  @Post("text$")
  @UseInterceptors(stopping)
  @ChatStream({ format: "text" })
  text$() {
    return this.llm.text$({ prompt: "hi" });
  }

  @Post("own")
  @UseInterceptors(stopping)
  @ChatStream({ format: "text" })
  own() {
    const silent: AsyncIterator<string> = {
      next: () => new Promise(() => {}),
      async return() {
        returned.resolve();
        return { value: undefined, done: true };
      },
    };
    return { [Symbol.asyncIterator]: () => silent };
  }

  @Post("inside")
  @UseInterceptors(waitingInstead)
  @ChatStream({ format: "text" })
  inside() {
    return this.llm.text$({ prompt: "hi" });
  }

  @Post("waiting")
  @UseInterceptors(stopping)
  @ChatStream({ format: "text" })
  async waiting() {
    await this.llm.generate({ prompt: "hi" });
    return this.llm.text$({ prompt: "never" });
  }

  @Post("late")
  @UseInterceptors(stopping)
  @ChatStream({ format: "text" })
  async late() {
    await gate.promise;
    const stream = this.llm.client.stream({ prompt: "hi" });
    late.resolve(stream);
    return stream;
  }

  @Post("falling-back")
  @UseInterceptors(fallingBackTo(() => fallback))
  @ChatStream({ format: "text" })
  async *fallingBack() {
    yield* this.llm.client.stream({ prompt: "hi" });
  }

  @Post("retried")
  @UseInterceptors(retrying)
  @ChatStream()
  retried() {
    attempts += 1;
    if (attempts === 1) throw new Error("once");
    return this.llm.events$({ prompt: "hi" });
  }
}

async function applicationOn(platform: Platform, provider: HeldProvider, context = true) {
  stop$ = new Subject();
  gate = Promise.withResolvers();
  late = Promise.withResolvers();
  returned = Promise.withResolvers();
  return start(platform, {
    imports: [LLMModule.forRoot({ provider, env: false, context })],
    controllers: [GivenUpController],
  });
}

/** Resolves once the call has been aborted. */
async function aborted(signal: AbortSignal | undefined): Promise<boolean> {
  if (signal !== undefined && !signal.aborted) await once(signal, "abort");
  return signal?.aborted === true;
}

describe.each(platforms)("on %s, an interceptor that unsubscribes stops upstream", (platform) => {
  test.each([
    ["generator", true],
    ["for-request", true],
    ["for-request", false],
  ])("under an async generator in the middle of its answer (%s, context: %s)", async (path, context) => {
    const provider = heldProvider();
    const { url } = await applicationOn(platform, provider, context);
    const asking = post(`${url}/${path}`);
    await provider.calls(1);
    provider.say("one ");
    const response = await asking;
    stop$.next();
    expect(await aborted(provider.signals[0])).toBe(true);
    await expect(response.text()).rejects.toThrow();
  });

  test.each([
    ["generator", true],
    ["for-request", true],
    ["for-request", false],
    ["text$", false],
    ["waiting", true],
  ])("before the first token, and answers (%s, context: %s)", async (path, context) => {
    const provider = heldProvider();
    const chat: HeldProvider["chat"] = async (body, options) => {
      await provider.chatStream(body, options);
      return new Promise((_, reject) =>
        options.signal?.addEventListener("abort", () => reject(options.signal?.reason)),
      );
    };
    const { url } = await applicationOn(platform, Object.assign(provider, { chat }), context);
    const asking = post(`${url}/${path}`);
    await provider.calls(1);
    stop$.next();
    expect(await aborted(provider.signals[0])).toBe(true);
    expect((await asking).status).toBe(500);
    expect(provider.signals).toHaveLength(1);
  });

  test.each([true, false])("that its handler opens afterwards (context: %s)", async (context) => {
    const provider = heldProvider();
    const { url } = await applicationOn(platform, provider, context);
    const asking = post(`${url}/late`);
    while (!stop$.observed) await new Promise(setImmediate);
    stop$.next();
    expect((await asking).status).toBe(500);
    gate.resolve();
    const stream = await late.promise;
    await expect(stream.result).rejects.toMatchObject({ code: "aborted" });
    expect(provider.signals.filter((signal) => !signal.aborted)).toEqual([]);
  });

  test("that is an iterable of the user's own", async () => {
    const { url } = await applicationOn(platform, heldProvider());
    const asking = post(`${url}/own`);
    while (!stop$.observed) await new Promise(setImmediate);
    for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
    stop$.next();
    expect((await asking).status).toBe(500);
    expect(await returned.promise).toBe(undefined);
  });

  test("from inside of @ChatStream, too, before it is done itself", async () => {
    const provider = heldProvider();
    const { url } = await applicationOn(platform, provider, false);
    const asking = post(`${url}/inside`);
    await provider.calls(1);
    stop$.next();
    expect(await aborted(provider.signals[0])).toBe(true);
    gate.resolve();
    expect(await (await asking).text()).toBe("instead");
  });

  test("and may ask the model for something else in its place", async () => {
    const provider = Object.assign(heldProvider(), { chat: scriptedProvider(["short"]).chat });
    const { app, url } = await applicationOn(platform, provider);
    fallback = app.get(LLMService);
    const asking = post(`${url}/falling-back`);
    await provider.calls(1);
    stop$.next();
    expect(await (await asking).json()).toMatchObject({ text: "short" });
    expect(await aborted(provider.signals[0])).toBe(true);
  });
});

test.each(platforms)("on %s, an interceptor inside that calls the handler again gets a stream", async (platform) => {
  attempts = 0;
  const provider = heldProvider();
  const { url } = await applicationOn(platform, provider);
  const asking = post(`${url}/retried`);
  await provider.calls(1);
  provider.say("one two");
  provider.finish();
  const response = await asking;
  expect(response.headers.get("content-type")).toMatch(/^text\/event-stream/);
  const { events, done } = streamEvents(await response.text());
  expect([attempts, done]).toEqual([2, true]);
  expect(events.map(({ text }) => text).join("")).toContain("one two");
});
