import { createRequire } from "node:module";
import express from "express";
import { expect, test } from "vitest";
import { stepsRouter } from "../src/index.js";

// These tests run twice: here against Express 5, in compat/express4 against Express 4.
test("the Express under test, and under the package, is the one this project declares", ({ annotate }) => {
  const loaded = Object.keys(createRequire(import.meta.url).cache).flatMap((file) => {
    const version = /[\\/]express@(\d+\.\d+\.\d+)/.exec(file)?.[1];
    return version === undefined ? [] : [version];
  });
  const versions = [...new Set(loaded)];
  void annotate(`Express ${versions.join(", ")}`);
  expect(express).toBeTypeOf("function");
  expect(stepsRouter).toBeTypeOf("function");
  expect(versions).toHaveLength(1);
  expect(versions[0]?.split(".")[0]).toBe(process.env.EXPRESS_MAJOR ?? "5");
});
