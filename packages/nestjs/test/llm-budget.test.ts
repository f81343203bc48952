import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  Inject,
  Injectable,
  Post,
  UseGuards,
} from "@nestjs/common";
import { APP_FILTER } from "@nestjs/core";
import { LLMClient } from "@signalbox/core";
import { startSimulator } from "@signalbox/testing";
import { catchError, concatMap, defer, from, of, timer } from "rxjs";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  ChatStream,
  type FrameworkRequest,
  InjectLLM,
  LLMBudget,
  LLMExceptionFilter,
  LLMModule,
  type LLMService,
  SkipLLMBudget,
} from "../src/index.js";
import { type Platform, platforms, start } from "./application.js";
import { post } from "./http.js";

type UserRequest = FrameworkRequest & { user?: { id: string } };

class HeaderGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest();
    if (request.headers["x-user"] !== undefined) request.user = { id: request.headers["x-user"] };
    return true;
  }
}

let handled = 0;

@Injectable()
class Writer {
  constructor(@Inject(LLMClient) private readonly client: LLMClient) {}
  async write(): Promise<string> {
    return (await this.client.generate({ prompt: "hi", maxTokens: 1_000 })).text;
  }
}

@UseGuards(HeaderGuard)
@LLMBudget({ usd: 0, per: "day" })
@Controller()
class BudgetController {
  constructor(
    @Inject(Writer) private readonly writer: Writer,
    @InjectLLM() private readonly llm: LLMService,
  ) {}

  @Post("none")
  none() {
    return this.writer.write();
  }

  @Post("free")
  @SkipLLMBudget()
  free() {
    return this.writer.write();
  }

  @Post("enough")
  @LLMBudget({ usd: 1, per: "day" })
  enough() {
    return this.writer.write();
  }

  @Post("stream")
  @ChatStream()
  stream() {
    return this.llm.text$({ prompt: "hi", maxTokens: 1_000 });
  }

  @Post("below")
  @ChatStream()
  @LLMBudget({ usd: 0, per: "hour" })
  below() {
    return this.llm.client.stream({ prompt: "hi", maxTokens: 1_000 });
  }

  @Post("above")
  @LLMBudget({ usd: 0, per: "hour" })
  @ChatStream()
  async *above() {
    yield await this.writer.write();
  }

  @Post("deferred")
  deferred() {
    return from(Promise.resolve()).pipe(
      concatMap(() => timer(1)),
      concatMap(() => defer(() => this.writer.write())),
      catchError((error) => of({ caught: error.code })),
    );
  }

  @Post("team")
  @LLMBudget([
    { usd: 1, per: "day", key: (request: UserRequest) => request.user && `team of ${request.user.id}` },
    { usd: 5, per: "total", key: "everybody" },
  ])
  team() {
    handled += 1;
    return this.writer.write();
  }
}

async function applicationOn(platform: Platform, context?: boolean) {
  const openrouter = await startSimulator();
  onTestFinished(() => openrouter.close());
  const scope = (request: UserRequest) => ({ user: request.user?.id });
  const { url } = await start(platform, {
    imports: [
      LLMModule.forRoot({
        apiKey: "sk-or-test",
        baseURL: openrouter.baseURL,
        model: "openai/gpt-4o-mini",
        env: false,
        context,
        scope: scope as never,
      }),
    ],
    controllers: [BudgetController],
    providers: [Writer, { provide: APP_FILTER, useClass: LLMExceptionFilter }],
  });
  return { url, openrouter };
}

describe.each(platforms)("S43 on %s, @LLMBudget()", (platform) => {
  test.each(["none", "stream", "below", "above"])(
    "refuses a call that does not fit before it is sent: 402 (%s)",
    async (path) => {
      const { url, openrouter } = await applicationOn(platform);
      const answer = await post(`${url}/${path}`);
      expect(answer.status).toBe(402);
      expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(await answer.json()).toMatchObject({ error: { code: "budget_exceeded" } });
      expect(openrouter.requests).toHaveLength(0);
    },
  );

  test("holds for calls behind promises, timers and operators", async () => {
    const { url, openrouter } = await applicationOn(platform);
    expect(await (await post(`${url}/deferred`)).json()).toEqual({ caught: "budget_exceeded" });
    expect(openrouter.requests).toHaveLength(0);
  });

  test("of a method replaces that of its class; a method may be left out", async () => {
    const { url } = await applicationOn(platform);
    expect((await post(`${url}/enough`)).status).toBe(201);
    expect((await post(`${url}/free`)).status).toBe(201);
  });

  test("holds without the request context, too", async () => {
    const { url, openrouter } = await applicationOn(platform, false);
    expect((await post(`${url}/none`)).status).toBe(402);
    expect(openrouter.requests).toHaveLength(0);
  });

  test("whose key names nobody is 403 before the handler", async () => {
    const { url } = await applicationOn(platform);
    handled = 0;
    expect((await post(`${url}/team`)).status).toBe(403);
    expect(handled).toBe(0);
    expect((await post(`${url}/team`, {}, { "x-user": "ann" })).status).toBe(201);
    expect(handled).toBe(1);
  });
});

test("a budget that makes no sense is refused where it is written", () => {
  expect(() => LLMBudget({ usd: -1, per: "day" })).toThrow(/usd/);
  expect(() => LLMBudget({ usd: 1, per: "week" as never })).toThrow(/per/);
  expect(() => LLMBudget({ usd: 1, per: "day", Key: "x" } as never)).toThrow(/Key/);
});
