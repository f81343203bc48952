import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { serve } from "../src/serve.js";
import { openStudio } from "./studios.js";

const CHROMIUM = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
/** Where everything has to be there, a missing browser is a failure and no skip. */
const canRun = existsSync(CHROMIUM) || Boolean(process.env.CI);
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const PATIENCE = 30_000;

describe.skipIf(!canRun)("the page in a browser", { timeout: 60_000 }, () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  }, PATIENCE);
  afterAll(() => browser?.close());

  async function open(options: { locale?: string; width?: number } = {}) {
    const { studio, simulator } = await openStudio({ tokensPerSecond: 900 });
    const served = await serve(studio, { answers: "simulator", llm: studio.llm }, 0);
    const context = await browser.newContext({
      locale: options.locale ?? "zh-CN",
      viewport: { width: options.width ?? 1280, height: 900 },
    });
    onTestFinished(async () => {
      await context.close();
      await served.close();
    });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE);
    const mishaps: string[] = [];
    page.on("pageerror", (error) => mishaps.push(error.message));
    page.on("console", (message) => message.type() === "error" && mishaps.push(message.text()));
    page.on("request", (request) => {
      const { protocol, hostname } = new URL(request.url());
      if (protocol.startsWith("http") && hostname !== "localhost") mishaps.push(`asked ${request.url()}`);
    });
    await page.goto(served.url);
    await page.locator(".swatch").first().waitFor();
    return { page, simulator, mishaps };
  }

  test("a first run: outline, slides one after another, the bill, the files", async () => {
    const { page, simulator, mishaps } = await open();
    expect(await page.locator("#topic").inputValue()).toBe("人工智能技术发展趋势");
    expect(await page.locator("#banner").textContent()).toContain("OPENROUTER_API_KEY");
    expect(await page.locator("#estimate").textContent()).toMatch(/\$0\.0\d+/);
    await page.locator("#slides").fill("4");
    await page.locator("#go").click();
    await page.locator(".sheet li").first().waitFor();
    await page.locator("[data-phase=done]").waitFor();

    expect(await page.locator(".card.is-done").count()).toBe(4);
    expect(await page.locator(".card__foot em").allTextContents()).toEqual(Array(4).fill("✓ 通过校验"));
    expect(await page.locator("#steps li[data-state=done]").count()).toBe(6);
    const billed = simulator.requests.reduce((sum, { cost }) => sum + (cost ?? 0), 0);
    expect(await page.locator("#bill-usd").textContent()).toBe(`$${billed.toFixed(5)}`);
    const frame = page.locator("#screen iframe.is-there").last();
    await frame.waitFor();
    expect(await frame.getAttribute("sandbox")).toBe("");
    const title = await page.frameLocator("#screen iframe").last().locator("h1").textContent();
    expect(title?.length).toBeGreaterThan(4);

    const downloading = page.waitForEvent("download");
    await page.locator("[data-format=json]").click();
    const download = await downloading;
    const deck = JSON.parse(await readFile(await download.path(), "utf8"));
    expect(deck).toMatchObject({ topic: "人工智能技术发展趋势", title });
    expect(deck.slides).toHaveLength(4);
    expect(mishaps).toEqual([]);
  });

  test("the outline is on the page while it is written; stopped and resumed, the run reaches its end", async () => {
    const { page, simulator, mishaps } = await open({ locale: "en-US" });
    simulator.fault("stall", { after: 60 });
    await page.locator("#topic").fill("Coffee in Europe");
    await page.locator("[name=language][value=en]").check({ force: true });
    await page.locator("#slides").fill("3");
    await page.locator("#topic").press("Enter");
    await page.locator(".sheet li p").first().waitFor();
    expect((await page.locator(".sheet h2").textContent())?.length).toBeGreaterThan(4);
    expect(await page.locator("body").getAttribute("data-phase")).toBe("running");

    await page.locator("#cancel").click();
    await page.locator("[data-phase=stopped]").waitFor();
    expect(await page.locator("#steps li").first().getAttribute("data-state")).toBe("stopped");
    expect((await simulator.waitFor(({ state }) => state === "closed-by-client")).stream).toBe(true);
    await page.locator("#resume").click();
    await page.locator("[data-phase=done]").waitFor();
    expect(await page.locator(".card.is-done").count()).toBe(3);
    expect(mishaps).toEqual([]);
  });

  test("over NestJS; a failure shows its literal text and Resume pays for nothing twice", async () => {
    const { page, simulator, mishaps } = await open();
    simulator.fault("402", { when: ({ prompt }) => prompt.includes("3/4") });
    await page.locator("[name=transport][value=nest]").check({ force: true });
    await page.locator("#slides").fill("4");
    await page.locator("#go").click();
    const fault = page.locator("#fault");
    await fault.waitFor();
    expect(await fault.textContent()).toContain("insufficient_credits: insufficient balance");
    expect(await page.locator("#steps li[data-state=failed]").count()).toBe(1);
    const outlines = () => simulator.requests.filter(({ stream }) => stream).length;
    expect(outlines()).toBe(1);
    await fault.locator("button").click();
    await page.locator("[data-phase=done]").waitFor();
    expect(await fault.isVisible()).toBe(false);
    expect(outlines()).toBe(1);
    const billed = simulator.requests.reduce((sum, { cost }) => sum + (cost ?? 0), 0);
    expect(await page.locator("#bill-usd").textContent()).toBe(`$${billed.toFixed(5)}`);
    expect(mishaps).toEqual([]);
  });

  test("by keyboard, in both languages, and without a sideways scroll on a phone", async () => {
    const { page, mishaps } = await open({ width: 360 });
    await page.locator("[name=speech][value=en]").focus();
    await page.keyboard.press("Space");
    await page.getByRole("button", { name: "Make the deck" }).waitFor();
    expect(await page.locator("html").getAttribute("lang")).toBe("en");
    await page.locator("#slides").fill("3");
    await page.locator("#go").focus();
    await page.keyboard.press("Enter");
    await page.locator("[data-phase=done]").waitFor();
    await page.locator("#next").focus();
    await page.keyboard.press("ArrowRight");
    await page.locator(".card:nth-child(2).is-selected").waitFor();
    expect(await page.locator("#caption").textContent()).toMatch(/^2 \/ 3 · .* · ✓ valid/);
    const overflow = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
    expect(overflow).toBe(0);
    expect(await unnamed(page)).toEqual([]);
    expect(mishaps).toEqual([]);
  });
});

/** Things one can operate that a screen reader would have no name for. */
async function unnamed(page: Page): Promise<unknown> {
  return page.evaluate(`[...document.querySelectorAll("button, a[href], input, textarea, summary")]
    .filter((one) => one.checkVisibility())
    .filter((one) => !(one.getAttribute("aria-label") || one.textContent.trim() || [...(one.labels ?? [])].some((label) => label.textContent.trim())))
    .map((one) => one.outerHTML)`);
}
