import { join } from "node:path";
import type { LLMClientOptions } from "@signalbox/core";
import type { Simulator, SimulatorOptions } from "@signalbox/testing";
import { startSimulator } from "@signalbox/testing";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished } from "vitest";
import { simulatorClient } from "../../src/answerer.js";
import { serve } from "../../src/server/serve.js";
import { createStudio, type Studio } from "../../src/studio.js";
import { scratchFolders } from "../studios.js";
import { hasChromium, launchChromium } from "./chromium.js";
import { HeldAnswers } from "./held-answers.js";
import { watchMishaps } from "./mishaps.js";
import { builtPage } from "./page-build.js";
import { type User, userOf } from "./user.js";

export interface Opening extends BrowserContextOptions {
  /** The language of the page. @default "zh" */
  speech?: "zh" | "en" | undefined;
  simulator?: SimulatorOptions | undefined;
  timeouts?: LLMClientOptions["timeouts"];
  /** An empty page: nothing is waited for. */
  bare?: boolean | undefined;
  /** Complaints of the browser that belong to the journey. */
  expected?: RegExp | undefined;
}

/** A page that is open on a studio of its own. */
export interface Opened {
  page: Page;
  user: User;
  simulator: Simulator;
  studio: Studio;
  url: string;
  hold: HeldAnswers["hold"];
}

export interface Journeys {
  browser(): Browser;
  folder(): string;
  /** Opens a studio with a simulator of its own, and its page. */
  open(opening?: Opening): Promise<Opened>;
  /** Opens another page on an address. */
  visit(url: string, opening?: Opening): Promise<{ page: Page; user: User }>;
}

export const PATIENCE_MS = 20_000;

/** Journeys through the page in one browser. Whatever the page complains of fails the test. */
export function journeys(name: string, tell: (journeys: Journeys) => void): void {
  describe.skipIf(!hasChromium)(name, { timeout: 2 * PATIENCE_MS }, () => {
    let browser: Browser;
    let folder: string;
    const mishaps: string[] = [];
    beforeAll(async () => {
      [browser, folder] = await Promise.all([launchChromium(), builtPage()]);
    }, 2 * PATIENCE_MS);
    afterAll(() => browser?.close());
    afterEach(() => expect(mishaps.splice(0)).toEqual([]));

    const visit: Journeys["visit"] = async (url, opening = {}) => {
      const { speech = "zh", simulator: _, timeouts: __, bare, expected, ...more } = opening;
      const locale = speech === "zh" ? "zh-CN" : "en-US";
      const context = await browser.newContext({ locale, viewport: { width: 1280, height: 900 }, ...more });
      onTestFinished(async ({ task }) => {
        if (task.result?.state === "fail") await picture(context, task.name);
        await context.close();
      });
      context.setDefaultTimeout(PATIENCE_MS);
      watchMishaps(context, mishaps, expected);
      const page = await context.newPage();
      await page.goto(url);
      const user = userOf(page, speech);
      if (!bare) await user.isReady();
      return { page, user };
    };
    const open: Journeys["open"] = async (opening = {}) => {
      const held = new HeldAnswers();
      const simulator = await startSimulator({ seed: "test", script: held.script, ...opening.simulator });
      onTestFinished(() => simulator.close());
      const llm = simulatorClient(simulator, { timeouts: opening.timeouts });
      const studio = createStudio(llm, await scratchFolders());
      const served = await serve(studio, { answers: "simulator", llm, simulator }, 0, folder);
      onTestFinished(async () => {
        await served.close();
        await studio.close();
        await llm.close();
      });
      const visited = await visit(served.url, opening);
      return { ...visited, simulator, studio, url: served.url, hold: (when) => held.hold(when) };
    };
    tell({ browser: () => browser, folder: () => folder, open, visit });
  });
}

/** What was to be seen where a test failed, in the folder that `PAGE_PICTURES` names. */
async function picture(context: BrowserContext, name: string): Promise<void> {
  const folder = process.env.PAGE_PICTURES;
  const [page] = context.pages();
  if (folder === undefined || page === undefined) return;
  await page.screenshot({ path: join(folder, `${name.slice(0, 40).replace(/\W+/g, "-")}.png`), fullPage: true });
}
