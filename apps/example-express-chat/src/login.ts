import { randomBytes } from "node:crypto";
import type { Request, RequestHandler } from "express";
import session from "express-session";
import { checkPassword, findUser, type User } from "./users.js";

declare module "express-session" {
  interface SessionData {
    user: string;
  }
}

const HOUR = 3_600_000;

/** Sessions in memory; no script can read their cookie. Deployed, add `secure: true`, a store, a bound on logins. */
export const sessions = (): RequestHandler =>
  session({
    name: "chat",
    secret: randomBytes(32).toString("hex"),
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: "strict", maxAge: 8 * HOUR },
  });

/** Takes `{ name, password }`; 204 with a new session, or 401. */
export const logIn: RequestHandler = async (req, res) => {
  const user = await checkPassword(req.body?.name, req.body?.password);
  if (user === undefined) {
    res.status(401).json({ error: { code: "login", message: "Name and password do not fit." } });
    return;
  }
  // An id from before the login may be known to somebody else.
  await new Promise<void>((resolve, reject) => {
    req.session.regenerate((error) => (error ? reject(error) : resolve()));
  });
  req.session.user = user.name;
  res.status(204).end();
};

export const logOut: RequestHandler = (req, res, next) => {
  req.session.destroy((error) => (error ? next(error) : res.clearCookie("chat").status(204).end()));
};

/** 401 for everybody who is not logged in. */
export const requireUser: RequestHandler = (req, res, next) => {
  if (findUser(req.session.user) !== undefined) return next();
  res.status(401).json({ error: { code: "login", message: "Please log in." } });
};

/** Who asks; behind `requireUser`. */
export function userOf(req: Request): User {
  const user = findUser(req.session.user);
  if (user === undefined) throw new Error("userOf() stands behind requireUser");
  return user;
}
