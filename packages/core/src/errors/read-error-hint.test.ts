import { expect, test } from "vitest";
import { readHint } from "./read-error-hint.js";

test("F48 tells what shut the others out, then which models are there, five of each at most", () => {
  const many = Array.from({ length: 7 }, (_, index) => `acme/${index}`);
  expect(readHint("model_not_found", { excluded_by: ["geo", "max_price"], fallback_models: many }, undefined)).toBe(
    "excluded by geo, max_price; available for fallbackModels: acme/0, acme/1, acme/2, acme/3, acme/4",
  );
  expect(readHint("rate_limit", { fallback_models: ["acme/small"] }, { provider_name: "Acme" })).toBe(
    "available for fallbackModels: acme/small",
  );
});

test("F47 a limit of a provider is told from one of the account", () => {
  expect(readHint("rate_limit", undefined, { provider_name: "Acme" })).toContain("fallbackModels");
  expect(readHint("rate_limit", {}, { limit_source: "account" })).toBeUndefined();
  expect(readHint("provider_error", {}, { provider_name: "Acme" })).toBeUndefined();
});

test("what is no list of short words is left out", () => {
  for (const list of ["acme/small", [7, null, {}], ["x".repeat(101)], []])
    expect(readHint("provider_error", { excluded_by: list, fallback_models: list }, undefined)).toBeUndefined();
});
