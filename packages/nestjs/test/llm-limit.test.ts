import { AsyncLocalStorage } from "node:async_hooks";
import { once } from "node:events";
import {
  type CallHandler,
  Controller,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  Post,
  UseInterceptors,
} from "@nestjs/common";
import { APP_FILTER } from "@nestjs/core";
import type { LimitEntry, LimitStore } from "@signalbox/core";
import { scriptedProvider } from "@signalbox/core/testing";
import type { Observable } from "rxjs";
import { describe, expect, test } from "vitest";
import {
  ChatStream,
  type FrameworkRequest,
  InjectLLM,
  LLMExceptionFilter,
  LLMLimit,
  LLMModule,
  type LLMModuleSettings,
  type LLMService,
  SkipLLMLimit,
} from "../src/index.js";
import { type Platform, platforms, start } from "./application.js";
import { type HeldProvider, heldProvider } from "./held-provider.js";
import { post } from "./http.js";

let handled = 0;

const traces = new AsyncLocalStorage<string>();

@Injectable()
class Tracing implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return traces.run("traced", () => next.handle());
  }
}

@Controller("traced")
@UseInterceptors(Tracing)
class TracedController {
  @Post()
  @LLMLimit({ requestsPerMinute: 9 }, { client: "fast" })
  trace() {
    return { trace: traces.getStore() };
  }
}

@LLMLimit({ requestsPerMinute: 2 })
@Controller()
class LimitedController {
  constructor(@InjectLLM() private readonly llm: LLMService) {}

  @Post("one")
  one() {
    handled += 1;
    return "done";
  }

  @Post("two")
  two() {
    return "done";
  }

  @Post("free")
  @SkipLLMLimit()
  free() {
    return "done";
  }

  @Post("own")
  @LLMLimit({ requestsPerMinute: 1, key: (request: FrameworkRequest) => request.headers["x-team"] as string })
  own() {
    return "done";
  }

  @Post("stream")
  @LLMLimit({ maxConcurrency: 1 })
  @ChatStream()
  stream() {
    return this.llm.text$({ prompt: "hi" });
  }
}

function applicationOn(platform: Platform, settings: LLMModuleSettings = { provider: scriptedProvider(["x"]) }) {
  const scope = (request: FrameworkRequest) => ({ user: request.headers["x-user"] as string | undefined });
  return start(platform, {
    imports: [LLMModule.forRoot({ env: false, scope, ...settings }), LLMModule.forFeature([{ name: "fast" }])],
    controllers: [LimitedController, TracedController],
    providers: [{ provide: APP_FILTER, useClass: LLMExceptionFilter }],
  });
}

const as = (user: string) => ({ "x-user": user });

describe.each(platforms)("S34 on %s, @LLMLimit()", (platform) => {
  test("refuses before the handler: 429 with Retry-After; other users do not feel it", async () => {
    const { url } = await applicationOn(platform);
    handled = 0;
    expect((await post(`${url}/one`, {}, as("ann"))).status).toBe(201);
    expect((await post(`${url}/two`, {}, as("ann"))).status).toBe(201);
    const refused = await post(`${url}/one`, {}, as("ann"));
    expect(refused.status).toBe(429);
    const seconds = Number(refused.headers.get("retry-after"));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(await refused.json()).toMatchObject({ error: { code: "rate_limit", retryable: true } });
    expect(handled).toBe(1);
    expect((await post(`${url}/one`, {}, as("bob"))).status).toBe(201);
    expect((await post(`${url}/free`, {}, as("ann"))).status).toBe(201);
  });

  test("counts by address where nobody is known", async () => {
    const { url } = await applicationOn(platform);
    const statuses: number[] = [];
    for (const path of ["one", "two", "one"]) statuses.push((await post(`${url}/${path}`)).status);
    expect(statuses).toEqual([201, 201, 429]);
  });

  test("of a method replaces that of its class, counted by its own key, and does not limit whom that leaves out", async () => {
    const { url } = await applicationOn(platform);
    const statuses: number[] = [];
    for (const headers of [{ "x-team": "a" }, { "x-team": "a" }, { "x-team": "b" }, {}, {}] as Record<string, string>[])
      statuses.push((await post(`${url}/own`, {}, headers)).status);
    expect(statuses).toEqual([201, 429, 201, 201, 201]);
  });

  test("maxConcurrency holds its place until the answer is over, also when its client leaves", async () => {
    const provider: HeldProvider = heldProvider();
    const { url } = await applicationOn(platform, { provider });
    const leaving = new AbortController();
    const first = fetch(`${url}/stream`, { method: "POST", headers: as("ann"), signal: leaving.signal });
    first.catch(() => {});
    await provider.calls(1);
    expect((await post(`${url}/stream`, {}, as("ann"))).status).toBe(429);
    const bob = post(`${url}/stream`, {}, as("bob"));
    await provider.calls(2);
    const [signal] = provider.signals as [AbortSignal];
    const aborted = once(signal, "abort");
    leaving.abort();
    await aborted;
    const again = post(`${url}/stream`, {}, as("ann"));
    await provider.calls(3);
    provider.say("x");
    provider.finish();
    expect((await again).status).toBe(200);
    expect((await bob).status).toBe(200);
    await Promise.all([(await again).text(), (await bob).text()]);
  });

  test("leaves the handler in what other interceptors have opened around it", async () => {
    const { url } = await applicationOn(platform);
    expect(await (await post(`${url}/traced`)).json()).toEqual({ trace: "traced" });
  });

  test("counts in the client's own store, a feature's too, and lets nobody in when that fails", async () => {
    const asked: LimitEntry[][] = [];
    let broken = false;
    const limitStore: LimitStore = {
      async take(entries) {
        asked.push(entries);
        if (broken) throw new Error("redis://:secret@host is away");
        return { ok: true };
      },
    };
    const { url } = await applicationOn(platform, { provider: scriptedProvider(["x"]), limitStore });
    expect((await post(`${url}/one`, {}, as("ann & co"))).status).toBe(201);
    expect(asked).toEqual([[{ counter: "nest:LimitedController:0:ann%20%26%20co", limit: 2, windowMs: 60_000 }]]);
    expect((await post(`${url}/traced`)).status).toBe(201);
    expect(asked).toHaveLength(2);
    broken = true;
    const refused = await post(`${url}/one`, {}, as("ann"));
    expect(refused.status).toBe(502);
    expect(await refused.text()).not.toContain("secret");
  });
});

test("a bound that no request could pass is refused where it is written", () => {
  expect(() => LLMLimit({ requestsPerMinute: 0 })).toThrow(/whole number/);
  expect(() => LLMLimit({ perMinute: 3 } as never)).toThrow(/perMinute/);
  expect(() => LLMLimit([{ maxConcurrency: 1.5 }])).toThrow(/maxConcurrency/);
});
