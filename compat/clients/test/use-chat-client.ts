import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { RequestHandler } from "express";
import { type Browser, chromium, type Page } from "playwright-core";
import type { ChatPage, ChatState } from "./chat-page.js";
import { type Ask, Ending, type ThirdPartyClient } from "./third-party-client.js";

const CHROMIUM = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
/** Where everything has to be there, a missing browser is a failure and no skip. */
export const hasBrowser = existsSync(CHROMIUM) || Boolean(process.env.CI);
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];

let browser: Promise<Browser> | undefined;
let script: Promise<string> | undefined;

/** Serves the page that talks to the chat handler, with its script. */
export const chatPage: RequestHandler = (req, res, next) => {
  if (req.path === "/") res.send('<!doctype html><title>chat</title><body></body><script src="/chat.js"></script>');
  else if (req.path !== "/chat.js") next();
  else bundled().then((text) => res.type("text/javascript").send(text), next);
};

export async function closeBrowser(): Promise<void> {
  await (await browser)?.close();
}

function bundled(): Promise<string> {
  script ??= build({
    entryPoints: [fileURLToPath(new URL("../page/chat.tsx", import.meta.url))],
    bundle: true,
    write: false,
    platform: "browser",
    format: "iife",
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"' },
  }).then(({ outputFiles }) => outputFiles[0]?.text ?? "");
  return script;
}

/** What the page's network showed beside what `useChat` tells. */
interface Answered {
  status: number;
  retryAfter: string | undefined;
}

class FailedChat extends Error {
  readonly answered: Answered | undefined;
  constructor(error: { name: string; message: string }, answered: Answered | undefined) {
    super(error.message);
    this.name = error.name;
    this.answered = answered;
  }
}

/** Asks once and follows the page's state to its end. */
async function chat(page: Page, { prompt, signal, onText }: Ask): Promise<ChatState> {
  const end = Promise.withResolvers<ChatState>();
  let answered: Answered | undefined;
  let text = "";
  let asked = false;
  page.on("response", (response) => {
    const { status, headers } = { status: response.status(), headers: response.headers() };
    if (response.url().endsWith("/api/chat")) answered = { status, retryAfter: headers["retry-after"] };
  });
  const ready = Promise.withResolvers<void>();
  await page.exposeFunction("heard", (state: ChatState) => {
    ready.resolve();
    const whole = textOf(state);
    if (whole.length > text.length) onText?.(whole.slice(text.length));
    text = whole;
    asked ||= state.status === "submitted";
    if (!asked || state.status === "submitted" || state.status === "streaming") return;
    if (signal?.aborted) end.reject(new Ending("stop()"));
    else if (state.error === null) end.resolve(state);
    else end.reject(new FailedChat(state.error, answered));
  });
  await page.reload();
  await ready.promise;
  signal?.addEventListener("abort", () => void page.evaluate(() => (globalThis as unknown as ChatPage).stop()));
  await page.evaluate((words) => (globalThis as unknown as ChatPage).ask(words), prompt);
  return end.promise;
}

const textOf = ({ parts }: ChatState) => parts.map((part) => (part.type === "text" ? part.text : "")).join("");

export const useChat: ThirdPartyClient = {
  name: "useChat in Chromium",
  packages: ["@ai-sdk/react", "ai", "react"],
  async open({ pageURL, key }) {
    browser ??= chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
    const context = await (await browser).newContext();
    const openPage = async ({ model }: Ask) => {
      const page = await context.newPage();
      await page.goto(`${pageURL}/?${new URLSearchParams({ key, model })}`);
      return page;
    };
    return {
      text: () => Promise.reject(new Error("it only streams")),
      stream: async (ask) => textOf(await chat(await openPage(ask), ask)),
      async tools(ask) {
        const state = await chat(await openPage(ask), ask);
        const calls = state.parts
          .filter((part) => part.type === "dynamic-tool" || part.type.startsWith("tool-"))
          .map((part) => {
            const { input, toolName = part.type.slice("tool-".length) } = part as {
              input?: unknown;
              toolName?: string;
            };
            return { name: toolName, arguments: input };
          });
        return { calls, text: textOf(state) };
      },
      structured: () => Promise.reject(new Error("it has none")),
      failure(thrown) {
        if (!(thrown instanceof FailedChat)) throw thrown;
        const { name, message, answered } = thrown;
        // A stream that had begun has no status to tell.
        const { status, retryAfter } = answered?.status === 200 ? {} : (answered ?? {});
        return { kind: name, status, retryAfter, message };
      },
      close: () => context.close(),
    };
  },
  kinds: {
    "401": "AI_APICallError",
    "402": "AI_APICallError",
    "429 + Retry-After": "AI_APICallError",
    "mid-stream error": "Error",
    "cut stream": "Error",
    abort: "stop()",
    "unknown model": "AI_APICallError",
  },
  without: {
    text: "it only ever streams",
    structured: "a chat has no structured answer; the hook for those, useObject, reads plain JSON text",
  },
};
