import { fileURLToPath } from "node:url";
import type { ScopeOptions } from "@signalbox/core";
import { chatHandler, llmErrorHandler, llmMiddleware } from "@signalbox/express";
import express, { type Express } from "express";
import { logIn, logOut, requireUser, sessions, userOf } from "./login.js";
import type { Model } from "./model.js";
import { ALLOWANCES, type User } from "./users.js";

const PAGE = fileURLToPath(new URL("../page/", import.meta.url));
const READ_EVENTS = fileURLToPath(import.meta.resolve("@signalbox/core/browser"));
const PAGE_POLICY =
  "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** What the calls of a user carry: whose they are, and what they may cost. */
function scopeOf({ name, role }: User): ScopeOptions {
  const { budget, limits } = ALLOWANCES[role];
  return { user: name, budget, limits };
}

/** The whole application. `close` ends the answers under way, after a grace period. */
export function createChat({ llm, answers }: Model): { app: Express; close(graceMs: number): Promise<void> } {
  const scoped = llmMiddleware(llm, (req) => scopeOf(userOf(req)));
  const app = express();
  app.disable("x-powered-by");
  app.use(express.static(PAGE, { setHeaders: (res) => res.setHeader("Content-Security-Policy", PAGE_POLICY) }));
  app.get("/read-events.js", (_req, res) => res.sendFile(READ_EVENTS));

  app.use(express.json(), sessions());
  app.post("/login", logIn);
  app.post("/logout", logOut);

  app.use("/api", requireUser, scoped);
  app.post(
    "/api/chat",
    chatHandler({
      request: (req) => ({
        system: "You are a friendly assistant. Answer in one short paragraph.",
        maxTokens: ALLOWANCES[userOf(req).role].maxTokens,
      }),
    }),
  );
  app.get("/api/account", (req, res) => {
    const { name, role } = userOf(req);
    const spent = llm.usage.byUser().find(({ user }) => user === name);
    res.json({ name, role, answers, spentUsd: spent?.totalUsd ?? 0, budgetUsd: ALLOWANCES[role].budget.usd });
  });
  app.use(llmErrorHandler());
  return { app, close: (graceMs) => scoped.close({ graceMs }) };
}
