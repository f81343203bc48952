import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { memoryResponseCache, tool } from "../src/index.js";
import { prometheusMetrics } from "./prometheus-names.js";
import { settle } from "./raw-upstream.js";
import { rejection } from "./rejection.js";
import { turnOfTheLoop } from "./scripted-client.js";
import { recordTelemetry } from "./telemetry-recorder.js";
import { completion, events, json, textChunk, upstream } from "./upstream.js";

const PATH = new URL("../../../docs/grafana/signalbox.json", import.meta.url);
const MODEL = "openai/gpt-4o";
/** Where the names are listed. */
const page = readFileSync(new URL("../../../docs/telemetry.md", import.meta.url), "utf8");

interface Panel {
  id: number;
  type: string;
  title: string;
  description?: string;
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: { expr: string; refId: string; legendFormat: string; datasource: object }[];
}
interface Dashboard {
  title: string;
  schemaVersion: number;
  panels: Panel[];
  templating: { list: { name: string; type: string; definition?: string }[] };
}

const dashboard = JSON.parse(readFileSync(PATH, "utf8")) as Dashboard;
const graphs = dashboard.panels.filter(({ type }) => type !== "row");
const queries = [
  ...graphs.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
  ...dashboard.templating.list.flatMap(({ definition }) => definition ?? []),
];

/** What a PromQL expression reads: its metrics, and the labels by which it chooses and groups. */
function readQuery(query: string): { metrics: string[]; labels: string[] } {
  const labels = [
    ...[...query.matchAll(/([a-z_]+)\s*(?:=~|!=|!~|=)\s*"/g)].map(([, label = ""]) => label),
    ...[...query.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = ""]) => list.split(/,\s*/)),
    ...[...query.matchAll(/label_values\([^,]+, ([a-z_]+)\)/g)].map(([, label = ""]) => label),
  ];
  const bare = query
    .replaceAll(/\{[^}]*\}/g, "")
    .replaceAll(/\bby \([^)]*\)/g, "")
    .replaceAll(/, ([a-z_]+)\)/g, ")");
  return { metrics: [...bare.matchAll(/\b(?:gen_ai|signalbox)_[a-z_]+/g)].map(([name]) => name), labels };
}

/** Runs a client through everything that is measured, and gives what Prometheus has of it then. */
async function measureAll() {
  const recorder = recordTelemetry();
  const read = Promise.withResolvers<void>();
  const { llm, clock } = await upstream(
    async (seen, response, count) => {
      if (count <= 2) return json(response, 503, { error: { message: "busy" } });
      if (seen.body.stream === true) {
        const finish = { choices: [{ index: 0, delta: {}, finish_reason: "stop" }], usage: completion.usage };
        events(response, textChunk("hi"));
        await read.promise;
        events(response, textChunk("ho"), finish, "data: [DONE]\n\n");
        return response.end();
      }
      if (count > 3) return json(response, 200, completion);
      const tool_calls = [{ id: "c1", type: "function", function: { name: "look", arguments: "{}" } }];
      return json(response, 200, { choices: [{ index: 0, message: { tool_calls }, finish_reason: "tool_calls" }] });
    },
    {
      telemetry: recorder.telemetry,
      breaker: { failures: 2, halfOpenAfterMs: 0 },
      limits: { requestsPerMinute: 1_000 },
      budget: { usd: 2, per: "total" },
      responseCache: memoryResponseCache(),
    },
  );
  clock.fixedRandom = 0;
  const asked = { model: MODEL, prompt: "x", maxTokens: 10 };
  await rejection(llm.generate({ ...asked, retry: false }));
  const look = tool({ name: "look", parameters: { type: "object" }, execute: () => 1 });
  await settle(llm.generate({ ...asked, tools: [look] }), clock);
  await turnOfTheLoop();
  for await (const _ of llm.stream(asked)) read.resolve();
  for (let time = 0; time < 2; time++) await llm.generate({ ...asked, temperature: 0 });
  await rejection(llm.generate({ ...asked, maxTokens: 10_000_000 }));
  const own = recorder
    .spans()
    .flatMap(({ attributes, events }) => [attributes, ...events.map((event) => event.attributes ?? {})])
    .flatMap((attributes) => Object.keys(attributes).filter((name) => name.startsWith("signalbox.")));
  return { measured: prometheusMetrics(await recorder.metrics()), own: new Set(own) };
}

describe("the Grafana dashboard", () => {
  test("asks for nothing that is not measured, and shows everything that is", async () => {
    const { measured, own } = await measureAll();
    const shown = new Set<string | undefined>();
    for (const query of queries) {
      const { metrics, labels } = readQuery(query);
      expect(metrics, query).toHaveLength(1);
      const metric = measured.get(metrics[0] ?? "");
      expect([...measured.keys()]).toContain(metrics[0]);
      expect([...(metric?.labels ?? [])], query).toEqual(expect.arrayContaining(labels));
      shown.add(metric?.family);
    }
    expect(new Set([...measured.values()].map(({ family }) => family))).toEqual(shown);
    for (const name of [...shown, ...own]) expect(page).toContain(`\`${name}\``);
  });

  test("is one that Grafana can read: panels that are told apart and do not overlap, every query with its source", () => {
    expect(dashboard.schemaVersion).toBeGreaterThanOrEqual(41);
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    const taken = new Set<string>();
    for (const { gridPos, title } of dashboard.panels) {
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(x, title).toBeLessThan(24);
          expect(taken.has(`${x}/${y}`), title).toBe(false);
          taken.add(`${x}/${y}`);
        }
    }
    for (const { targets = [], description, title } of graphs) {
      expect([targets.length > 0, description], title).toEqual([true, expect.stringMatching(/\.$/)]);
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
      for (const { datasource } of targets)
        expect(datasource).toEqual({ type: "prometheus", uid: `\${${"datasource"}}` });
    }
    expect(dashboard.templating.list.map(({ name }) => name)).toEqual(["datasource", "model"]);
  });
});
