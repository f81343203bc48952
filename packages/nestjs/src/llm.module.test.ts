import { Controller, Get, Inject, Injectable, Module } from "@nestjs/common";
import { ConfigurationError, LLMClient } from "@signalbox/core";
import { scriptedProvider } from "@signalbox/core/testing";
import { describe, expect, test } from "vitest";
import { boot } from "../test/application.js";
import {
  getLLMClientToken,
  getLLMToken,
  InjectLLM,
  LLMModule,
  type LLMModuleSettings,
  type LLMOptionsFactory,
  LLMService,
  LLMTestingModule,
} from "./index.js";

const scripted = (text: string): LLMModuleSettings => ({ provider: scriptedProvider([text]), env: false });

@Injectable()
class Writer {
  constructor(
    @InjectLLM() readonly llm: LLMService,
    @Inject(LLMService) readonly sameLlm: LLMService,
    @Inject(LLMClient) readonly client: LLMClient,
  ) {}
}

@Injectable()
class NamedWriter {
  constructor(@InjectLLM("cheap") readonly llm: LLMService) {}
}

describe("forRoot", () => {
  test("the default client is injected by name and by class", async () => {
    const module = await boot({ imports: [LLMModule.forRoot(scripted("hello"))], providers: [Writer] });
    const { llm, sameLlm, client } = module.get(Writer);
    expect(sameLlm).toBe(llm);
    expect(client).toBe(llm.client);
    expect(client).toBeInstanceOf(LLMClient);
    expect((await llm.generate({ prompt: "hi" })).text).toBe("hello");
  });

  test("tokens are the contract's, and those without a name are the default's", () => {
    expect(getLLMToken("cheap")).toBe("LLM(cheap)");
    expect(getLLMClientToken("cheap")).toBe("LLMClient(cheap)");
    expect([getLLMToken(), getLLMClientToken()]).toEqual(["LLM(default)", "LLMClient(default)"]);
  });

  test("is global, so that feature modules need no import", async () => {
    @Module({ providers: [Writer] })
    class FeatureModule {}
    const module = await boot({ imports: [FeatureModule, LLMModule.forRoot(scripted("x"))] });
    expect(module.get(Writer, { strict: false }).llm).toBeInstanceOf(LLMService);
  });

  test("with isGlobal: false only importers see it", async () => {
    @Module({ providers: [Writer] })
    class FeatureModule {}
    const booting = boot({ imports: [FeatureModule, LLMModule.forRoot({ ...scripted("x"), isGlobal: false })] });
    await expect(booting).rejects.toThrow(/LLM\(default\)/);
  });

  test("named clients live side by side, without taking the classes", async () => {
    const module = await boot({
      imports: [LLMModule.forRoot(scripted("dear")), LLMModule.forRoot({ name: "cheap", ...scripted("cheap") })],
      providers: [Writer, NamedWriter],
    });
    const { llm } = module.get(NamedWriter);
    expect((await llm.generate({ prompt: "hi" })).text).toBe("cheap");
    expect((await module.get(Writer).llm.generate({ prompt: "hi" })).text).toBe("dear");
    expect(module.get(getLLMClientToken("cheap"))).toBe(llm.client);
  });

  test("a controller gets it like any provider", async () => {
    @Controller()
    class ChatController {
      constructor(@InjectLLM() readonly llm: LLMService) {}
      @Get()
      index(): string {
        return "";
      }
    }
    const module = await boot({ imports: [LLMModule.forRoot(scripted("x"))], controllers: [ChatController] });
    expect(module.get(ChatController).llm).toBe(module.get(LLMService));
  });

  test("mistakes in the options end the boot, all of them told at once", async () => {
    const options = { env: false as const, temperature: 9, maxTokens: 0 };
    const failure = await boot({ imports: [LLMModule.forRoot(options)] }).catch((error: unknown) => error);
    expect(ConfigurationError.is(failure)).toBe(true);
    expect((failure as Error).message).toMatch(/temperature/);
    expect((failure as Error).message).toMatch(/maxTokens/);
  });

  test("a missing key ends the boot with the literal text", async () => {
    await expect(boot({ imports: [LLMModule.forRoot({ env: false })] })).rejects.toMatchObject({
      code: "missing_api_key",
      detail: "OpenRouter API Key is not set",
    });
  });

  test("a ready client is used as it is", async () => {
    const client = new LLMClient({ provider: scriptedProvider(["ready"]), env: false });
    const module = await boot({ imports: [LLMModule.forRoot({ client })], providers: [Writer] });
    expect(module.get(Writer).client).toBe(client);
    await expect(boot({ imports: [LLMModule.forRoot({ client, model: "a/b" })] })).rejects.toThrow(
      /model would change nothing/,
    );
  });
});

describe("forRootAsync", () => {
  @Injectable()
  class Settings {
    readonly answer = "from settings";
  }
  @Module({ providers: [Settings], exports: [Settings] })
  class SettingsModule {}
  @Injectable()
  class OptionsFactory implements LLMOptionsFactory {
    constructor(@Inject(Settings) private readonly settings: Settings) {}
    async createLLMOptions(): Promise<LLMModuleSettings> {
      return scripted(this.settings.answer);
    }
  }

  test("useFactory gets what it injects", async () => {
    const module = await boot({
      imports: [
        LLMModule.forRootAsync({
          imports: [SettingsModule],
          inject: [Settings],
          useFactory: async (settings: Settings) => scripted(settings.answer),
        }),
      ],
    });
    expect((await module.get(LLMService).generate({ prompt: "hi" })).text).toBe("from settings");
  });

  test("useClass is made by the module", async () => {
    const imports = [LLMModule.forRootAsync({ imports: [SettingsModule], useClass: OptionsFactory, name: "cheap" })];
    const module = await boot({ imports, providers: [NamedWriter] });
    expect((await module.get(NamedWriter).llm.generate({ prompt: "hi" })).text).toBe("from settings");
  });

  test("useExisting is the imported one", async () => {
    let made = 0;
    @Injectable()
    class CountingFactory implements LLMOptionsFactory {
      constructor() {
        made += 1;
      }
      createLLMOptions(): LLMModuleSettings {
        return scripted("existing");
      }
    }
    @Module({ providers: [CountingFactory], exports: [CountingFactory] })
    class FactoryModule {}
    const imports = [LLMModule.forRootAsync({ imports: [FactoryModule], useExisting: CountingFactory })];
    const module = await boot({ imports });
    expect((await module.get(LLMService).generate({ prompt: "hi" })).text).toBe("existing");
    expect(made).toBe(1);
  });

  test("none or two of the three are refused", () => {
    expect(() => LLMModule.forRootAsync({})).toThrow(/one of `useFactory`/);
    const two = { useFactory: () => ({}), useClass: OptionsFactory };
    expect(() => LLMModule.forRootAsync(two)).toThrow(/one of `useFactory`/);
  });
});

describe("forFeature", () => {
  const provider = scriptedProvider();

  test("children add their scope and share everything else", async () => {
    const module = await boot({
      imports: [
        LLMModule.forRoot({ provider, env: false, temperature: 0.5 }),
        LLMModule.forFeature([
          { name: "titles", model: "a/titles", user: "title-service", temperature: 0.1 },
          { name: "titles-short", from: "titles", maxTokens: 5 },
        ]),
      ],
    });
    const short = module.get<LLMService>(getLLMToken("titles-short"));
    await short.generate({ prompt: "hi" });
    expect(provider.requests.at(-1)).toMatchObject({
      model: "a/titles",
      user: "title-service",
      temperature: 0.1,
      max_tokens: 5,
    });
    await module.get(LLMService).generate({ prompt: "hi" });
    expect(provider.requests.at(-1)).toMatchObject({ temperature: 0.5 });
    expect(provider.requests.at(-1)).not.toHaveProperty("user");
    expect(short.client.usage).toBe(module.get(LLMService).client.usage);
  });

  test("a parent that is not global is imported", async () => {
    const root = LLMModule.forRoot({ ...scripted("local"), isGlobal: false });
    const module = await boot({ imports: [root, LLMModule.forFeature([{ name: "child" }], { imports: [root] })] });
    expect((await module.get<LLMService>(getLLMToken("child")).generate({ prompt: "hi" })).text).toBe("local");
  });

  test("an unknown scope option ends the boot", async () => {
    const feature = { name: "child", temprature: 1 };
    const imports = [LLMModule.forRoot(scripted("x")), LLMModule.forFeature([feature])];
    await expect(boot({ imports })).rejects.toMatchObject({ code: "invalid_request" });
  });
});

describe("one name twice", () => {
  const twice = { code: "invalid_config", detail: 'two LLM clients are registered under the name "cheap"' };

  test("in one module ends the boot", async () => {
    const imports = [
      LLMModule.forRoot({ name: "cheap", ...scripted("a") }),
      LLMModule.forRoot({ name: "cheap", ...scripted("b") }),
    ];
    await expect(boot({ imports })).rejects.toMatchObject(twice);
  });

  test("across modules, and by forFeature, ends the boot", async () => {
    @Module({ imports: [LLMModule.forRoot({ name: "cheap", isGlobal: false, ...scripted("a") })] })
    class BillingModule {}
    @Module({ imports: [LLMModule.forFeature([{ name: "cheap" }])] })
    class ReportModule {}
    await expect(
      boot({ imports: [LLMModule.forRoot(scripted("x")), BillingModule, ReportModule] }),
    ).rejects.toMatchObject(twice);
  });

  test("two defaults end the boot", async () => {
    const imports = [LLMModule.forRoot(scripted("a")), LLMTestingModule.forRoot()];
    await expect(boot({ imports })).rejects.toMatchObject({ code: "invalid_config" });
  });

  test("one registration that is imported twice is one", async () => {
    const registration = LLMModule.forRoot(scripted("once"));
    @Module({ imports: [registration], providers: [Writer] })
    class FeatureModule {}
    const module = await boot({ imports: [FeatureModule, registration] });
    expect((await module.get(Writer, { strict: false }).llm.generate({ prompt: "hi" })).text).toBe("once");
  });

  test("two applications in one process may use the same names", async () => {
    const one = await boot({ imports: [LLMModule.forRoot(scripted("one"))] });
    const other = await boot({ imports: [LLMModule.forRoot(scripted("other"))] });
    expect(one.get(LLMService)).not.toBe(other.get(LLMService));
  });
});

describe("for tests of applications", () => {
  test("LLMTestingModule refuses replies that its provider would not say", () => {
    const provider = scriptedProvider(["one"]);
    const refused = () => LLMTestingModule.forRoot({ provider, replies: ["other"] });
    expect(refused).toThrow(expect.objectContaining({ code: "invalid_config" }));
    expect(refused).toThrow(ConfigurationError);
  });

  test("LLMTestingModule answers in process, under any name", async () => {
    const provider = scriptedProvider(["first", "second"]);
    const module = await boot({
      imports: [
        LLMTestingModule.forRoot({ provider }),
        LLMTestingModule.forRoot({ name: "cheap", replies: ["cheap"] }),
      ],
      providers: [Writer, NamedWriter],
    });
    expect((await module.get(Writer).llm.generate({ prompt: "a" })).text).toBe("first");
    expect((await module.get(Writer).llm.generate({ prompt: "b" })).text).toBe("second");
    expect((await module.get(NamedWriter).llm.generate({ prompt: "c" })).text).toBe("cheap");
    expect(provider.requests.map(({ messages }) => messages.at(-1)?.content)).toEqual(["a", "b"]);
  });

  test("an application's own client can be overridden, whatever its environment lacks", async () => {
    const client = new LLMClient({ provider: scriptedProvider(["instead"]), env: false });
    const module = await boot({ imports: [LLMModule.forRoot({ env: false })], providers: [Writer] }, (builder) =>
      builder.overrideProvider(getLLMClientToken()).useValue(client),
    );
    expect((await module.get(Writer).llm.generate({ prompt: "a" })).text).toBe("instead");
  });
});
