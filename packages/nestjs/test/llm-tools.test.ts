import { Controller, Inject, Injectable, Module, Post, Scope } from "@nestjs/common";
import { REQUEST } from "@nestjs/core";
import type { ToolContext } from "@signalbox/core";
import { type ScriptedReplySource, scriptedProvider } from "@signalbox/core/testing";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { ChatStream, InjectLLM, LLMService, LLMTestingModule, LLMTool } from "../src/index.js";
import { boot, platforms, start } from "./application.js";
import { post, streamEvents } from "./http.js";

const Sum = z.object({ a: z.number(), b: z.number() });
const City = z.object({ city: z.string() });

@Injectable()
class Calculator {
  readonly seen: ToolContext[] = [];

  @LLMTool({ name: "add", description: "Adds two numbers", parameters: Sum })
  add({ a, b }: z.infer<typeof Sum>, context: ToolContext): number {
    this.seen.push(context);
    return a + b;
  }

  @LLMTool({ name: "count", parameters: City })
  async *count(_args: unknown): AsyncGenerator<number, string, void> {
    yield 1;
    yield 2;
    return "counted";
  }

  // @ts-expect-error the method takes something else than the schema gives
  @LLMTool({ name: "wrong", parameters: City })
  wrong(_args: { city: number }): void {}
}

/** What frameworks add to a request: Node's own has no body. */
interface SeenRequest {
  headers?: Record<string, string>;
  body?: { unit?: string };
}

let made = 0;

@Injectable({ scope: Scope.REQUEST })
class Weather {
  readonly #request: SeenRequest | undefined;

  constructor(@Inject(REQUEST) request: SeenRequest | undefined) {
    made += 1;
    this.#request = request;
  }

  @LLMTool({ name: "weather", description: "The weather", parameters: City })
  weather({ city }: z.infer<typeof City>): string {
    const unit = this.#request?.body?.unit;
    const where = unit === undefined ? city : `${city} in ${unit}`;
    return `${where} for ${this.#request?.headers?.["x-user"] ?? "nobody"}`;
  }
}

@Controller()
class ChatController {
  constructor(@InjectLLM() private readonly llm: LLMService) {}

  @Post("chat")
  @ChatStream()
  chat() {
    return this.llm.events$({ prompt: "hi", tools: this.llm.tools("add", "weather") });
  }
}

const asking = (...toolCalls: { name: string; arguments: unknown }[]): ScriptedReplySource[] => [{ toolCalls }, "done"];
const answersOf = (body: { messages: readonly { role: string; content?: unknown }[] } | undefined) =>
  body?.messages.flatMap(({ role, content }) => (role === "tool" ? [content] : []));

describe("a decorated method", () => {
  test("is executed with its instance, the arguments and the context", async () => {
    const provider = scriptedProvider(asking({ name: "add", arguments: { a: 1, b: 2 } }));
    const module = await boot({ imports: [LLMTestingModule.forRoot({ provider })], providers: [Calculator] });
    const llm = module.get(LLMService);
    const { text } = await llm.generate({ prompt: "1 + 2?", tools: llm.tools("add") });
    expect(text).toBe("done");
    expect(answersOf(provider.requests[1])).toEqual(["3"]);
    expect(provider.requests[0]?.tools).toMatchObject([{ function: { name: "add", description: "Adds two numbers" } }]);
    const [context] = module.get(Calculator).seen;
    expect(context?.call.name).toBe("add");
    expect(context?.signal).toBeInstanceOf(AbortSignal);
  });

  test("is in no call that did not ask for it", async () => {
    const provider = scriptedProvider(["hello"]);
    const module = await boot({ imports: [LLMTestingModule.forRoot({ provider })], providers: [Calculator] });
    await module.get(LLMService).generate({ prompt: "hi" });
    expect(provider.requests[0]).not.toHaveProperty("tools");
  });

  test("may be a generator whose yields are progress", async () => {
    const provider = scriptedProvider(asking({ name: "count", arguments: { city: "x" } }));
    const module = await boot({ imports: [LLMTestingModule.forRoot({ provider })], providers: [Calculator] });
    const llm = module.get(LLMService);
    const progress: unknown[] = [];
    for await (const event of llm.client.stream({ prompt: "hi", tools: llm.tools("count") }).events) {
      if (event.type === "tool-progress") progress.push(event.data);
    }
    expect(progress).toEqual([1, 2]);
    expect(answersOf(provider.requests[1])).toEqual(["counted"]);
  });

  test("may be asked for while providers are constructed", async () => {
    @Injectable()
    class Eager {
      readonly tools: ReturnType<LLMService["tools"]>;
      constructor(@InjectLLM() readonly llm: LLMService) {
        this.tools = llm.tools("add");
      }
    }
    const provider = scriptedProvider(asking({ name: "add", arguments: { a: 2, b: 2 } }));
    const module = await boot({ imports: [LLMTestingModule.forRoot({ provider })], providers: [Eager, Calculator] });
    const { llm, tools } = module.get(Eager);
    await llm.generate({ prompt: "hi", tools });
    expect(answersOf(provider.requests[1])).toEqual(["4"]);
  });

  test("is found in any module, once for a class that several modules provide", async () => {
    @Module({ providers: [Calculator] })
    class OneModule {}
    @Module({ providers: [Calculator, { provide: "ALIAS", useExisting: Calculator }] })
    class OtherModule {}
    const module = await boot({ imports: [LLMTestingModule.forRoot(), OneModule, OtherModule] });
    expect(
      module
        .get(LLMService)
        .tools("add")
        .map(({ name }) => name),
    ).toEqual(["add"]);
  });

  test("is found on what a factory made", async () => {
    const module = await boot({
      imports: [LLMTestingModule.forRoot()],
      providers: [{ provide: "CALCULATOR", useFactory: () => new Calculator() }],
    });
    expect(module.get(LLMService).tools("add", "count")).toHaveLength(2);
  });

  test("that nobody decorated is refused, with the names that exist", async () => {
    const module = await boot({ imports: [LLMTestingModule.forRoot()], providers: [Weather] });
    expect(() => module.get(LLMService).tools("wether")).toThrow(
      expect.objectContaining({ code: "invalid_request", hint: expect.stringContaining("weather") }),
    );
  });

  test("under a name that is taken ends the boot", async () => {
    @Injectable()
    class OtherCalculator {
      @LLMTool({ name: "add", parameters: Sum })
      plus(): number {
        return 0;
      }
    }
    const booting = boot({ imports: [LLMTestingModule.forRoot()], providers: [Calculator, OtherCalculator] });
    await expect(booting).rejects.toThrow('two tools are named "add": Calculator.add and OtherCalculator.plus');
  });
});

describe("a request-scoped provider", () => {
  test("may not be a controller, which nobody else can resolve", async () => {
    @Controller({ scope: Scope.REQUEST })
    class WeatherController {
      @LLMTool({ name: "weather", parameters: City })
      weather(): string {
        return "";
      }
    }
    const booting = boot({ imports: [LLMTestingModule.forRoot()], controllers: [WeatherController] });
    await expect(booting).rejects.toThrow(/request-scoped controller WeatherController.weather/);
  });

  test("is resolved for each call of its tool", async () => {
    made = 0;
    const provider = scriptedProvider(
      asking({ name: "weather", arguments: { city: "A" } }, { name: "weather", arguments: { city: "B" } }),
    );
    const module = await boot({ imports: [LLMTestingModule.forRoot({ provider })], providers: [Weather] });
    const llm = module.get(LLMService);
    expect(made).toBe(0);
    await llm.generate({ prompt: "hi", tools: llm.tools("weather") });
    expect(answersOf(provider.requests[1])).toEqual(["A for nobody", "B for nobody"]);
    expect(made).toBe(2);
  });

  test.each(platforms)("belongs to the HTTP request of the call, on %s", async (platform) => {
    const provider = scriptedProvider([
      ...asking({ name: "weather", arguments: { city: "A" } }),
      ...asking({ name: "weather", arguments: { city: "B" } }),
    ]);
    const { url } = await start(platform, {
      imports: [LLMTestingModule.forRoot({ provider })],
      controllers: [ChatController],
      providers: [Calculator, Weather],
    });
    for (const user of ["Ann", "Bob"]) {
      const { done } = streamEvents(await (await post(`${url}/chat`, { unit: "kelvin" }, { "x-user": user })).text());
      expect(done).toBe(true);
    }
    expect(answersOf(provider.requests[1])).toEqual(["A in kelvin for Ann"]);
    expect(answersOf(provider.requests[3])).toEqual(["B in kelvin for Bob"]);
  });
});
