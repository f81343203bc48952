import { count, dollars, seconds } from "./amounts.js";
import { harmless, paint, type Terminal, writeLine } from "./terminal.js";

export type Outcome = "pass" | "fail" | "skip";

/** What one check found. */
export interface Finding {
  check: string;
  outcome: Outcome;
  detail: string;
  hint?: string | undefined;
  ms?: number | undefined;
}

export interface Spent {
  totalTokens: number;
  totalUsd: number;
}

const COLOURS = { pass: "green", fail: "red", skip: "yellow" } as const;

export async function printFinding({ stdout }: Terminal, { check, outcome, detail, hint, ms }: Finding): Promise<void> {
  const time = ms === undefined ? "" : ` (${seconds(ms)})`;
  const found = harmless(detail, stdout);
  await writeLine(stdout, `${paint(COLOURS[outcome], outcome, stdout)}  ${check.padEnd(13)}  ${found}${time}`);
  if (hint !== undefined) await writeLine(stdout, `${" ".repeat(21)}${harmless(hint, stdout)}`);
}

export async function printSummary({ stdout }: Terminal, findings: readonly Finding[], spent: Spent): Promise<void> {
  const number = (outcome: Outcome) => findings.filter((finding) => finding.outcome === outcome).length;
  await writeLine(
    stdout,
    `\n${number("pass")} passed, ${number("fail")} failed, ${number("skip")} skipped` +
      (spent.totalTokens > 0 ? `; ${count(spent.totalTokens)} tokens, ${dollars(spent.totalUsd)}` : ""),
  );
}
