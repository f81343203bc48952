import { existsSync } from "node:fs";
import { startSimulator } from "@signalbox/testing";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { startExample } from "./start-example.js";

const CHROMIUM = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
/** Where everything has to be there, a missing browser is a failure and no skip. */
const canRun = existsSync(CHROMIUM) || Boolean(process.env.CI);
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];
const PATIENCE = 30_000;
const KEY = "sk-or-v1-never-in-a-page";

describe.skipIf(!canRun)("the chat in a browser", { timeout: 60_000 }, () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  }, PATIENCE);
  afterAll(() => browser?.close());

  async function open() {
    const simulator = await startSimulator({ keys: [KEY], tokensPerSecond: 2_000 });
    onTestFinished(() => simulator.close());
    const { origin } = await startExample({ OPENROUTER_API_KEY: KEY, OPENROUTER_BASE_URL: simulator.baseURL });
    const context = await browser.newContext();
    onTestFinished(() => context.close());
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE);
    const mishaps: string[] = [];
    const received: Promise<string>[] = [];
    page.on("pageerror", (error) => mishaps.push(error.message));
    page.on("request", (request) => {
      if (!request.url().startsWith(origin) && !request.url().startsWith("data:")) mishaps.push(request.url());
    });
    page.on("response", (response) => {
      const headers = JSON.stringify(response.headers());
      received.push(
        response.text().then(
          (text) => headers + text,
          () => headers,
        ),
      );
    });
    await page.goto(origin);
    const logIn = async (password: string) => {
      await page.getByLabel("Name").fill("tom");
      await page.getByLabel("Password").fill(password);
      await page.getByRole("button", { name: "Log in" }).click();
    };
    const ask = async (prompt: string) => {
      await page.getByLabel("Your message").fill(prompt);
      await page.getByRole("button", { name: "Send" }).click();
      await page.locator("#send:enabled").waitFor();
    };
    const spent = async () =>
      Number(/^\$([\d.]+) of \$0\.000600$/.exec((await page.locator("#spent").textContent()) ?? "")?.[1]);
    const billed = () => simulator.requests.reduce((sum, { cost }) => sum + (cost ?? 0), 0);
    return { page, simulator, mishaps, received, logIn, ask, spent, billed };
  }

  test("log in, ask until the money is gone, read why", async () => {
    const { page, simulator, mishaps, received, logIn, ask, spent, billed } = await open();
    await logIn("wrong");
    await page.getByText("Name and password do not fit.").waitFor();
    await logIn("battery staple");
    await page.getByText("$0.000000 of $0.000600").waitFor();
    expect(await page.locator("#refusal").textContent()).toBe("");
    expect(await page.locator("#answers").textContent()).toBe("OpenRouter");

    await ask("How do canals work?");
    const [answer = ""] = await page.locator("#messages .assistant").allTextContents();
    expect(answer.length).toBeGreaterThan(20);
    expect(await spent()).toBeGreaterThan(0);
    expect(await spent()).toBeCloseTo(billed(), 5);

    const refusal = page.locator("#refusal");
    for (let more = 0; more < 10 && (await refusal.textContent()) === ""; more++) await ask("And locks?");
    expect(await refusal.getAttribute("data-code")).toBe("budget_exceeded");
    expect(await refusal.textContent()).toContain("total budget of 0.0006 USD");
    // The second question came with the first one and its answer.
    expect(simulator.requests[1]?.json.messages).toMatchObject([
      { role: "system" },
      { role: "user", content: "How do canals work?" },
      { role: "assistant", content: answer },
      { role: "user", content: "And locks?" },
    ]);
    expect(simulator.requests.map(({ status }) => status)).toEqual(simulator.requests.map(() => 200));
    expect(await spent()).toBeCloseTo(billed(), 5);

    expect(await page.evaluate("document.cookie")).toBe("");
    expect((await Promise.all(received)).join("")).not.toContain(KEY);
    expect(mishaps).toEqual([]);
  });

  test("stop an answer, log out, and nothing of it is left", async () => {
    const { page, simulator, mishaps, logIn } = await open();
    simulator.fault("slow", { everyMs: 30 });
    await logIn("battery staple");
    await page.getByLabel("Your message").fill("How do canals work?");
    await page.keyboard.press("Enter");
    await page.locator("#messages .assistant:not(:empty)").waitFor();
    await page.getByRole("button", { name: "Stop" }).click();
    expect((await simulator.waitFor(({ state }) => state === "closed-by-client")).stream).toBe(true);
    expect(await page.locator("#refusal").textContent()).toBe("");

    await page.getByRole("button", { name: "Log out" }).click();
    await page.getByLabel("Password").waitFor();
    expect(await page.locator("#messages li").count()).toBe(0);
    expect(mishaps).toEqual([]);
  });
});
