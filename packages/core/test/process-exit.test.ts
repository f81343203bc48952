import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";

const built = fileURLToPath(new URL("../dist/index.js", import.meta.url));
const run = promisify(execFile);

/** Runs a script against the built package in a process of its own; a script that does not end is killed and fails. */
async function script(body: string, ...args: string[]): Promise<string> {
  const source = `import { LLMClient } from ${JSON.stringify(built)};\n${body}`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", source, ...args], {
    timeout: 20_000,
  });
  return stdout.trim();
}

// The package has to be built: a process of its own cannot read the sources.
describe.skipIf(!existsSync(built))("a script that never calls close()", () => {
  test("exits by itself, with a kept-alive socket, listeners, limits and a budget", async () => {
    const completion = {
      id: "gen-1",
      choices: [{ index: 0, message: { role: "assistant", content: "hello" }, finish_reason: "stop" }],
    };
    const server = createServer((request, response) => {
      request.resume();
      request.on("end", () =>
        response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(completion)),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
    try {
      const out = await script(
        `const llm = new LLMClient({ apiKey: "test-key", baseURL: process.argv.at(-1), env: false, model: "openai/gpt-4o-mini",
           budget: { usd: 1, per: "day" }, limits: { requestsPerMinute: 10 }, models: { refreshMs: 60_000 } });
         llm.on("usage", () => {});
         const stream = llm.stream({ prompt: "hi" });
         console.log((await llm.generate({ prompt: "hi" })).text, (await stream.result).text);`,
        baseURL,
      );
      expect(out).toBe("hello hello");
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  test("exits while nothing but the look-up of a cost is under way", async () => {
    const completion = (id: string) => ({
      id,
      choices: [{ index: 0, message: { role: "assistant", content: "hello" }, finish_reason: "stop" }],
    });
    const looked = Promise.withResolvers<void>();
    let calls = 0;
    const server = createServer(async (request, response) => {
      request.resume();
      // The look-up is never answered; the second call is, once the first one's look-up has begun.
      if (request.method === "GET") return looked.resolve();
      calls += 1;
      const id = `gen-${calls}`;
      if (calls === 2) await looked.promise;
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(completion(id)));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
    try {
      const out = await script(
        `const told = (message) => message !== "a request ended" && console.log(message);
         const logger = { debug: told };
         const llm = new LLMClient({ apiKey: "test-key", baseURL: process.argv.at(-1), env: false, model: "openai/gpt-4o-mini", logger });
         await llm.generate({ prompt: "first" });
         await llm.generate({ prompt: "second" });
         console.log("end of the script");`,
        baseURL,
      );
      expect(out).toBe("end of the script");
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  test("stays alive while a call waits for its retry or for a place", async () => {
    const out = await script(
      `const refuse = Object.assign(new Error("busy"), {});
       let count = 0;
       const provider = { name: "mine", defaultModel: "m", chat: async () => {
         count += 1;
         if (count === 1) throw await failure();
         return { body: { choices: [{ message: { content: "done" }, finish_reason: "stop" }] } };
       }, chatStream: async () => { throw refuse; } };
       const failure = async () => {
         const bad = new LLMClient({ provider: "custom", baseURL: "http://127.0.0.1:9/v1", model: "m", env: false, retry: false });
         return bad.generate({ prompt: "x" }).catch((error) => error);
       };
       const llm = new LLMClient({ provider, env: false, retry: { baseDelayMs: 50 }, limits: { requestsPerMinute: 600, maxConcurrency: 1 } });
       const both = await Promise.all([llm.generate({ prompt: "a" }), llm.generate({ prompt: "b" })]);
       console.log(both.map((result) => result.text).join(" "), count);`,
    );
    expect(out).toBe("done done 3");
  });
});
