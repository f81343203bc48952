import { type ArgumentsHost, Controller, Get, HttpException, Param, Res } from "@nestjs/common";
import { APP_FILTER } from "@nestjs/core";
import { AbortedError, AuthenticationError, type LLMError, ProviderError, RateLimitError } from "@signalbox/core";
import { firstValueFrom, type Observable } from "rxjs";
import { describe, expect, test } from "vitest";
import { type Platform, platforms, start } from "../test/application.js";
import { LLMExceptionFilter } from "./index.js";

const limited = new RateLimitError("rate_limit", "rate limit exceeded", { retryAfterMs: 2_001 });
const provider = new ProviderError("provider_error", "the provider's own words", { generationId: "gen-1" });

const failures: Record<string, unknown> = {
  limited,
  provider,
  key: new AuthenticationError("authentication", "invalid API key"),
  aborted: new AbortedError("aborted", "the call was aborted"),
  closed: new AbortedError("aborted", "the client was closed"),
  other: new TypeError("not ours"),
  http: new HttpException("teapot", 418),
};

@Controller()
class FailingController {
  @Get("fail/:how")
  fail(@Param("how") how: string): never {
    throw failures[how];
  }

  @Get("begun")
  begun(@Res() response: NodeJS.WritableStream & { raw?: NodeJS.WritableStream }): never {
    (response.raw ?? response).write("half of");
    throw limited;
  }
}

class TeapotFilter extends LLMExceptionFilter {
  protected override status(error: LLMError): number {
    return error.code === "rate_limit" ? 418 : super.status(error);
  }
}

async function ask(platform: Platform, path: string, filter: typeof LLMExceptionFilter = LLMExceptionFilter) {
  const metadata = { controllers: [FailingController], providers: [{ provide: APP_FILTER, useClass: filter }] };
  const { url } = await start(platform, metadata);
  return fetch(`${url}/${path}`);
}

describe.each(platforms)("on %s", (platform) => {
  test("status, Retry-After in whole seconds and the public body", async () => {
    const response = await ask(platform, "fail/limited");
    expect(response.status).toBe(429);
    expect(response.headers.get("retry-after")).toBe("3");
    const error = { code: "rate_limit", message: "rate limit exceeded", retryable: true, retryAfterMs: 2_001 };
    expect(await response.json()).toEqual({ error });
  });

  test("a client that is closed, as the application shuts down, is 503 with Retry-After", async () => {
    const response = await ask(platform, "fail/closed");
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toBe("1");
    const error = { code: "aborted", message: "the server is shutting down", retryable: true, retryAfterMs: 1_000 };
    expect(await response.json()).toEqual({ error });
  });

  test("what is not for strangers is put into a fixed sentence", async () => {
    const response = await ask(platform, "fail/provider");
    expect(response.status).toBe(502);
    const error = {
      code: "provider_error",
      message: "The model service failed.",
      retryable: true,
      generationId: "gen-1",
    };
    expect(await response.json()).toEqual({ error });
  });

  test.each([
    ["key", 500],
    ["aborted", 499],
    ["http", 418],
    ["other", 500],
  ])("%s is answered with %i", async (how, status) => {
    expect((await ask(platform, `fail/${how}`)).status).toBe(status);
  });

  test("an answer that has begun is broken off", async () => {
    const whole = ask(platform, "begun").then((response) => response.text());
    await expect(whole).rejects.toThrow();
  });

  test("works when it is given to the application by hand", async () => {
    const { url } = await start(
      platform,
      { controllers: [FailingController] },
      {
        configure: (app) => void app.useGlobalFilters(new LLMExceptionFilter()),
      },
    );
    expect((await fetch(`${url}/fail/limited`)).status).toBe(429);
  });

  test("a subclass decides otherwise", async () => {
    expect((await ask(platform, "fail/limited", TeapotFilter)).status).toBe(418);
  });
});

describe("elsewhere", () => {
  const filter = new LLMExceptionFilter();
  const host = (type: string, client: object = {}) =>
    ({ getType: () => type, switchToWs: () => ({ getClient: () => client }) }) as unknown as ArgumentsHost;
  const told = { code: "rate_limit", message: "rate limit exceeded", retryable: true, retryAfterMs: 2_001 };

  test("GraphQL gets an HttpException with the public fields", () => {
    const thrown = (() => {
      try {
        return filter.catch(limited, host("graphql"));
      } catch (error) {
        return error;
      }
    })();
    expect(thrown).toBeInstanceOf(HttpException);
    expect((thrown as HttpException).getStatus()).toBe(429);
    expect((thrown as HttpException).getResponse()).toEqual(told);
    expect((thrown as HttpException).message).toBe("rate limit exceeded");
    expect((thrown as HttpException).cause).toBe(limited);
    expect(thrown).toHaveProperty("extensions", { ...told, http: { status: 429 } });
  });

  test("microservices get a failing Observable", async () => {
    const answer = filter.catch(limited, host("rpc")) as Observable<never>;
    await expect(firstValueFrom(answer)).rejects.toEqual({ status: "error", ...told });
  });

  test("socket.io and the platform's web sockets get an exception message", () => {
    const emitted: unknown[] = [];
    filter.catch(limited, host("ws", { emit: (...event: unknown[]) => emitted.push(event) }));
    filter.catch(
      limited,
      host("ws", { readyState: 1, emit: () => {}, send: (text: string) => emitted.push(JSON.parse(text)) }),
    );
    const data = { status: "error", ...told };
    expect(emitted).toEqual([["exception", data], { event: "exception", data }]);
  });
});
