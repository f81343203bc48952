import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LLMError } from "../errors/llm-error.js";
import { BUNDLED_MODELS } from "./bundled-models.js";
import { Catalogue } from "./catalogue.js";
import { GUIDE_MODELS, RETIRED } from "./notation-data.js";
import { recommendModel } from "./recommend.js";
import { resolveModel, verbatimModel } from "./resolve-model.js";

const catalogue = new Catalogue(BUNDLED_MODELS);
const refusal = (id: string, options = {}): LLMError => {
  try {
    resolveModel(id, options);
  } catch (error) {
    return error as LLMError;
  }
  throw new Error(`${id} was not refused`);
};

test.each(["constructor", "toString", "__proto__", "hasOwnProperty"])(
  "a vendor called %s is a name, not what a table inherits",
  (vendor) => {
    const { routing, warnings } = resolveModel(`${vendor}/x:beta`);
    expect(routing).toEqual({ order: [vendor], allowFallbacks: true });
    expect(warnings.map(({ message }) => message)).toEqual([expect.stringContaining(`${vendor} is preferred`)]);
  },
);

describe("the guide's notation", () => {
  test.each(GUIDE_MODELS)("S8 S9 S10 S11 S12 %s resolves to a model of today", (id) => {
    const resolved = resolveModel(id, { catalogue });
    const model = catalogue.get(resolved.sent);
    expect(resolved.requested).toBe(id);
    expect(model?.price?.promptPerMillion).toBeGreaterThan(0);
    expect(resolveModel(id).sent).toBe(resolved.sent);
  });

  test("S8 S10 S12 a successor is never dearer than the retired model, and is told", () => {
    for (const [id, { price, successors }] of Object.entries(RETIRED)) {
      const affordable = successors.some(([, prompt, completion]) => prompt <= price[0] && completion <= price[1]);
      if (!affordable) {
        expect(refusal(id, { catalogue })).toMatchObject({ code: "model_not_found", status: 404 });
        expect(refusal(id).detail).toContain(successors[0]?.[0]);
        continue;
      }
      const { sent, substituted, warnings } = resolveModel(id, { catalogue });
      const now = catalogue.price(sent);
      expect(now?.promptPerMillion, id).toBeLessThanOrEqual(price[0]);
      expect(now?.completionPerMillion, id).toBeLessThanOrEqual(price[1]);
      expect(substituted).toMatchObject({ from: id, to: sent });
      expect(warnings.map(({ code }) => code)).toContain("model_substituted");
    }
  });

  test("a live price above the old one withdraws the successor", () => {
    const row = catalogue.get("anthropic/claude-sonnet-4.5");
    if (!row) throw new Error("not in the snapshot");
    const dear = new Catalogue([{ ...row, price: { promptPerMillion: 3, completionPerMillion: 16 } }]);
    expect(refusal("anthropic/claude-3.5-sonnet:beta", { catalogue: dear }).detail).toContain(
      "anthropic/claude-sonnet-4.5",
    );
  });

  test("a retired id that a catalogue lists is sent as it is", () => {
    const row = {
      id: "anthropic/claude-3.5-sonnet",
      name: "x",
      inputModalities: [],
      outputModalities: [],
      supportedParameters: [],
    };
    expect(resolveModel("anthropic/claude-3.5-sonnet:beta", { catalogue: [row] })).toMatchObject({
      sent: "anthropic/claude-3.5-sonnet",
      routing: { order: ["anthropic"] },
    });
    expect(resolveModel("x/y:beta", { catalogue: [{ ...row, id: "x/y:beta" }] })).toMatchObject({
      sent: "x/y:beta",
      warnings: [],
    });
  });

  test("strictModels sends a retired id and names its successor", () => {
    expect(resolveModel("anthropic/claude-3.5-sonnet:beta", { catalogue, strictModels: true })).toMatchObject({
      sent: "anthropic/claude-3.5-sonnet",
      suggestions: ["anthropic/claude-sonnet-4.5"],
    });
  });

  test("S24 S25 S26 S27 provider suffixes become provider preferences", () => {
    const cases: [string, string, string][] = [
      ["anthropic/claude-3-haiku:beta", "anthropic/claude-3-haiku", "anthropic"],
      ["anthropic/claude-3-haiku:beta:aws", "anthropic/claude-3-haiku", "amazon-bedrock"],
      ["anthropic/claude-3-haiku:aws:beta", "anthropic/claude-3-haiku", "amazon-bedrock"],
      ["anthropic/claude-3-haiku:bedrock", "anthropic/claude-3-haiku", "amazon-bedrock"],
      ["anthropic/claude-3-haiku:beta:together", "anthropic/claude-3-haiku", "together"],
      ["google/gemini-2.5-pro:vertex", "google/gemini-2.5-pro", "google-vertex"],
      ["anthropic/claude-haiku-4.5:beta:google", "anthropic/claude-haiku-4.5", "google-vertex"],
      ["openai/gpt-4o:azure", "openai/gpt-4o", "azure"],
      ["openai/gpt-4o:beta", "openai/gpt-4o", "openai"],
      ["meta/llama-3.1-8b-instruct:Together", "meta-llama/llama-3.1-8b-instruct", "together"],
      ["openai/gpt-4o:beta:beta:nitro:nitro", "openai/gpt-4o:nitro", "openai"],
    ];
    for (const [id, sent, provider] of cases) {
      const resolved = resolveModel(id, { catalogue });
      expect(resolved, id).toMatchObject({ sent, routing: { order: [provider], allowFallbacks: true } });
      expect(
        resolved.warnings.map(({ code }) => code),
        id,
      ).toContain("model_notation");
    }
  });

  test("S27 a provider that serves nothing of the vendor is warned of", () => {
    const { warnings } = resolveModel("anthropic/claude-3-haiku:beta:together");
    expect(warnings.map(({ code }) => code)).toContain("provider_unlikely");
  });

  test("S38 an id without vendor is not found, with the right ids suggested", () => {
    const error = refusal("claude-3-haiku", { catalogue });
    expect(error).toMatchObject({ code: "model_not_found", status: 404, name: "ModelNotFoundError" });
    expect(error.detail).toContain("model not found");
    expect(error.detail).toContain("claude-3-haiku");
    expect(error.hint).toContain("anthropic/claude-3-haiku");
    expect(refusal("claude-3-haiku").hint).toContain("anthropic/claude-3-haiku");
    expect(refusal("gpt-4o-mni", { catalogue }).detail).toContain("openai/gpt-4o-mini");
    expect(refusal("claude-3.5-sonnet", { catalogue }).hint).toContain("anthropic/claude-sonnet-4.5");
    for (const id of ["/x", "x/", "a b/c", "nonsense", "gpt-4o@preset/x", "x".repeat(5_000)]) {
      expect(refusal(id, { catalogue }).code).toBe("model_not_found");
    }
  });

  test("S42 the recommendations are the guide's, and resolve", () => {
    expect(recommendModel("daily")).toBe("anthropic/claude-3-haiku:beta");
    expect(recommendModel("complex")).toBe("anthropic/claude-3.5-sonnet:beta");
    expect(recommendModel("fast")).toEqual(["openai/gpt-4o-mini", "google/gemini-flash-1.5"]);
    for (const id of [recommendModel("daily"), recommendModel("complex"), ...recommendModel("fast")]) {
      expect(catalogue.get(resolveModel(id, { catalogue }).sent)).toBeDefined();
    }
  });
});

describe("today's ids", () => {
  test("S13 aliases, routers, presets, variants and unknown ids pass through", () => {
    const ids = [
      "acme/new-model",
      "acme/new-model:v2",
      "openrouter/auto",
      "openrouter/free",
      "openrouter/pareto-code:nitro",
      "~anthropic/claude-sonnet-latest",
      "@preset/my-preset",
      "openai/gpt-4o@preset/my-preset",
      "openai/gpt-oss-20b:free",
      "openai/gpt-oss-20b:free:online",
      "deepseek/deepseek-v3.2:nitro",
      "meta/muse-spark-1.1",
    ];
    for (const id of ids) expect(resolveModel(id, { catalogue }), id).toMatchObject({ sent: id, warnings: [] });
    expect(resolveModel("openai/gpt-oss-20b:free:online").variants).toEqual(["free", "online"]);
  });

  test("the router's own prefix is dropped before a vendor", () => {
    expect(resolveModel("openrouter/anthropic/claude-3-haiku:beta").sent).toBe("anthropic/claude-3-haiku");
    expect(resolveModel("openrouter/openai/gpt-4o@preset/x").sent).toBe("openai/gpt-4o@preset/x");
    expect(resolveModel("openrouter/auto@preset/x").sent).toBe("openrouter/auto@preset/x");
  });

  test("S6 an empty id is the default model", () => {
    expect(resolveModel("  ")).toMatchObject({
      requested: "anthropic/claude-3-haiku:beta",
      sent: "anthropic/claude-3-haiku",
    });
  });

  test("a preset survives substitution", () => {
    expect(resolveModel("anthropic/claude-3.5-sonnet:beta:nitro@preset/x").sent).toBe(
      "anthropic/claude-sonnet-4.5:nitro@preset/x",
    );
  });

  test("an unknown id near to a known one carries suggestions", () => {
    expect(resolveModel("antropic/claude-3-haiku", { catalogue })).toMatchObject({
      sent: "antropic/claude-3-haiku",
      suggestions: expect.arrayContaining(["anthropic/claude-3-haiku"]),
    });
    expect(resolveModel("openai/gpt-4o", { catalogue }).suggestions).toBeUndefined();
  });

  test("verbatim readings change nothing", () => {
    expect(verbatimModel("claude-3-haiku:beta")).toEqual({
      requested: "claude-3-haiku:beta",
      sent: "claude-3-haiku:beta",
      variants: [],
      warnings: [],
    });
  });

  test("what is sent resolves to itself, and never holds a provider suffix", () => {
    const suffix = fc.constantFrom("beta", "aws", "together", "free", "nitro", "v2", "BETA", "online");
    const base = fc.constantFrom(
      "acme/m",
      "meta/llama-9",
      "anthropic/claude-3.5-sonnet",
      "~a/b-latest",
      "openrouter/auto",
    );
    fc.assert(
      fc.property(base, fc.array(suffix, { maxLength: 5 }), (id, suffixes) => {
        const { sent } = resolveModel([id, ...suffixes].join(":"), { catalogue });
        expect(resolveModel(sent, { catalogue }).sent).toBe(sent);
        expect(/:(beta|aws|together)(:|$)/i.test(sent)).toBe(false);
      }),
    );
  });

  test("any text is either resolved or refused with model_not_found", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (id) => {
        let outcome: string;
        try {
          outcome = typeof resolveModel(id, { catalogue }).sent;
        } catch (error) {
          outcome = (error as LLMError).code;
        }
        expect(["string", "model_not_found"]).toContain(outcome);
      }),
    );
  });
});
