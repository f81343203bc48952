import { ApolloDriver, type ApolloDriverConfig } from "@nestjs/apollo";
import { APP_FILTER } from "@nestjs/core";
import { Args, GraphQLModule, Query, Resolver, Subscription } from "@nestjs/graphql";
import { startSimulator } from "@signalbox/testing";
import { type Client, createClient } from "graphql-ws";
import { defer, map } from "rxjs";
import { describe, expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import {
  type FrameworkRequest,
  InjectLLM,
  LLMBudget,
  LLMExceptionFilter,
  LLMModule,
  type LLMService,
  publicErrors,
  toAsyncIterable,
} from "../src/index.js";
import { start } from "./application.js";
import { post } from "./http.js";

const typeDefs = `
  type Query { ask(prompt: String!): String! poor: String! }
  type Subscription { chat(prompt: String!): String! poor: String! }
`;

@Resolver()
class ChatResolver {
  constructor(@InjectLLM() private readonly llm: LLMService) {}

  @Query()
  async ask(@Args("prompt") prompt: string): Promise<string> {
    return (await this.llm.generate({ prompt })).text;
  }

  @Query()
  @LLMBudget({ usd: 0, per: "day" })
  async poor(): Promise<string> {
    return (await this.llm.generate({ prompt: "hi", maxTokens: 100 })).text;
  }

  @Subscription()
  chat(@Args("prompt") prompt: string) {
    return toAsyncIterable(
      this.llm.text$({ prompt }).pipe(
        map((chat) => ({ chat })),
        publicErrors(),
      ),
    );
  }

  @Subscription("poor")
  @LLMBudget({ usd: 0, per: "day" })
  poorly() {
    const poor$ = defer(() => this.llm.generate({ prompt: "hi", maxTokens: 100 })).pipe(
      map(({ text }) => ({ poor: text })),
    );
    return toAsyncIterable(poor$.pipe(publicErrors()));
  }
}

async function application() {
  const openrouter = await startSimulator();
  onTestFinished(() => openrouter.close());
  const { url } = await start("express", {
    imports: [
      LLMModule.forRoot({
        apiKey: "sk-or-secret",
        baseURL: openrouter.baseURL,
        model: "openai/gpt-4o-mini",
        env: false,
        retry: false,
        scope: ({ headers }: FrameworkRequest) => ({ user: headers["x-user"] as string | undefined }),
      }),
      GraphQLModule.forRoot<ApolloDriverConfig>({
        driver: ApolloDriver,
        typeDefs,
        subscriptions: { "graphql-ws": true },
        playground: false,
        includeStacktraceInErrorResponses: false,
      }),
    ],
    providers: [ChatResolver, { provide: APP_FILTER, useClass: LLMExceptionFilter }],
  });
  return { openrouter, url: `${url}/graphql` };
}

function subscriber(url: string): Client {
  const client = createClient({ url: url.replace("http", "ws"), webSocketImpl: WebSocket, retryAttempts: 0 });
  onTestFinished(() => void client.dispose());
  return client;
}

const chat = (prompt: string) => ({ query: `subscription { chat(prompt: ${JSON.stringify(prompt)}) }` });
const query = async (url: string, text: string, headers: Record<string, string> = {}) => {
  const answer = await post(url, { query: text }, headers);
  return {
    status: answer.status,
    ...((await answer.json()) as { data?: unknown; errors?: { message: string; extensions: object }[] }),
  };
};

describe("in GraphQL", () => {
  test("a query is answered, and charged to whom its request names", async () => {
    const { url, openrouter } = await application();
    openrouter.reply("as asked");
    expect(await query(url, '{ ask(prompt: "hi") }', { "x-user": "ann" })).toMatchObject({ data: { ask: "as asked" } });
    expect(openrouter.requests[0]?.body).toMatchObject({ user: "ann" });
  });

  test("the filter's fields stand in the error's extensions, and nothing else does", async () => {
    const { url, openrouter } = await application();
    openrouter.fault("429", { retryAfter: 7 });
    const limited = await query(url, '{ ask(prompt: "hi") }');
    expect(limited.errors).toMatchObject([
      {
        message: expect.stringContaining("rate limit exceeded"),
        extensions: { code: "rate_limit", retryable: true, retryAfterMs: 7_000 },
      },
    ]);
    openrouter.fault("401", { message: "secret-detail" });
    const refused = await query(url, '{ ask(prompt: "hi") }');
    expect(refused.errors?.[0]?.extensions).toMatchObject({ code: "authentication" });
    expect(JSON.stringify(refused)).not.toContain("secret");
  });

  test("@LLMBudget() holds in a resolver", async () => {
    const { url, openrouter } = await application();
    expect((await query(url, "{ poor }")).errors).toMatchObject([{ extensions: { code: "budget_exceeded" } }]);
    expect(openrouter.requests).toHaveLength(0);
  });

  test("@LLMBudget() holds in a subscription, also for what is asked for later", async () => {
    const { url, openrouter } = await application();
    const answer = subscriber(url).iterate({ query: "subscription { poor }" });
    const failure = await answer.next().catch((error: unknown) => error);
    expect(failure).toMatchObject([{ extensions: { code: "budget_exceeded" } }]);
    expect(openrouter.requests).toHaveLength(0);
  });

  test("a subscription gives the Observable's values", async () => {
    const { url, openrouter } = await application();
    openrouter.reply("one two three");
    const pieces: unknown[] = [];
    for await (const { data } of subscriber(url).iterate(chat("hi"))) pieces.push(data?.chat);
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.join("")).toBe("one two three");
  });

  test.each(["unsubscribes", "goes away"])("a subscriber who %s closes upstream", async (how) => {
    const { url, openrouter } = await application();
    openrouter.reply("one two three four five");
    openrouter.fault("stall", { after: 2 });
    const client = subscriber(url);
    const answers = client.iterate(chat("hi"));
    await answers.next();
    const request = openrouter.requests[0];
    if (how === "unsubscribes") await answers.return?.();
    else client.terminate();
    expect(await request?.closed).toMatchObject({ state: "closed-by-client" });
  });

  test("a failure reaches its subscriber with the filter's fields", async () => {
    const { url, openrouter } = await application();
    openrouter.reply("one two three four five");
    openrouter.fault("midstream-error", { after: 2, code: 429, message: "secret-detail" });
    const pieces: unknown[] = [];
    const reading = (async () => {
      for await (const { data } of subscriber(url).iterate(chat("hi"))) pieces.push(data?.chat);
    })();
    const errors = (await reading.catch((error: unknown) => error)) as { message: string; extensions: object }[];
    expect(pieces).toEqual(["one", " two"]);
    expect(errors).toMatchObject([{ extensions: { code: "rate_limit", retryable: false } }]);
  });
});
