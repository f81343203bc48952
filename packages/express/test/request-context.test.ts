import { Agent, request } from "node:http";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { LLM } from "@signalbox/core";
import express, { Router } from "express";
import { expect, onTestFinished, test } from "vitest";
import { llmErrorHandler, llmMiddleware } from "../src/index.js";
import { EXPRESS } from "./express-version.js";
import { clientOf, postJson, serve, simulate } from "./serve.js";

/** Three services, each made once at start-up; only the last one knows the client. */
class Answers {
  constructor(private readonly llm: LLM) {}
  async of(prompt: string): Promise<string> {
    await nextTurn();
    let text = "";
    for await (const piece of this.llm.stream({ prompt })) {
      text += piece;
      await nextTurn();
    }
    return text;
  }
}
class Letters {
  constructor(private readonly answers: Answers) {}
  async to(user: string): Promise<string> {
    const [greeting, body] = await Promise.all([
      this.answers.of(`Greet ${user}`),
      this.answers.of(`Write to ${user} about signals`),
    ]);
    return greeting + body;
  }
}
class Post {
  constructor(private readonly letters: Letters) {}
  send = (user: string) =>
    new Promise<string>((resolve, reject) => {
      setImmediate(() => this.letters.to(user).then(resolve, reject));
    });
}

const USERS = 200;
const userOf = (prompt: string) => /user-\d+/.exec(prompt)?.[0];

test(`${EXPRESS}: 200 interleaved users of a singleton three services deep: each is charged to the cent, alone`, async () => {
  const simulator = await simulate({
    // Each user's calls cost something else.
    script: ({ prompt }) => ({ text: `for ${prompt}`, usage: { cost: Number(userOf(prompt)?.slice(5)) / 1000 } }),
  });
  const client = clientOf(simulator);
  const charged = new Map<string, number>();
  client.on("usage", ({ user = "nobody", cost }) => {
    charged.set(user, (charged.get(user) ?? 0) + Math.round((cost?.usd ?? Number.NaN) * 1000));
  });
  const post = new Post(new Letters(new Answers(client)));
  const { origin } = await serve((app) => {
    app.use(
      llmMiddleware(client, async (req) => {
        await nextTurn();
        return { user: String(req.get("x-user")) };
      }),
    );
    app.use(express.json());
    const nested = Router().post("/:user", (req, res, next) => {
      post.send(req.params.user).then((text) => res.json({ text }), next);
    });
    app.use("/letters", nested).use(llmErrorHandler());
  });
  const names = Array.from({ length: USERS }, (_, index) => `user-${index + 1}`);
  const answers = await Promise.all(
    names.map(async (user) => {
      const answer = await postJson(`${origin}/letters/${user}`, { a: 1 }, { "x-user": user });
      return (await answer.json()) as { text: string };
    }),
  );
  expect(answers.map(({ text }) => text)).toEqual(
    names.map((user) => `for Greet ${user}for Write to ${user} about signals`),
  );
  expect(simulator.requests).toHaveLength(2 * USERS);
  expect(Object.fromEntries(charged)).toEqual(Object.fromEntries(names.map((user, index) => [user, 2 * (index + 1)])));
  const totals = new Map(client.usage.byUser({ limit: USERS }).map(({ user, usd }) => [user, usd]));
  for (const [index, user] of names.entries()) expect(totals.get(user)).toBeCloseTo((2 * (index + 1)) / 1000, 9);
}, 60_000);

test(`${EXPRESS}: of 200 users of a singleton every second one leaves: their calls are aborted, nobody else's`, async () => {
  const simulator = await simulate();
  simulator.reply({ text: "never mind", times: 2 * USERS });
  const leaving = (prompt: string) => Number(userOf(prompt)?.slice(5)) % 2 === 0;
  simulator.fault("stall", { after: 1, times: USERS, when: ({ prompt }) => leaving(prompt) });
  const client = clientOf(simulator);
  const post = new Post(new Letters(new Answers(client)));
  const failed: string[] = [];
  const { origin } = await serve((app) => {
    app.use(llmMiddleware(client, (req) => ({ user: String(req.get("x-user")) })));
    app.post("/:user", (req, res, next) => {
      post.send(req.params.user).then(
        (text) => res.json({ text }),
        (error: { code: string }) => {
          failed.push(`${req.params.user} ${error.code}`);
          next(error);
        },
      );
    });
    app.use(llmErrorHandler());
  });
  const names = Array.from({ length: USERS }, (_, index) => `user-${index + 1}`);
  const stays = names.filter((name) => !leaving(name));
  const goes = names.filter(leaving);
  const arrived = Promise.all(
    goes.flatMap((user) =>
      ["Greet", "Write"].map((word) =>
        simulator.waitFor(({ prompt, events }) => userOf(prompt) === user && prompt.startsWith(word) && events >= 1),
      ),
    ),
  );
  const leavers = goes.map((user) => {
    const asked = request(`${origin}/${user}`, { method: "POST", agent: false, headers: { "x-user": user } });
    asked.on("error", () => {});
    asked.end();
    return asked;
  });
  const answers = stays.map((user) => postJson(`${origin}/${user}`, {}, { "x-user": user }));
  const open = await arrived;
  for (const asked of leavers) asked.destroy();
  const closed = await Promise.all(open.map((entry) => entry.closed));
  expect(closed.map(({ state }) => state)).toEqual(Array.from({ length: USERS }, () => "closed-by-client"));
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(stays.map(() => 200));
  await expect.poll(() => failed.length, { timeout: 20_000 }).toBe(goes.length);
  expect(failed.sort()).toEqual(goes.map((user) => `${user} aborted`).sort());
  const others = simulator.requests.filter(({ method, prompt }) => method === "POST" && !leaving(prompt));
  expect(others.map(({ state }) => state)).toEqual(Array.from({ length: USERS }, () => "finished"));
}, 60_000);

test(`${EXPRESS}: on one connection no request inherits the user of the one before it`, async () => {
  const simulator = await simulate();
  const client = clientOf(simulator);
  const users: (string | undefined)[] = [];
  client.on("usage", ({ user }) => users.push(user));
  const { origin, sockets } = await serve((app) => {
    app.use(
      "/with",
      llmMiddleware(client, (req) => ({ user: String(req.get("x-user")) })),
    );
    app.post(/.*/, (_req, res, next) => {
      client.generate({ prompt: "Hi" }).then(({ text }) => res.json({ text }), next);
    });
  });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  const ask = (path: string, user: string) =>
    new Promise<void>((resolve, reject) => {
      const asked = request(origin + path, { method: "POST", agent, headers: { "x-user": user } }, (answer) => {
        answer.resume().on("end", resolve);
      });
      asked.on("error", reject).end();
    });
  await ask("/with", "ann");
  await ask("/without", "bob");
  await ask("/with", "cem");
  await ask("/without", "dan");
  expect(users).toEqual(["ann", undefined, "cem", undefined]);
  expect(sockets).toHaveLength(1);
});
