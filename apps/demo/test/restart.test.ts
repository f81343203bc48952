import type { PublicErrorBody, StepEvent, StepFailure } from "@signalbox/core";
import { type Simulator, startSimulator } from "@signalbox/testing";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { DeckFolders } from "../src/deck/deck-folders.js";
import type { Outline } from "../src/deck/outline.js";
import type { RunView } from "../src/runs/run-list.js";
import { isOutline, isSlide } from "../src/server/deck-requests.js";
import { openServers } from "./open-servers.js";
import { type SourceProcess, sourceProgram } from "./source-process.js";
import { json, openSteps, readUntil } from "./step-streams.js";
import { inputFor, scratchFolders, toldOf } from "./studios.js";

const input = inputFor("城市更新中的老街区");
const isReview = ({ data }: StepEvent) => (data as { kind?: string } | null)?.kind === "review";
const isSecondSlide = ({ data }: StepEvent) => {
  const { kind, index } = (data ?? {}) as { kind?: string; index?: number };
  return kind === "slide" && index === 1;
};

interface Running {
  process: SourceProcess;
  simulator: Simulator;
  folders: DeckFolders;
  url: string;
  nest: string;
}

// Processes take their time on a machine that has other things to do.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });
const startStudio = sourceProgram("studio-process.ts");

/** A studio in a process of its own; the simulator that it asks is here. */
async function openProcess(): Promise<Running> {
  const simulator = await startSimulator({ seed: "test" });
  onTestFinished(() => simulator.close());
  const folders = await scratchFolders();
  const process = startStudio(folders.root, simulator.baseURL);
  const url = await said(process, /page +(http:\S+)/);
  const nest = `http://localhost:${await said(process, /NestJS on (\d+)/)}`;
  return { process, simulator, folders, url, nest };
}

/** What a process says, once it says so. */
async function said(process: SourceProcess, pattern: RegExp): Promise<string> {
  for (;;) {
    const [, found] = pattern.exec(await process.line()) ?? [];
    if (found !== undefined) return found;
  }
}

async function runsOf(url: string): Promise<RunView[]> {
  return (await (await fetch(`${url}/api/runs`)).json()) as RunView[];
}

describe("a server that is killed", () => {
  test("in the middle of slides: the next one lists the run as interrupted and pays for nothing twice", async () => {
    const { process, simulator, folders, nest, url } = await openProcess();
    simulator.fault("stall-before-headers", { when: isSlide(3) });
    const { events } = await openSteps(`${nest}/nest/steps`, json(input));
    const seen = await readUntil(events, isSecondSlide);
    const runId = seen[0]?.runId ?? "";
    const before = await runsOf(url);
    expect(before.map(({ id, state }) => [id, state])).toEqual([[runId, "running"]]);
    const spent = before[0]?.usd ?? 0;
    await process.end("SIGKILL");
    await expect(Array.fromAsync(events)).rejects.toThrow();

    const { steps, api, served } = await openServers({ simulator, folders });
    const [run] = await runsOf(served.url);
    expect(run).toMatchObject({ id: runId, state: "interrupted", slides: 5, input });
    expect(run?.title).not.toBe("");
    const told = toldOf(seen, "slide");
    const seenUsd = [...told, ...seen.map(({ cost }) => ({ usd: cost?.totalUsd ?? 0 }))].reduce(
      (sum, { usd }) => sum + usd,
      0,
    );
    const billed = simulator.requests.reduce((sum, { cost }) => sum + (cost ?? 0), 0);
    expect(told).toHaveLength(2);
    expect(run?.usd).toBeGreaterThanOrEqual(Math.max(seenUsd, spent) - 1e-12);
    expect(run?.usd).toBeLessThanOrEqual(billed + 1e-12);
    const replayed = await openSteps(`${steps("express")}/${runId}`, { headers: { "Last-Event-ID": "0" } });
    expect((await readUntil(replayed.events, isSecondSlide)).slice(0, seen.length)).toEqual(seen);
    replayed.leave();
    const resumed = await openSteps(`${steps("core")}/${runId}/resume`, { method: "POST" });
    const rest = await Array.fromAsync(resumed.events);
    expect(rest.at(-1)).toMatchObject({ step: "export", status: "completed", progress: 100, final: true });
    expect(rest[0]?.seq).toBeGreaterThan(seen.at(-1)?.seq ?? 0);
    expect(toldOf(rest, "slide").map(({ index }) => index)).toEqual([0, 1, 2, 3, 4]);
    const asks = (what: (entry: Simulator["requests"][number]) => boolean) => simulator.requests.filter(what).length;
    const searches = asks((entry) => JSON.stringify(entry.body).includes("web_search"));
    expect([asks(isOutline), searches, asks(isSlide(1)), asks(isSlide(2)), asks(isSlide(3))]).toEqual([1, 1, 1, 1, 2]);
    const done = (await (await fetch(`${api}/runs/${runId}`)).json()) as RunView;
    expect(done.state).toBe("done");
    expect(done.usd).toBeGreaterThan(run?.usd ?? 0);
  });

  test("while an outline waits: the next one lets it be approved, and asks for nothing again", async () => {
    const { process, simulator, folders, url } = await openProcess();
    const { events } = await openSteps(`${url}/express/steps`, json({ ...input, search: false, review: true }));
    const { runId, data } = (await readUntil(events, isReview)).at(-1) as StepEvent;
    const { title, slides } = (data as { outline: Outline }).outline;
    const approval = { title, slides: slides.map((slide) => ({ title: slide.title, type: slide.type, points: [] })) };
    expect((await runsOf(url))[0]?.state).toBe("review");
    await process.end("SIGKILL");

    const { steps, api, served } = await openServers({ simulator, folders });
    const approve = () => fetch(`${api}/runs/${runId}/outline`, json(approval, "PUT"));
    expect((await runsOf(served.url))[0]?.state).toBe("interrupted");
    expect((await approve()).status).toBe(409);
    const resumed = await openSteps(`${steps("nest")}/${runId}/resume`, { method: "POST" });
    await readUntil(resumed.events, isReview);
    expect((await runsOf(served.url))[0]?.state).toBe("review");
    expect(simulator.requests).toHaveLength(1);
    expect((await approve()).status).toBe(204);
    expect((await Array.fromAsync(resumed.events)).at(-1)).toMatchObject({ step: "export", final: true });
    expect(simulator.requests).toHaveLength(1 + input.slides);
  });
});

test("a server that is ended stops its runs, tells whoever follows them, and can be started again", async () => {
  const { process, simulator, folders, url } = await openProcess();
  simulator.fault("stall-before-headers", { when: isSlide(3) });
  const { runId } = (await (await fetch(`${url}/express/steps?follow=0`, json(input))).json()) as { runId: string };
  const { events } = await openSteps(`${url}/core/steps/${runId}`);
  await readUntil(events, isSecondSlide);
  const ended = process.end("SIGTERM");
  const last = (await Array.fromAsync(events)).at(-1) as StepEvent;
  expect(last).toMatchObject({ status: "error", final: true });
  expect((last.data as StepFailure).message).toBe("Deck Studio 已退出；重新启动后可以继续运行");
  expect(await said(process, /ended with (\d+)/)).toBe("0");
  await ended;
  await simulator.waitFor((entry) => isSlide(3)(entry) && entry.state === "closed-by-client");

  const { steps, served } = await openServers({ simulator, folders });
  expect((await runsOf(served.url))[0]).toMatchObject({ id: runId, state: "stopped" });
  const resumed = await openSteps(`${steps("nest")}/${runId}/resume`, { method: "POST" });
  expect((await Array.fromAsync(resumed.events)).at(-1)).toMatchObject({ step: "export", final: true });
});

test("two servers on one folder see each other's runs, and each leaves the other's alone", async () => {
  const { process, simulator, folders, url } = await openProcess();
  simulator.fault("stall-before-headers", { when: isSlide(3) });
  const { steps, served, api } = await openServers({ simulator, folders });
  const theirs = await openSteps(`${url}/express/steps`, json(input));
  const [first] = await readUntil(theirs.events, () => true);
  const runId = first?.runId ?? "";
  const ours = await openSteps(`${steps("nest")}/${runId}`);
  const [seen, heard] = await Promise.all([
    readUntil(theirs.events, isSecondSlide),
    readUntil(ours.events, isSecondSlide),
  ]);
  expect(heard).toEqual([first, ...seen]);
  expect((await runsOf(served.url)).map(({ id, state }) => [id, state])).toEqual([[runId, "running"]]);
  for (const [method, path] of [
    ["DELETE", `${steps("express")}/${runId}`],
    ["DELETE", `${steps("core")}/${runId}`],
    ["DELETE", `${steps("nest")}/${runId}`],
    ["POST", `${steps("core")}/${runId}/resume`],
    ["DELETE", `${api}/runs/${runId}`],
  ]) {
    const answer = await fetch(path ?? "", { method: method ?? "" });
    expect([answer.status, ((await answer.json()) as PublicErrorBody).error.code]).toEqual([409, "invalid_request"]);
  }
  await process.end("SIGKILL");
  expect((await runsOf(served.url))[0]?.state).toBe("interrupted");
  const resumed = await openSteps(`${steps("express")}/${runId}/resume`, { method: "POST" });
  const rest = await Array.fromAsync(resumed.events);
  expect(rest.at(-1)).toMatchObject({ step: "export", final: true });
  // Whoever followed the run of the process that died is told so, and may have heard how it went on.
  const followed = await Array.fromAsync(ours.events);
  expect(followed).toContainEqual(
    expect.objectContaining({ final: true, data: expect.objectContaining({ code: "interrupted" }) }),
  );
  expect(followed.at(-1)?.final).toBe(true);
});
