import OpenAI from "openai";
import { expect, test } from "vitest";
import { LLMClient } from "../../src/index.js";
import { allCases, allRecordings, endpointOf } from "../recordings.js";
import { startReplayServer } from "../replay-server.js";
import listed from "./openai-differences.json" with { type: "json" };
import { disagreement, seenByOpenAI, seenByUs } from "./openai-reading.js";

/** Rerank is an endpoint that OpenAI does not have. */
const OFFERED_BY_BOTH = new Set<unknown>(["chat", "embeddings"]);
const all = [...allRecordings(), ...allCases()].filter((recording) => OFFERED_BY_BOTH.has(endpointOf(recording)));

test("every difference from the official client is listed with its reason, and every listed one is there", async () => {
  const server = await startReplayServer(all);
  const { baseURL } = server;
  const quiet = { organization: null, project: null, maxRetries: 0, logLevel: "off" } as const;
  const openai = new OpenAI({ apiKey: "test-key", baseURL, ...quiet });
  const llm = new LLMClient({ apiKey: "test-key", baseURL, modelNotation: "verbatim", retry: false, env: false });
  const found: string[] = [];
  for (const recording of all) {
    const fields = disagreement(await seenByOpenAI(openai, recording), await seenByUs(llm, recording));
    if (fields.length > 0) found.push(`${recording.name}: ${fields.join()}`);
  }
  await llm.close();
  await server.close();

  const reasons = listed.flatMap(({ fields, names }) => names.map((name) => `${name}: ${fields.join()}`));
  expect(new Set(reasons).size).toBe(reasons.length);
  expect({
    compared: all.length,
    unlisted: found.filter((difference) => !reasons.includes(difference)),
    gone: reasons.filter((difference) => !found.includes(difference)),
  }).toEqual({ compared: 1009, unlisted: [], gone: [] });
});
