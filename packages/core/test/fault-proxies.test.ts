import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createTlsServer } from "node:https";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { LLMClient } from "../src/index.js";
import { bodyOf, httpLoopback, listen, rawLoopback } from "./loopback.js";
import { rejection } from "./rejection.js";
import { type SelfSigned, selfSigned, trust } from "./self-signed.js";
import { completion } from "./upstream.js";

const BASIC = `Basic ${Buffer.from("ann:p@ss").toString("base64")}`;
const withCredentials = (port: number) => `http://ann:p%40ss@127.0.0.1:${port}`;

/** An upstream that speaks TLS and answers everything with the same completion. */
async function secureUpstream({ cert, key }: SelfSigned) {
  const keys: (string | undefined)[] = [];
  const server = await listen(
    createTlsServer({ cert, key }, async (request, response) => {
      keys.push(request.headers.authorization);
      await bodyOf(request);
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(completion));
    }),
  );
  return { port: server.port, keys };
}

/** A proxy that lets everybody with the right credentials through to one port of this machine. */
async function tunnelling(port: number) {
  const heads: string[] = [];
  const proxy = await rawLoopback((socket) => {
    socket.once("data", (data) => {
      const head = data.toString("latin1");
      heads.push(head);
      if (!head.toLowerCase().includes(`proxy-authorization: ${BASIC.toLowerCase()}`)) {
        socket.end("HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n");
        return;
      }
      const onward = connect(port, "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
        socket.pipe(onward).pipe(socket);
      });
      onward.on("error", () => socket.destroy());
    });
  });
  return { ...proxy, heads };
}

function client(baseURL: string, env: Record<string, string>): LLMClient {
  const llm = new LLMClient({ apiKey: "k-canary", baseURL, env, retry: false });
  onTestFinished(() => llm.close());
  return llm;
}

describe("F38 a proxy between us and upstream", () => {
  test("is asked for a tunnel with its credentials, and never sees the key", async () => {
    const certificate = selfSigned({ name: "upstream.example" });
    trust(certificate);
    const { port, keys } = await secureUpstream(certificate);
    const proxy = await tunnelling(port);
    const llm = client("https://upstream.example/api/v1", { HTTPS_PROXY: withCredentials(proxy.port) });
    expect((await llm.generate({ prompt: "x" })).text).toBe("hi");
    expect(proxy.heads[0]).toMatch(/^CONNECT upstream\.example:443 HTTP\/1\.1\r\n/);
    expect([proxy.heads.join("").includes("canary"), keys]).toEqual([false, ["Bearer k-canary"]]);
  });

  test("that refuses the credentials is told as a refusing proxy, and its password is not", async () => {
    const proxy = await tunnelling(9);
    const env = { HTTPS_PROXY: `http://ann:wrong-canary@127.0.0.1:${proxy.port}` };
    const error = await rejection(client("https://upstream.example/api/v1", env).generate({ prompt: "x" }));
    expect([error.code, error.retryable]).toEqual(["invalid_response", false]);
    expect(error.detail).toContain("proxy");
    expect(`${error.stack}${String(error.cause)}${JSON.stringify(error)}`).not.toContain("canary");
  });

  test("that answers plain HTTP with 407 and a page is told in few words", async () => {
    const page = "<html><head><title>Cache Access Denied</title></head><body><p>Sorry</p></body></html>";
    const proxy = await httpLoopback((_request, response) => response.writeHead(407).end(page));
    const llm = client("http://upstream.example/api/v1", { HTTP_PROXY: withCredentials(proxy.port) });
    const error = await rejection(llm.generate({ prompt: "x" }));
    expect([error.code, error.retryable, error.detail]).toEqual([
      "invalid_response",
      false,
      "the proxy refused the request (status 407): Cache Access Denied",
    ]);
  });

  test("stands before plain HTTP, too, with the whole address and its credentials", async () => {
    const seen: unknown[] = [];
    const proxy = await httpLoopback(async (request, response) => {
      seen.push([request.method, request.url, request.headers["proxy-authorization"], request.headers.host]);
      await bodyOf(request);
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(completion));
    });
    const llm = client("http://upstream.example/api/v1", { HTTP_PROXY: withCredentials(proxy.port) });
    expect((await llm.generate({ prompt: "x" })).text).toBe("hi");
    const address = "http://upstream.example/api/v1/chat/completions";
    expect(seen).toEqual([["POST", address, BASIC, "upstream.example"]]);
  });
});

const built = fileURLToPath(new URL("../dist/index.js", import.meta.url));

// The package has to be built: a process of its own cannot read the sources.
describe.skipIf(!existsSync(built))("a process with NODE_EXTRA_CA_CERTS", () => {
  async function ask(port: number, env: Record<string, string>): Promise<string> {
    const source = `import { LLMClient } from ${JSON.stringify(built)};
      const llm = new LLMClient({ retry: false });
      console.log(await llm.generate({ prompt: "x" }).then(({ text }) => text, ({ code, cause }) => code + " " + cause.code));`;
    const folder = mkdtempSync(join(tmpdir(), "private-ca-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const own = { OPENROUTER_API_KEY: "k-canary", OPENROUTER_BASE_URL: `https://127.0.0.1:${port}/v1`, ...env };
    const running = promisify(execFile)(process.execPath, ["--input-type=module", "--eval", source], {
      cwd: folder,
      env: own,
      timeout: 20_000,
    });
    return (await running).stdout.trim();
  }

  test("F36 trusts the private authority, directly and through a proxy; without it, it does not", async () => {
    const certificate = selfSigned({ name: "127.0.0.1" });
    const folder = mkdtempSync(join(tmpdir(), "private-ca-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "ca.pem");
    writeFileSync(file, certificate.cert);
    const { port } = await secureUpstream(certificate);
    const proxy = await tunnelling(port);
    const [trusted, strange, tunnelled] = await Promise.all([
      ask(port, { NODE_EXTRA_CA_CERTS: file }),
      ask(port, {}),
      ask(port, { NODE_EXTRA_CA_CERTS: file, HTTPS_PROXY: withCredentials(proxy.port) }),
    ]);
    expect([trusted, strange, tunnelled]).toEqual(["hi", "connection DEPTH_ZERO_SELF_SIGNED_CERT", "hi"]);
    expect(proxy.heads).toHaveLength(1);
  });
});
