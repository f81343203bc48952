import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { CODE_TABLE } from "../../packages/core/src/errors/code-table.js";
import { createError } from "../../packages/core/src/errors/error-classes.js";
import type { ErrorCode } from "../../packages/core/src/errors/error-code.js";

const page = readFileSync(new URL("../../docs/error-codes.md", import.meta.url), "utf8");

test("docs/error-codes.md says of every code what the code does", () => {
  const rows = [...page.matchAll(/^\| `(\w+)` \| `(\w+)` \| (\d+) \| (yes|no) \| (yes|no) \| .+ \| .+ \|$/gm)].map(
    ([, code, type, status, retryable, shown]) => ({ code, type, status: Number(status), retryable, shown }),
  );
  const yesNo = (value: boolean) => (value ? "yes" : "no");
  const expected = Object.entries(CODE_TABLE).map(([code, { status, retryable, expose }]) => {
    const type = createError(code as ErrorCode, "").constructor.name;
    return { code, type, status, retryable: yesNo(retryable), shown: yesNo(expose) };
  });
  expect(rows).toEqual(expected);
});
