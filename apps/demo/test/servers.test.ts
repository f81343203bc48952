import type { PublicErrorBody, StepEvent } from "@signalbox/core";
import { describe, expect, onTestFinished, test } from "vitest";
import { postForSteps } from "../src/check/step-events.js";
import type { StudioInfo } from "../src/express-server.js";
import { noticeOf } from "../src/model-notice.js";
import { serve } from "../src/serve.js";
import { eventOf, inputFor, makeDeck, openStudio } from "./studios.js";

type Info = StudioInfo & { estimates: NonNullable<StudioInfo["estimates"]>; templates: { id: string }[] };

const input = inputFor("城市更新中的老街区");

async function openPage() {
  const { studio, simulator } = await openStudio();
  const served = await serve(studio, { answers: "simulator", llm: studio.llm }, 0);
  onTestFinished(() => served.close());
  const info = (await (await fetch(`${served.url}/api/info`)).json()) as Info;
  return { studio, simulator, served, info, nest: `http://localhost:${info.nestPort}/nest/steps` };
}

describe("the page's server", () => {
  test("says who answers, with which model, and what a deck may cost", async () => {
    const { info, served, studio } = await openPage();
    expect(info).toMatchObject({
      answers: "simulator",
      model: "anthropic/claude-3-haiku:beta",
      notation: "anthropic/claude-3-haiku:beta → anthropic/claude-3-haiku via anthropic",
      defaultTopic: "人工智能技术发展趋势",
    });
    expect(info.templates.map(({ id }) => id)).toEqual(["paper", "night", "field", "plum"]);
    expect(served.notice).toContain("the simulator on this machine: no OPENROUTER_API_KEY is set");
    expect(served.notice).toContain(served.url);
    const { estimates } = noticeOf(studio.llm);
    expect(info.estimates[12]?.plain).toBeGreaterThan(info.estimates[3]?.plain ?? 1);
    expect(estimates?.[8]).toEqual(info.estimates[8]);
  });

  test("with OpenRouter names the model and the price before the first call", async () => {
    const { studio, simulator } = await openStudio();
    const served = await serve(studio, { answers: "openrouter", llm: studio.llm }, 0);
    onTestFinished(() => served.close());
    expect(served.notice).toMatch(
      /OpenRouter\. A deck of 8 slides costs about \$0\.0\d+ plus \$0\.0\d+ for the search/,
    );
    expect(served.notice).toContain("anthropic/claude-3-haiku via anthropic");
    expect(simulator.requests).toEqual([]);
  });

  test("gives the page, its parts and the style sheets of templates", async () => {
    const { served } = await openPage();
    const page = await (await fetch(served.url)).text();
    expect(page).toContain("<title>Deck Studio</title>");
    expect((await fetch(served.url)).headers.get("content-security-policy")).toContain("default-src 'self'");
    const parts = [...page.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, part]) => part);
    expect(parts).toContain("studio.js");
    for (const part of ["studio.js", "studio.css", "signal.svg", "api/templates/night.css"]) {
      expect((await fetch(`${served.url}/${part}`)).status).toBe(200);
    }
    expect((await fetch(`${served.url}/api/templates/none.css`)).status).toBe(404);
  });

  test("takes the next port where one is taken", async () => {
    const { served, studio } = await openPage();
    const port = Number(new URL(served.url).port);
    const other = await serve(studio, { answers: "simulator", llm: studio.llm }, port);
    onTestFinished(() => other.close());
    expect(Number(new URL(other.url).port)).toBeGreaterThan(port);
  });

  test("gives finished decks, and no other file", async () => {
    const { served, studio } = await openPage();
    const events = await makeDeck(studio, input);
    const { files } = eventOf(events, "export", "completed").data as {
      files: { format: string; url: string; bytes: number }[];
    };
    expect(files.map(({ format }) => format)).toEqual(["html", "markdown", "json"]);
    for (const { url, bytes } of files) {
      const answer = await fetch(`${served.url}${url}?download`);
      expect(answer.headers.get("content-disposition")).toMatch(/^attachment; filename="?deck\./);
      expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
      expect((await answer.arrayBuffer()).byteLength).toBe(bytes);
    }
    const runId = events[0]?.runId;
    for (const path of [
      `/decks/${runId}/..%2f..%2fpackage.json`,
      `/decks/..%2f${runId}/deck.html`,
      `/decks/${runId}/deck.exe`,
    ]) {
      expect((await fetch(`${served.url}${path}`)).status).toBe(404);
    }
  });
});

describe.each(["express", "nest"] as const)("the steps over %s", (name) => {
  const start = async () => {
    const page = await openPage();
    return { ...page, url: name === "nest" ? page.nest : `${page.served.url}/express/steps` };
  };

  test("refuse an input that makes no deck, naming what is wrong", async () => {
    const { url, simulator } = await start();
    const wrong = { topic: "x", slides: 40, model: "openai/gpt-4o", language: "fr" };
    const answer = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(wrong),
    });
    expect(answer.status).toBe(400);
    const { error } = (await answer.json()) as PublicErrorBody;
    expect(error.code).toBe("invalid_request");
    for (const field of ["topic", "slides", "language", "model"]) expect(error.message).toContain(field);
    expect(simulator.requests).toEqual([]);
  });

  test("refuse a run that does not exist", async () => {
    const { url } = await start();
    const answer = await fetch(`${url}/${"0".repeat(32)}/resume`, { method: "POST" });
    expect(answer.status).toBe(404);
    expect(((await answer.json()) as PublicErrorBody).error.code).toBe("not_found");
  });

  test("refuse other sites, and let pages of this machine in", async () => {
    const { url, simulator } = await start();
    const foreign = await fetch(url, { method: "POST", headers: { "Sec-Fetch-Site": "cross-site" }, body: "{}" });
    expect(foreign.status).toBe(403);
    expect(simulator.requests).toEqual([]);
    if (name === "express") return;
    const asked = (origin: string) =>
      fetch(url, { method: "OPTIONS", headers: { Origin: origin, "Access-Control-Request-Method": "POST" } });
    expect((await asked("http://localhost:3000")).headers.get("access-control-allow-origin")).toBe(
      "http://localhost:3000",
    );
    expect((await asked("https://example.com")).headers.get("access-control-allow-origin")).toBeNull();
  });

  test("tell a failure in upstream's words, and a resumed run goes on over the other transport", async () => {
    const { url, simulator, served, nest } = await start();
    simulator.fault("402", { when: ({ prompt }) => prompt.includes("2/5") });
    const events: StepEvent[] = await Array.fromAsync(postForSteps(url, input));
    const last = events.at(-1);
    expect(last).toMatchObject({ step: "content", status: "error", final: true });
    expect(last?.data).toMatchObject({ message: expect.stringContaining("insufficient balance") });
    const other = name === "nest" ? `${served.url}/express/steps` : nest;
    const resumed = await Array.fromAsync(postForSteps(`${other}/${last?.runId}/resume`, {}));
    expect(resumed.at(-1)).toMatchObject({ step: "export", status: "completed", progress: 100 });
    expect(simulator.requests.filter(({ stream }) => stream)).toHaveLength(1);
  });
});
