import { definePipeline, step } from "@signalbox/core";
import express, { type Express, Router } from "express";
import { describe, expect, test } from "vitest";
import { chatHandler, llmErrorHandler, llmMiddleware, openAICompatible, stepsRouter } from "../src/index.js";
import { EXPRESS } from "./express-version.js";
import { clientOf, postJson, serve, simulate } from "./serve.js";
import { readData } from "./server-events.js";

const deck = () =>
  definePipeline("deck", [
    step("outline", async ({ llm }) => (await llm.generate({ prompt: "Outline" })).text),
    step("slides", async ({ llm }) => (await llm.generate({ prompt: "Slides" })).text),
  ]);

/** Ways to mount one router, and the path it is then found under. */
const MOUNTS: readonly [string, (app: Express, router: Router) => void, string][] = [
  ["at the root", (app, router) => app.use(router), ""],
  ["at a path", (app, router) => app.use("/llm", router), "/llm"],
  ["at a path with a slash behind it", (app, router) => app.use("/llm/", router), "/llm"],
  ["at a path with parameters", (app, router) => app.use("/teams/:team/llm", router), "/teams/blue/llm"],
  [
    "in nested routers",
    (app, router) => app.use("/a", Router().use("/b/:team", Router().use("/c", router))),
    "/a/b/red/c",
  ],
  [
    "in an application within the application",
    (app, router) => app.use("/sub", express().use("/llm", router)),
    "/sub/llm",
  ],
  ["at several paths", (app, router) => app.use(["/one", "/two"], router), "/two"],
  ["under a name that has to be escaped", (app, router) => app.use("/:team/llm", router), "/f%C3%BCr%20alle/llm"],
];

describe.each(MOUNTS)(`${EXPRESS}: mounted %s`, (_where, mount, path) => {
  test("every handler is found, with and without a slash at its end, and a run under its Location", async () => {
    const simulator = await simulate();
    const router = Router();
    router.use(llmMiddleware(clientOf(simulator)));
    router.post("/chat", chatHandler());
    router.use("/v1", openAICompatible({ authorize: "none" }));
    router.use("/decks", stepsRouter(deck()));
    router.use(llmErrorHandler());
    const { origin } = await serve((app) => mount(app, router));

    for (const slash of ["", "/"]) {
      const chat = await postJson(`${origin}${path}/chat${slash}`, { prompt: "Signals" });
      expect(await chat.json()).toMatchObject({ finishReason: "stop" });
      const question = { model: "openai/gpt-4o-mini", messages: [{ role: "user", content: "Signals" }] };
      const relayed = await postJson(`${origin}${path}/v1/chat/completions${slash}`, question);
      expect(await relayed.json()).toMatchObject({ object: "chat.completion" });

      const started = await postJson(`${origin}${path}/decks${slash}`, {});
      const location = started.headers.get("location");
      const events = readData(await started.text());
      expect(events.at(-1)).toMatchObject({ step: "slides", status: "completed" });
      expect(location).toBe(`${path}/decks/${events[0]?.runId}`);
      const again = await fetch(`${origin}${location}${slash}`);
      expect(readData(await again.text())).toEqual(events);
      const gone = await fetch(`${origin}${location}${slash}`, { method: "DELETE" });
      expect(gone.status).toBe(204);
    }
    expect((await fetch(`${origin}${path}/v1/models/openai/gpt-4o-mini`)).status).toBe(200);
  });
});

test(`${EXPRESS}: the parameters of the path a router is mounted at reach \`authorize\` and \`input\``, async () => {
  const simulator = await simulate();
  const client = clientOf(simulator);
  const users: (string | undefined)[] = [];
  client.on("usage", ({ user }) => users.push(user));
  const inputs: unknown[] = [];
  const pipeline = definePipeline("deck", [
    step("outline", async ({ llm, input }) => {
      inputs.push(input);
      return (await llm.generate({ prompt: "Outline" })).text;
    }),
  ]);
  const { origin } = await serve((app) => {
    app.use(
      "/teams/:team/decks",
      stepsRouter(pipeline, {
        client,
        authorize: (req, runId) => (req.params.team === "blue" ? { user: `blue ${runId === undefined}` } : false),
        input: (body, req) => ({ ...body, team: req.params.team }),
      }),
    );
    app.use(llmErrorHandler());
  });
  const started = await postJson(`${origin}/teams/blue/decks`, { topic: "Signals" });
  expect(await started.text()).toContain("[DONE]");
  expect(inputs).toEqual([{ topic: "Signals", team: "blue" }]);
  expect(users).toEqual(["blue true"]);
  const location = started.headers.get("location") as string;
  expect((await fetch(origin + location)).status).toBe(200);
  expect((await fetch(origin + location.replace("blue", "red"))).status).toBe(404);
  expect((await postJson(`${origin}/teams/red/decks`, {})).status).toBe(403);
});

test(`${EXPRESS}: strict and case-sensitive routing of the application change nothing inside`, async () => {
  const simulator = await simulate();
  const { origin } = await serve((app) => {
    app.enable("strict routing").enable("case sensitive routing");
    app.use("/v1", openAICompatible({ client: clientOf(simulator), authorize: "none" }));
    app.use("/decks", stepsRouter(deck(), { client: clientOf(simulator) }));
  });
  expect((await fetch(`${origin}/v1/models`)).status).toBe(200);
  expect((await postJson(`${origin}/decks/`, {})).headers.get("location")).toMatch(/^\/decks\/[\w-]+$/);
});
