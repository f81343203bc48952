import { describe, expect, test } from "vitest";
import { BUNDLED_MODELS } from "./bundled-models.js";
import { Catalogue } from "./catalogue.js";

const bundled = () => new Catalogue(BUNDLED_MODELS);

describe("the bundled snapshot", () => {
  test("S45 at least 40 models with price, context and abilities", () => {
    const models = bundled().list();
    expect(models.length).toBeGreaterThanOrEqual(40);
    expect(new Set(models.map(({ id }) => id)).size).toBe(models.length);
    for (const model of models) {
      expect(model.contextLength, model.id).toBeGreaterThan(1_000);
      expect(model.price?.completionPerMillion, model.id).toBeGreaterThanOrEqual(0);
      expect(model.inputModalities, model.id).toContain("text");
      expect(model.supportedParameters, model.id).toContain("max_tokens");
    }
  });

  test("S2 every vendor of the guide is there", () => {
    for (const vendor of ["anthropic", "openai", "google", "meta-llama", "mistralai", "cohere"]) {
      expect(bundled().list({ vendor }).length, vendor).toBeGreaterThan(0);
    }
  });

  test("S17 the guide's default model has tools but no structured outputs", () => {
    const model = bundled().get("anthropic/claude-3-haiku");
    expect(model).toMatchObject({ maxCompletionTokens: 4_096, contextLength: 200_000 });
    expect(model?.supportedParameters).toContain("tools");
    expect(model?.supportedParameters).not.toContain("structured_outputs");
    expect(model?.supportedParameters).not.toContain("reasoning");
  });
});

describe("the catalogue", () => {
  test("an id is found with the variants that only choose an endpoint, not with those that are models", () => {
    const catalogue = bundled();
    expect(catalogue.get("openai/gpt-4o:nitro@preset/x")?.id).toBe("openai/gpt-4o");
    expect(catalogue.get("openai/gpt-oss-20b:free:online")?.id).toBe("openai/gpt-oss-20b:free");
    expect(catalogue.get("openai/gpt-4o:free")).toBeUndefined();
    expect(catalogue.price("openai/gpt-4o:free")).toEqual({ promptPerMillion: 0, completionPerMillion: 0 });
    expect(catalogue.price("acme/unknown")).toBeUndefined();
  });

  test("filters narrow the list, each of them", () => {
    const catalogue = bundled();
    const ids = (filter: Parameters<Catalogue["list"]>[0]) => catalogue.list(filter).map(({ id }) => id);
    expect(ids({ search: "  HAIKU " })).toEqual(["anthropic/claude-3-haiku", "anthropic/claude-haiku-4.5"]);
    expect(ids({ vendor: "anthropic", supports: ["reasoning", "temperature"], maxPromptPerMillion: 1 })).toEqual([
      "anthropic/claude-haiku-4.5",
    ]);
    expect(ids({ supports: "tools", vendor: "cohere" })).not.toContain("cohere/command-a");
    expect(ids({ free: true }).every((id) => id.endsWith(":free"))).toBe(true);
    expect(ids({ free: false })).not.toContain("openai/gpt-oss-20b:free");
    expect(ids({ inputModality: "video", vendor: "anthropic" })).toEqual([]);
    expect(ids({ outputModality: "image" })).toEqual([]);
    expect(ids({ minContextLength: 1_200_000 })).toEqual(["deepseek/deepseek-v4-flash-0731"]);
    expect(ids({ vendor: "openai", maxCompletionPerMillion: 0.3 }).every((id) => id.startsWith("openai/gpt-oss"))).toBe(
      true,
    );
  });

  test("replacing forgets what was there", () => {
    const catalogue = bundled();
    const before = catalogue.list();
    catalogue.replace([{ id: "a/b", name: "b", inputModalities: [], outputModalities: [], supportedParameters: [] }]);
    expect(catalogue.list().map(({ id }) => id)).toEqual(["a/b"]);
    expect([catalogue.size, catalogue.price("a/b"), before.length > 1]).toEqual([1, undefined, true]);
  });
});
