import {
  Body,
  type CallHandler,
  Controller,
  Header,
  HttpCode,
  type INestApplication,
  Post,
  Res,
  UseInterceptors,
} from "@nestjs/common";
import type { LLMProvider } from "@signalbox/core";
import type { PipeOutcome } from "@signalbox/core/node";
import { scriptedProvider } from "@signalbox/core/testing";
import {
  catchError,
  concat,
  from,
  lastValueFrom,
  map,
  Observable,
  of,
  Subject,
  takeUntil,
  tap,
  throwError,
  toArray,
} from "rxjs";
import { describe, expect, test } from "vitest";
import { ChatStream, ChatStreamInterceptor, InjectLLM, type LLMService, LLMTestingModule } from "../src/index.js";
import { boot, platforms, start } from "./application.js";
import { heldProvider } from "./held-provider.js";
import { post, serverSentEvents, streamEvents } from "./http.js";

const heard: unknown[] = [];
const stop$ = new Subject<void>();

/** What usual interceptors do: look at the value, time the call, wrap the value, map errors to values. */
const watching = {
  intercept: (_context: unknown, next: CallHandler) =>
    next.handle().pipe(
      tap({ next: (value: PipeOutcome) => heard.push(value.outcome), finalize: () => heard.push("finalized") }),
      map((data) => ({ data })),
    ),
};
const falling = {
  intercept: (_context: unknown, next: CallHandler) => next.handle().pipe(catchError(() => of({ fallback: true }))),
};
const stopping = {
  intercept: (_context: unknown, next: CallHandler) =>
    next.handle().pipe(takeUntil(stop$), (source) =>
      concat(
        source,
        throwError(() => new Error("stopped")),
      ),
    ),
};
const answering = { intercept: () => of({ cached: true }) };

class CountingInterceptor extends ChatStreamInterceptor {
  protected override onOutcome({ outcome }: PipeOutcome): void {
    heard.push(`counted ${outcome}`);
  }
}

@Controller()
class InterceptedController {
  constructor(@InjectLLM() private readonly llm: LLMService) {}

  @Post("outside")
  @UseInterceptors(watching)
  @ChatStream()
  outside(@Body("prompt") prompt: string) {
    return this.llm.text$({ prompt });
  }

  @Post("inside")
  @ChatStream()
  @UseInterceptors(watching)
  inside(@Body("prompt") prompt: string) {
    return this.llm.text$({ prompt });
  }

  @Post("falling")
  @UseInterceptors(falling)
  @ChatStream()
  falling() {
    return throwError(() => new Error("early"));
  }

  @Post("stopping")
  @UseInterceptors(stopping)
  @ChatStream({ format: "text" })
  stopping(@Body("prompt") prompt: string) {
    return this.llm.text$({ prompt });
  }

  @Post("answering")
  @UseInterceptors(answering)
  @ChatStream()
  answering() {
    return of("never");
  }

  @Post("subclassed")
  @ChatStream({ interceptor: CountingInterceptor })
  subclassed() {
    return of("done");
  }

  @ChatStream({ format: "text" })
  @Post("any-order")
  @HttpCode(202)
  @Header("x-from-decorator", "yes")
  anyOrder(@Res({ passthrough: true }) response: { header(name: string, value: string): unknown }) {
    response.header("x-from-handler", "yes");
    return of("done");
  }

  @Post("slow-reader")
  @ChatStream({ maxBufferBytes: 10 })
  slowReader() {
    return from(["12345", "12345", "12345", "12345"]);
  }

  @Post("half-full")
  @ChatStream({ maxBufferBytes: 10 })
  halfFull() {
    return from(["12345", "12345", "12345"]);
  }
}

describe.each(platforms)("on %s", (platform) => {
  const application = (
    provider: LLMProvider = scriptedProvider(["one two"]),
    configure?: (app: INestApplication) => void,
  ) => {
    heard.length = 0;
    const metadata = { imports: [LLMTestingModule.forRoot({ provider })], controllers: [InterceptedController] };
    return start(platform, metadata, configure && { configure });
  };

  test.each(["outside", "inside"])(
    "interceptors hear the outcome and the end, and cannot write a second answer (%s)",
    async (path) => {
      const { url } = await application();
      const { events, done } = streamEvents(await (await post(`${url}/${path}`, { prompt: "hi" })).text());
      expect(events.map(({ text }) => text).join("")).toBe("one two");
      expect(done).toBe(true);
      expect(heard).toEqual(["finished", "finalized"]);
    },
  );

  test("an interceptor may turn an early failure into an answer", async () => {
    const { url } = await application();
    const response = await post(`${url}/falling`);
    expect([response.status, await response.json()]).toEqual([200, { fallback: true }]);
  });

  test("an interceptor may answer in the handler's place", async () => {
    const { url } = await application();
    expect(await (await post(`${url}/answering`)).json()).toEqual({ cached: true });
  });

  test("an interceptor that unsubscribes aborts upstream, and the client sees a break", async () => {
    const provider = heldProvider();
    const { url } = await application(provider);
    const asking = post(`${url}/stopping`, { prompt: "hi" });
    await provider.calls(1);
    provider.say("one ");
    const response = await asking;
    expect(provider.signals[0]?.aborted).toBe(false);
    stop$.next();
    expect(provider.signals[0]?.aborted).toBe(true);
    await expect(response.text()).rejects.toThrow();
  });

  test("a subclass hears outcomes", async () => {
    const { url } = await application();
    await (await post(`${url}/subclassed`)).text();
    expect(heard).toEqual(["counted finished"]);
  });

  test("status and headers of other decorators and of the handler stay, in any order", async () => {
    const { url } = await application();
    const response = await post(`${url}/any-order`);
    expect(await response.text()).toBe("done");
    expect(response.status).toBe(202);
    expect(response.headers.get("x-from-decorator")).toBe("yes");
    expect(response.headers.get("x-from-handler")).toBe("yes");
  });

  test("CORS headers are on the stream", async () => {
    const { url } = await application(undefined, (app) => app.enableCors({ origin: "https://example.org" }));
    const response = await post(`${url}/subclassed`, {}, { origin: "https://example.org" });
    expect(response.headers.get("access-control-allow-origin")).toBe("https://example.org");
    expect(streamEvents(await response.text()).done).toBe(true);
  });

  test("an Observable that runs ahead of its client is kept to the bound", async () => {
    const { url } = await application();
    const { events, done } = streamEvents(await (await post(`${url}/half-full`)).text());
    expect([events.length, done]).toEqual([3, true]);
    const ahead = serverSentEvents(await (await post(`${url}/slow-reader`)).text());
    const error = ahead.find(({ event }) => event === "error");
    expect(JSON.parse(error?.data ?? "{}")).toMatchObject({ error: { code: "aborted" } });
    expect(ahead.filter(({ data }) => data?.includes("12345"))).toHaveLength(3);
  });
});

test("called by anything but Nest, a handler returns what it always did", async () => {
  const metadata = {
    imports: [LLMTestingModule.forRoot({ replies: ["one two"] })],
    controllers: [InterceptedController],
  };
  const controller = (await boot(metadata)).get(InterceptedController);
  const answer = controller.outside("hi");
  expect(answer).toBeInstanceOf(Observable);
  expect((await lastValueFrom(answer.pipe(toArray()))).join("")).toBe("one two");
  expect(controller.outside.name).toBe("outside");
});
