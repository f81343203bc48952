import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { aiSdkCompatible, aiSdkOpenRouter } from "./ai-sdk-client.js";
import { ClientTable } from "./client-table.js";
import { openGateway } from "./gateway.js";
import { langchain } from "./langchain-client.js";
import { openai } from "./openai-client.js";
import { openrouterSdk } from "./openrouter-sdk-client.js";
import { tryCell } from "./scenarios.js";
import { SCENARIOS } from "./third-party-client.js";
import { chatPage, closeBrowser, hasBrowser, useChat } from "./use-chat-client.js";

const CLIENTS = [openai, aiSdkCompatible, aiSdkOpenRouter, langchain, openrouterSdk, useChat];
const table = new ClientTable(CLIENTS);

describe.each(CLIENTS.map((client) => [client.name, client] as const))("%s", { timeout: 60_000 }, (_name, client) => {
  const isAbsent = client === useChat && !hasBrowser;
  const scenarios = SCENARIOS.filter((scenario) => client.without?.[scenario] === undefined);
  if (isAbsent) for (const scenario of scenarios) table.set(client, scenario, "skipped: no Chromium here");

  test.skipIf(isAbsent).each(scenarios)("%s", async (scenario) => {
    table.set(client, scenario, "FAILED");
    const gateway = await openGateway((app) => void app.use(chatPage));
    const open = async (key: string) => {
      const opened = await client.open({ baseURL: gateway.baseURL, pageURL: gateway.origin, key });
      onTestFinished(() => opened.close?.());
      return opened;
    };
    const cell = await tryCell({ gateway, client, scenario, open });
    table.set(client, scenario, cell);
    expect(cell).not.toBe("");
  });
});

test("every cell is tried or has a reason", () => {
  expect(table.gaps()).toEqual([]);
});

afterAll(async () => {
  console.log(table.toString());
  await closeBrowser();
});
