import { describe, expect, test } from "vitest";
import { ManualClock } from "../../test/manual-clock.js";
import { BUNDLED_MODELS } from "./bundled-models.js";
import { Catalogue } from "./catalogue.js";
import { createModels, type ModelsOptions } from "./models.js";

const LIVE = { data: [{ id: "acme/live", pricing: { prompt: "0.000001", completion: "0.000002" } }] };

function setup(get: ModelsOptions["get"], more: Partial<ModelsOptions> = {}) {
  const paths: string[] = [];
  const catalogue = new Catalogue(BUNDLED_MODELS);
  const models = createModels({
    catalogue,
    get: (path) => {
      paths.push(path);
      return get(path);
    },
    ...more,
  });
  return { models, paths, catalogue };
}

describe("a client's models", () => {
  test("S2 S45 list, get and price answer from memory", () => {
    const { models, paths } = setup(async () => LIVE);
    expect(models.list({ vendor: "cohere" }).length).toBeGreaterThan(1);
    expect(models.get("openai/gpt-4o")?.name).toBe("GPT-4o");
    expect(models.price("anthropic/claude-3-haiku:beta:aws")).toMatchObject({ promptPerMillion: 0.25 });
    expect(models.price("meta/llama-3.1-8b-instruct")).toMatchObject({ promptPerMillion: 0.05 });
    expect(models.price("claude-3-haiku")).toBeUndefined();
    expect(models.price("anthropic/claude-3.5-haiku")).toBeUndefined();
    expect(models.recommend("fast")).toHaveLength(2);
    expect(paths).toEqual([]);
  });

  test("refresh replaces the catalogue; several at once are one request", async () => {
    const { models, paths } = setup(async () => LIVE);
    const [first, second] = await Promise.all([models.refresh(), models.refresh()]);
    expect(first.map(({ id }) => id)).toEqual(["acme/live"]);
    expect(second).toEqual(first);
    expect(models.price("acme/live")).toEqual({ promptPerMillion: 1, completionPerMillion: 2 });
    expect(paths).toEqual(["/models"]);
    await models.refresh();
    expect(paths).toHaveLength(2);
  });

  test("refresh asks for other models where told; a late answer does not undo a newer one", async () => {
    const first = Promise.withResolvers<unknown>();
    const all = { data: [...LIVE.data, { id: "acme/embed", architecture: { output_modalities: ["embeddings"] } }] };
    const { models, paths } = setup((path) => (path === "/models" ? first.promise : Promise.resolve(all)));
    const text = models.refresh();
    await models.refresh({ outputModalities: "all" });
    expect(models.list({ outputModality: "embeddings" }).map(({ id }) => id)).toEqual(["acme/embed"]);
    first.resolve(LIVE);
    expect((await text).map(({ id }) => id)).toEqual(["acme/live"]);
    expect(models.get("acme/embed")).toBeDefined();
    await models.refresh({ outputModalities: ["text", "image"] });
    expect(paths).toEqual(["/models", "/models?output_modalities=all", "/models?output_modalities=text%2Cimage"]);
  });

  test("a refresh that fails leaves the catalogue as it was", async () => {
    const { models } = setup(async () => ({ data: [] }));
    await expect(models.refresh()).rejects.toMatchObject({ code: "invalid_response" });
    expect(models.get("openai/gpt-4o")).toBeDefined();
  });

  test("endpoints are asked for under the id that is sent", async () => {
    const { models, paths } = setup(async () => ({
      data: { endpoints: [{ provider_name: "Anthropic", tag: "anthropic" }] },
    }));
    expect(await models.endpoints("anthropic/claude-3.5-sonnet:beta")).toMatchObject([{ tag: "anthropic" }]);
    expect(paths).toEqual(["/models/anthropic/claude-sonnet-4.5/endpoints"]);
    await models.endpoints("openai/gpt-oss-20b:free:nitro");
    expect(paths.at(-1)).toBe("/models/openai/gpt-oss-20b%3Afree/endpoints");
    await expect(models.endpoints("claude")).rejects.toMatchObject({ code: "model_not_found" });
    await expect(models.endpoints("@preset/x")).rejects.toMatchObject({ code: "model_not_found" });
    for (const id of ["../key", "acme/..", "./x"]) {
      await expect(models.endpoints(id)).rejects.toMatchObject({ code: "model_not_found" });
    }
    await models.endpoints("acme/a%2F..?x=1");
    expect(paths.at(-1)).toBe("/models/acme/a%252F..%3Fx%3D1/endpoints");
  });

  test("the background refresh comes again and again, after a failure too, and ends with close", async () => {
    const clock = new ManualClock();
    const failures: unknown[] = [];
    let broken = true;
    const { models, paths } = setup(
      async () => {
        if (broken) throw new Error("down");
        return LIVE;
      },
      { refreshMs: 1_000, clock, onRefreshError: (error) => failures.push(error) },
    );
    expect(paths).toEqual([]);
    clock.advance(1_000);
    await clock.waiting(1_000);
    expect([paths.length, failures.length]).toEqual([1, 1]);
    broken = false;
    clock.advance(1_000);
    await clock.waiting(1_000);
    expect(models.list().map(({ id }) => id)).toEqual(["acme/live"]);
    models.close();
    clock.advance(10_000);
    expect([paths.length, clock.pending]).toEqual([2, []]);
  });

  test("without refreshMs no timer runs", () => {
    const clock = new ManualClock();
    setup(async () => LIVE, { clock });
    expect(clock.pending).toEqual([]);
  });
});
