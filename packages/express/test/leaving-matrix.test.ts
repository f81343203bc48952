import { definePipeline, type LLMClient, step } from "@signalbox/core";
import { pipeStream } from "@signalbox/core/node";
import type { ErrorRequestHandler, Express, RequestHandler, Response } from "express";
import { afterAll, describe, expect, test } from "vitest";
import {
  chatHandler,
  chatRouter,
  getLLM,
  llmErrorHandler,
  llmMiddleware,
  openAICompatible,
  stepsRouter,
} from "../src/index.js";
import { type Caller, halfClosingCaller, lazyCaller, resettingCaller } from "./callers.js";
import { compress } from "./compress.js";
import { EXPRESS } from "./express-version.js";
import { clientOf, serve, simulate } from "./serve.js";

/** A pause between the arrival of a request and the call of the model, as a look-up of the user makes one. */
interface Pause {
  reached: PromiseWithResolvers<void>;
  goOn: PromiseWithResolvers<void>;
}

interface Road {
  name: string;
  /** Mounts it at `/`; awaits `pause` before a model is asked. */
  mount(app: Express, client: LLMClient, pause: () => Promise<void>): void;
  body: object;
  /** Upstream is read no faster than the caller reads. @default true */
  keepsPace?: false;
}

const QUESTION = { model: "openai/gpt-4o-mini", messages: [{ role: "user", content: "Signals" }], stream: true };

const ROADS: readonly Road[] = [
  {
    name: "chatHandler()",
    body: { prompt: "Signals", stream: true },
    mount(app, client, pause) {
      app.use(llmMiddleware(client));
      app.post("/", chatHandler({ request: async () => pause().then(() => ({})) }));
    },
  },
  {
    name: "chatHandler() behind compression()",
    body: { prompt: "Signals", stream: true },
    mount(app, client, pause) {
      app.use(compress({ threshold: 0 }), compressible, llmMiddleware(client));
      app.post("/", chatHandler({ request: async () => pause().then(() => ({})) }));
    },
  },
  {
    name: "pipeStream() of req.llm",
    body: {},
    mount(app, client, pause) {
      app.use(llmMiddleware(client));
      app.post("/", (req, res, next) => {
        const answer = async () => {
          await pause();
          await pipeStream(getLLM(req).stream({ prompt: "Signals" }), res);
        };
        answer().catch(next);
      });
    },
  },
  {
    name: "the client itself, in a service",
    body: {},
    mount(app, client, pause) {
      const service = async (res: Response) => {
        await pause();
        for await (const text of client.stream({ prompt: "Signals" })) {
          if (!res.write(text)) await new Promise((resolve) => res.once("drain", resolve).once("close", resolve));
        }
        res.end();
      };
      app.use(llmMiddleware(client));
      app.post("/", (_req, res, next) => void service(res).catch(next));
    },
  },
  {
    name: "openAICompatible()",
    body: QUESTION,
    mount(app, client, pause) {
      app.use("/", openAICompatible({ client, authorize: async () => pause().then(() => ({ user: "ann" })) }));
    },
  },
  {
    name: "chatRouter()",
    body: { prompt: "Signals" },
    // What its caller has not read yet is in the store.
    keepsPace: false,
    mount(app, client, pause) {
      app.use(llmMiddleware(client));
      app.use("/", chatRouter({ request: async () => pause().then(() => ({})) }));
    },
  },
  {
    name: "stepsRouter()",
    body: { topic: "Signals" },
    mount(app, client, pause) {
      const pipeline = definePipeline("deck", [
        step("outline", async ({ llm, progress, signal }) => {
          let length = 0;
          for await (const text of llm.stream({ prompt: "Signals" })) {
            progress({ data: { text } });
            length += text.length;
            // A run is no faster than its steps; this one waits once it has filled every socket on the way.
            if (length > PIECE * 2500) await new Promise((resolve) => signal.addEventListener("abort", resolve));
          }
        }),
      ]);
      app.use(llmMiddleware(client));
      app.use("/", stepsRouter(pipeline, { input: async (body) => pause().then(() => body) }));
    },
  },
];

const compressible: RequestHandler = (req, res, next) => {
  req.headers["accept-encoding"] = "gzip";
  res.setHeader("Cache-Control", "no-cache");
  next();
};

const path = ({ name }: Road) => (name === "openAICompatible()" ? "/chat/completions" : "/");

/** Serves a road; tells when its handler has begun, lets it go on, and keeps what ends up in the last error handler. */
async function served(road: Road, options: { paused?: boolean } = {}) {
  const simulator = await simulate();
  const client = clientOf(simulator);
  const seen: unknown[] = [];
  const responses: Response[] = [];
  const pause: Pause = { reached: Promise.withResolvers(), goOn: Promise.withResolvers() };
  const left = Promise.withResolvers<void>();
  const { origin } = await serve((app) => {
    app.use((_req, res, next) => {
      responses.push(res);
      res.once("close", left.resolve);
      next();
    });
    road.mount(app, client, async () => {
      pause.reached.resolve();
      if (options.paused) await pause.goOn.promise;
    });
    app.use(llmErrorHandler());
    const last: ErrorRequestHandler = (error, _req, res, _next) => {
      seen.push(error);
      res.end();
    };
    app.use(last);
  });
  return { simulator, client, url: origin + path(road), seen, responses, pause, left: left.promise };
}

const PIECE = 8192;
const PIECES = 4000;

const LEAVERS = [
  ["reset", resettingCaller],
  ["half-closed", halfClosingCaller],
] as const;

/** One row for each cell, printed at the end. */
const table: string[] = [];
const cell = (road: Road, moment: string, asked: number, closed: number) =>
  table.push(`${EXPRESS} | ${road.name} | ${moment} | ${asked} asked, ${closed} closed`);

afterAll(() => console.log(["", ...table].join("\n")));

describe.each(ROADS)(`${EXPRESS}: $name`, (road) => {
  test.each(LEAVERS)("F35 who leaves (%s) before the handler returns is asked for nothing", async (how, call) => {
    const { simulator, client, url, seen, pause, responses } = await served(road, { paused: true });
    const caller = call(url, road.body);
    await pause.reached.promise;
    caller.leave();
    await expect
      .poll(() => responses[0]?.destroyed || responses[0]?.req.socket.writableEnded, { timeout: 20_000 })
      .toBe(true);
    pause.goOn.resolve();
    // A request of our own behind it: had the other one been sent, it would have come first.
    await client.generate({ prompt: "Anybody there?" });
    expect(simulator.requests.map(({ prompt }) => prompt)).toEqual(["Anybody there?"]);
    expect(seen).toEqual([]);
    cell(road, `before the handler returns, ${how}`, 0, 0);
  });

  test.each(LEAVERS)("F35 who leaves (%s) while the first token is awaited closes upstream", async (how, call) => {
    const { simulator, url, seen } = await served(road);
    simulator.fault("stall-before-headers");
    const arrival = simulator.nextRequest();
    const caller = call(url, road.body);
    const request = await arrival;
    caller.leave();
    expect(await request.closed).toMatchObject({ state: "closed-by-client", events: 0 });
    expect(simulator.requests).toHaveLength(1);
    expect(seen).toEqual([]);
    cell(road, `while the first token is awaited, ${how}`, 1, 1);
  });

  test.each(LEAVERS)("F35 who leaves (%s) mid-stream closes upstream", async (how, call) => {
    const { simulator, url, seen } = await served(road);
    simulator.fault("stall", { after: 3 });
    const arrival = simulator.waitFor(({ events }) => events >= 3);
    const caller = call(url, road.body);
    const request = await arrival;
    await caller.answered;
    caller.leave();
    expect(await request.closed).toMatchObject({ state: "closed-by-client", events: 3 });
    expect(simulator.requests).toHaveLength(1);
    expect(seen).toEqual([]);
    cell(road, `mid-stream, ${how}`, 1, 1);
  });

  const testOfPace = road.keepsPace === false ? undefined : test;
  testOfPace?.(
    "F35 who leaves while the writer is blocked closes upstream",
    async () => {
      const { simulator, url, seen, responses } = await served(road);
      // No two pieces alike, so that no compression makes them small.
      simulator.reply({ chunks: Array.from({ length: PIECES }, () => noise(PIECE)) });
      const arrival = simulator.nextRequest();
      const caller: Caller = lazyCaller(url, road.body);
      const request = await arrival;
      await caller.answered;
      await expect.poll(() => blocked(responses[0]), { timeout: 20_000 }).toBe(true);
      expect(request.state).toBe("open");
      caller.leave();
      expect(await request.closed).toMatchObject({ state: "closed-by-client" });
      expect(request.events).toBeLessThan(PIECES);
      expect(simulator.requests).toHaveLength(1);
      expect(seen).toEqual([]);
      cell(road, "while the writer is blocked", 1, 1);
    },
    30_000,
  );
});

/** True while more waits in this process than the socket takes. */
function blocked(res: Response | undefined): boolean {
  const socket = res?.req.socket;
  return socket !== undefined && socket.writableLength > socket.writableHighWaterMark;
}

const noise = (length: number) => {
  const bytes = crypto.getRandomValues(new Uint8Array(length));
  return Buffer.from(bytes).toString("base64").slice(0, length);
};
