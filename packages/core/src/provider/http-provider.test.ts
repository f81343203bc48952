import { describe, expect, test } from "vitest";
import { bodyOf, httpLoopback } from "../../test/loopback.js";
import { answering, openProvider } from "../../test/open-provider.js";
import { rejection } from "../../test/rejection.js";

describe("other endpoints", () => {
  test("embed, rerank and get go below the base address", async () => {
    const urls: unknown[] = [];
    const { url } = await httpLoopback(async (request, response) => {
      urls.push(`${request.method} ${request.url} ${await bodyOf(request)}`);
      response.end('{"data":[]}');
    });
    const used = openProvider(url);
    await used.embed?.({ model: "e", input: "x" }, {});
    await used.rerank?.({ query: "q", documents: [] }, {});
    expect((await used.get?.("/models?x=1", {}))?.body).toEqual({ data: [] });
    expect(urls).toEqual([
      'POST /api/v1/embeddings {"model":"e","input":"x"}',
      'POST /api/v1/rerank {"query":"q","documents":[]}',
      "GET /api/v1/models?x=1 ",
    ]);
  });

  test("F61 an error in a 200 body is thrown", async () => {
    expect(
      (
        await rejection(
          (await answering('{"error":{"code":402,"message":"no"}}')).get?.("/credits", {}) ?? Promise.resolve(),
        )
      ).code,
    ).toBe("insufficient_credits");
  });

  test("F87 no path takes the key elsewhere", async () => {
    const failing = openProvider("http://127.0.0.1:9").get?.("@evil.example/", { apiKey: "k" }) ?? Promise.resolve();
    expect((await rejection(failing)).code).toBe("invalid_request");
  });
});
