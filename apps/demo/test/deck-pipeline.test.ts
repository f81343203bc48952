import { readFile } from "node:fs/promises";
import { runPipeline, type StepEvent, type StepFailure } from "@signalbox/core";
import type { RequestLogEntry, Simulator } from "@signalbox/testing";
import { describe, expect, test } from "vitest";
import { comparable } from "../src/check/compare-events.js";
import { STEP_NAMES } from "../src/deck/deck-pipeline.js";
import type { Outline } from "../src/deck/outline.js";
import { slideSchema } from "../src/deck/slide.js";
import type { SlideProgress } from "../src/deck/write-slides.js";
import { eventOf, inputFor, makeDeck, openStudio, slidesOf, textsOf } from "./studios.js";

const TOPIC = "人工智能技术发展趋势";

describe("S16 the steps of a deck", () => {
  test("come in the original order, start before they complete and reach 100", async () => {
    const { studio } = await openStudio();
    const events = await makeDeck(studio, inputFor(TOPIC));
    const told = events.filter(({ status }) => status !== "processing").map(({ step, status }) => `${step} ${status}`);
    const announced = STEP_NAMES.slice(0, -1).flatMap((name) => [`${name} started`, `${name} completed`]);
    expect(told).toEqual([...announced, "export completed"]);
    const marks = events.filter(({ status }) => status === "completed").map(({ progress }) => progress);
    expect(marks).toEqual([16.7, 33.3, 50, 66.7, 83.3, 100]);
    expect(events.map(({ progress }) => progress)).toEqual(
      events.map(({ progress }) => progress).toSorted((a, b) => a - b),
    );
    expect(events.at(-1)?.final).toBe(true);
  });

  test("carry the keys of the original payload and the words of the deck's language", async () => {
    const { studio } = await openStudio();
    const zh = await makeDeck(studio, inputFor(TOPIC));
    const outline = eventOf(zh, "outline", "completed");
    expect(outline.message).toBe("大纲生成完成，共 5 页");
    expect(outline.data).toMatchObject({ total_slides: 5, content_type: "enhanced_markdown" });
    expect((outline.data as Outline).slides[1]?.content).toMatch(/^- .+\n- /);
    expect(eventOf(zh, "html", "completed").data).toMatchObject({ layout_type: "slides-16x9" });
    expect(eventOf(zh, "preview", "completed").data).toHaveProperty("preview_url");
    expect(eventOf(zh, "export", "completed").data).toMatchObject({
      export_format: "html",
      presentation_id: zh[0]?.runId,
    });
    const en = await makeDeck(studio, inputFor("Solar power", { language: "en" }));
    expect(eventOf(en, "outline", "completed").message).toBe("The outline is done: 5 slides");
  });

  test("tell the outline while it grows, in pieces that add up to it", async () => {
    const { studio } = await openStudio();
    const events = await makeDeck(studio, inputFor(TOPIC, { slides: 4 }));
    const grown = events.filter(({ step, status }) => step === "outline" && status === "processing");
    expect(grown.length).toBeGreaterThan(10);
    const rebuilt: Outline["slides"] = [];
    let title = "";
    for (const { data } of grown) {
      const piece = data as { title: string; index: number; slide: Outline["slides"][number] | null };
      title = piece.title;
      if (piece.slide !== null) rebuilt[piece.index] = piece.slide;
    }
    const outline = eventOf(events, "outline", "completed").data as Outline;
    expect(title).toBe(outline.title);
    expect(rebuilt.map((slide) => slide.title)).toEqual(outline.slides.map((slide) => slide.title));
    for (const [index, slide] of outline.slides.entries()) {
      expect(slide.content.startsWith(rebuilt[index]?.content.slice(0, 20) ?? "-")).toBe(true);
    }
  });

  test("without search have none, and with it ask OpenRouter to search", async () => {
    const searching = (simulator: Simulator) =>
      simulator.requests.filter(({ json }) => JSON.stringify(json.tools ?? null).includes("openrouter:web_search"));
    const without = await openStudio();
    const events = await makeDeck(without.studio, inputFor(TOPIC, { search: false }));
    expect(events.some(({ step }) => step === "search")).toBe(false);
    expect(searching(without.simulator)).toHaveLength(0);
    const withSearch = await openStudio();
    const searched = await makeDeck(withSearch.studio, inputFor(TOPIC));
    expect(searching(withSearch.simulator)).toHaveLength(1);
    expect(eventOf(searched, "search", "completed").data).toMatchObject({ enhanced: true });
  });

  test("go on without a search that fails", async () => {
    const { studio, simulator } = await openStudio();
    simulator.fault("402", { when: ({ at }) => at === 1 });
    const events = await makeDeck(studio, inputFor(TOPIC));
    expect(eventOf(events, "search", "error").data).toMatchObject({ optional: true, code: "insufficient_credits" });
    expect(events.at(-1)).toMatchObject({ step: "export", status: "completed", progress: 100 });
  });
});

describe("a deck", () => {
  test("has every slide valid, in its place and in order, with its cost", async () => {
    const { studio, simulator } = await openStudio();
    const events = await makeDeck(studio, inputFor(TOPIC, { slides: 9 }));
    const made = events
      .filter(({ step, status }) => step === "content" && status === "processing")
      .map(({ data }) => data as SlideProgress);
    expect(made.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(made.every(({ slide, valid }) => valid && slideSchema.safeParse(slide).success)).toBe(true);
    expect([made[0]?.slide.type, made[8]?.slide.type]).toEqual(["intro", "thank_you"]);
    const billed = simulator.requests.reduce((sum, { cost }) => sum + (cost ?? 0), 0);
    const told = events.reduce((sum, { cost }) => sum + (cost?.totalUsd ?? 0), 0);
    expect(told).toBeCloseTo(billed, 10);
    expect(made.reduce((sum, { usd }) => sum + usd, 0)).toBeCloseTo(
      eventOf(events, "content", "completed").cost?.totalUsd ?? 0,
      10,
    );
  });

  test("of another topic is another deck", async () => {
    const { studio } = await openStudio();
    const [one, other] = [
      await makeDeck(studio, inputFor("城市更新中的老街区")),
      await makeDeck(studio, inputFor("咖啡传入欧洲的历史")),
    ];
    expect(JSON.stringify(slidesOf(one))).toContain("老街区");
    const shared = new Set(textsOf(slidesOf(one)).filter((text) => text.length > 12));
    expect(textsOf(slidesOf(other)).filter((text) => shared.has(text))).toEqual([]);
  });

  test("of the same topic and seed is the same, byte for byte", async () => {
    const runs = await Promise.all(
      [1, 2].map(async () => {
        const { studio } = await openStudio({ seed: "same" });
        const events = await makeDeck(studio, inputFor(TOPIC));
        const runId = events[0]?.runId ?? "";
        const names = ["preview.html", "deck.html", "deck.md", "deck.json"];
        const files = await Promise.all(names.map((name) => readFile(studio.folders.path(runId, name), "utf8")));
        return { events: events.map(comparable), files };
      }),
    );
    expect(runs[0]?.events).toEqual(runs[1]?.events);
    expect(runs[0]?.files).toEqual(runs[1]?.files);
    expect(runs[0]?.files[1]).toMatch(/^<!doctype html>/);
  });

  test.each([
    ["zh", "智能制造"],
    ["zh", TOPIC],
    ["en", "How coffee reached Europe"],
  ] as const)("in %s about %s says no sentence twice", async (language, topic) => {
    const { studio } = await openStudio();
    const events = await makeDeck(studio, inputFor(topic, { slides: 12, language }));
    const outline = eventOf(events, "outline", "completed").data as Outline;
    const prose = [
      ...outline.slides.map(({ content }) => content.replaceAll(/^- /gm, "")),
      ...slidesOf(events).flatMap(({ title: _title, type: _type, ...content }) => textsOf(content)),
    ];
    const sentences = prose
      .flatMap((text) => text.split(/(?<=[。！？])|(?<=[.!?])\s|\n/))
      .filter((one) => one.length > 15);
    expect(sentences.length).toBeGreaterThan(60);
    expect(sentences.filter((one, at) => sentences.indexOf(one) !== at)).toEqual([]);
  });

  test("goes through a model with strict schemas too", async () => {
    const { studio } = await openStudio();
    const llm = studio.llm.scope({ model: "openai/gpt-4o-mini" });
    const events = await makeDeck({ ...studio, llm }, inputFor(TOPIC));
    const strategies = events.flatMap(({ data }) => (data as Partial<SlideProgress> | null)?.strategy ?? []);
    expect(new Set(strategies)).toEqual(new Set(["json_schema_strict"]));
    expect(events.at(-1)).toMatchObject({ step: "export", progress: 100 });
  });
});

describe("S16 resume", () => {
  const failThird = (simulator: Simulator) =>
    simulator.fault("402", { when: ({ prompt, path }) => path === "/chat/completions" && prompt.includes("3/6") });

  test("a slide that fails is named by its step; finished slides are kept and never asked for again", async () => {
    const { studio, simulator } = await openStudio();
    failThird(simulator);
    const broken = await makeDeck(studio, inputFor(TOPIC, { slides: 6 }));
    const last = broken.at(-1) as StepEvent;
    expect(last).toMatchObject({ step: "content", status: "error", final: true });
    expect(last.data).toMatchObject({
      code: "insufficient_credits",
      completedSteps: ["outline", "search"],
      nextStep: "content",
    } satisfies Partial<StepFailure>);
    expect(kept(broken)).toEqual([
      [0, false],
      [1, false],
    ]);
    const before = simulator.requests.length;

    const resumed = await makeDeck(studio, undefined, { resumeFrom: last.runId });
    expect(resumed[0]).toMatchObject({ seq: last.seq + 1, step: "content" });
    expect(resumed.at(-1)).toMatchObject({ step: "export", status: "completed", progress: 100 });
    expect(kept(resumed).map(([index]) => index)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(kept(resumed).filter(([, one]) => one).length).toBeGreaterThanOrEqual(2);
    const again = simulator.requests.slice(before);
    expect(again.every(({ prompt }) => /[3-6]\/6/.test(prompt))).toBe(true);
    expect([...answered(simulator).values()]).toEqual([1, 1, 1, 1, 1, 1, 1]);
    expect(simulator.requests.filter(({ status }) => status === 402)).toHaveLength(1);
  });

  test("a run that is stopped in the middle of its slides goes on where it was", async () => {
    const { studio, simulator } = await openStudio();
    simulator.fault("stall-before-headers", { times: 3, when: ({ prompt }) => /[2-4]\/5/.test(prompt) });
    const { pipeline, llm, store } = studio;
    const run = runPipeline(pipeline, inputFor(TOPIC), { llm, store });
    const stopped = expect(Array.fromAsync(run)).rejects.toMatchObject({ code: "aborted" });
    // The fourth is begun once the first is kept.
    await simulator.waitFor(({ prompt }) => prompt.includes("4/5"));
    run.abort();
    await stopped;
    const resumed = await makeDeck(studio, undefined, { resumeFrom: run.runId });
    expect(resumed.at(-1)).toMatchObject({ step: "export", progress: 100 });
    expect(kept(resumed)[0]).toEqual([0, true]);
    expect(simulator.requests.filter(({ stream }) => stream)).toHaveLength(1);
    expect([...answered(simulator).values()]).toEqual([1, 1, 1, 1, 1, 1]);
  });
});

/** Slides in the order they were told, and whether they came from an earlier execution. */
function kept(events: readonly StepEvent[]): [number, boolean][] {
  return events
    .filter(({ step, status }) => step === "content" && status === "processing")
    .map(({ data }) => [(data as SlideProgress).index, (data as SlideProgress).kept]);
}

/** How often each question was answered well; search and outline share a prompt but not a schema. */
function answered(simulator: Simulator): Map<string, number> {
  const good = simulator.requests.filter(
    (entry: RequestLogEntry) => entry.status === 200 && entry.state === "finished",
  );
  const counts = new Map<string, number>();
  for (const { prompt, stream } of good.filter(
    ({ json }) => !JSON.stringify(json.tools ?? null).includes("web_search"),
  )) {
    const key = `${stream ? "outline" : "slide"} ${prompt}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}
