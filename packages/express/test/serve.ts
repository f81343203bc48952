import type { Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { LLMClient, type LLMClientOptions } from "@signalbox/core";
import { type Simulator, type startSimulator as StartSimulator, startSimulator } from "@signalbox/testing";
import express, { type Express } from "express";
import { onTestFinished } from "vitest";

export interface Served {
  origin: string;
  port: number;
  /** Every connection so far, oldest first. */
  sockets: Socket[];
  server: Server;
}

/** Listens on a real socket for the length of the test. */
export async function serve(build: (app: Express) => void): Promise<Served> {
  const app = express();
  // Else Express prints the errors that reach its last handler.
  app.set("env", "test");
  build(app);
  const sockets: Socket[] = [];
  const server = app.listen(0, "127.0.0.1");
  server.on("connection", (socket: Socket) => sockets.push(socket));
  await new Promise<void>((resolve) => server.once("listening", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, port, sockets, server };
}

/** An OpenRouter for the length of the test. */
export async function simulate(options?: Parameters<typeof StartSimulator>[0]): Promise<Simulator> {
  const simulator = await startSimulator({ seed: 1, ...options });
  onTestFinished(() => simulator.close());
  return simulator;
}

/** A client of the simulator that tries once and reads nothing from the environment. */
export function clientOf(simulator: Simulator, options: LLMClientOptions = {}): LLMClient {
  const client = new LLMClient({
    apiKey: "sk-or-test-key",
    baseURL: simulator.baseURL,
    model: "openai/gpt-4o-mini",
    retry: false,
    env: false,
    ...options,
  });
  onTestFinished(() => client.close());
  return client;
}

export function postJson(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}
