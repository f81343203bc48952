import { type BinaryLike, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import type { Budget, Limits } from "@signalbox/core";

export type Role = "member" | "trial";

export interface User {
  readonly name: string;
  readonly role: Role;
  /** The password's scrypt hash and its salt, in hexadecimal. */
  readonly salt: string;
  readonly hash: string;
}

interface Allowance {
  budget: Budget & { per: "total" };
  limits: Limits;
  maxTokens: number;
}

/** What a role may spend. `total` lasts as long as this server; `day` would free the money at midnight, UTC. */
export const ALLOWANCES: Record<Role, Allowance> = {
  member: {
    budget: { usd: 0.05, per: "total" },
    limits: { requestsPerMinute: 30, onLimit: "reject" },
    maxTokens: 800,
  },
  trial: {
    budget: { usd: 0.0006, per: "total" },
    limits: { requestsPerMinute: 10, onLimit: "reject" },
    maxTokens: 200,
  },
};

const USERS: readonly User[] = [
  {
    name: "ann",
    role: "member",
    salt: "917ffdefde244e8e6789f00ed01afef4",
    hash: "1cbd434953a968d143fd8506b1ae1f29a226cc1da0d5b2d880339d507ca7532f",
  },
  {
    name: "tom",
    role: "trial",
    salt: "f11649623114cd8a7248a03279ce5725",
    hash: "bba6e8d0af2d46fafe27c561088fdd8ce01e008135f17eb3b2fa5c3058197916",
  },
];

/** Compared with for a name that nobody has, so that such an answer takes as long as any other. */
const NOBODY = { salt: "00".repeat(16), hash: "00".repeat(32) };

const derive: (password: BinaryLike, salt: BinaryLike, length: number) => Promise<Buffer> = promisify<
  BinaryLike,
  BinaryLike,
  number,
  Buffer
>(scrypt);

export function findUser(name: string | undefined): User | undefined {
  return USERS.find((user) => user.name === name);
}

/** The user with this name and password, if there is one. */
export async function checkPassword(name: unknown, password: unknown): Promise<User | undefined> {
  if (typeof name !== "string" || typeof password !== "string") return undefined;
  const user = findUser(name);
  const { salt, hash } = user ?? NOBODY;
  const given = await derive(password, Buffer.from(salt, "hex"), 32);
  return timingSafeEqual(given, Buffer.from(hash, "hex")) ? user : undefined;
}
