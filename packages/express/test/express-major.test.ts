import express from "express";
import { expect, test } from "vitest";
import { stepsRouter } from "../src/index.js";
import { EXPRESS, expressVersions } from "./express-version.js";

// These tests run twice: here against Express 5, in compat/express4 against Express 4.
test(`${EXPRESS}: under test, and under the package, is the one this project declares`, () => {
  expect(express).toBeTypeOf("function");
  expect(stepsRouter).toBeTypeOf("function");
  expect(expressVersions).toHaveLength(1);
  expect(expressVersions[0]?.split(".")[0]).toBe(process.env.EXPRESS_MAJOR ?? "5");
});
