import { Module } from "@nestjs/common";
import { Reflector } from "@nestjs/core";
import { ExpressAdapter } from "@nestjs/platform-express";
import { FastifyAdapter } from "@nestjs/platform-fastify";
import { Test } from "@nestjs/testing";
import { expect, test } from "vitest";
import { loadedVersion } from "./loaded-version.js";

// These tests run twice: here against NestJS 12, in compat/nest11 against NestJS 11.
const major = process.env.NEST_MAJOR ?? "12";

test("the NestJS under test is the one this project declares", () => {
  let caller = "";
  Module({
    get imports() {
      caller = new Error().stack ?? "";
      return [];
    },
  })(class {});
  expect(/@nestjs[+/]common@(\d+)\./.exec(caller)?.[1]).toBe(major);
});

test.each([
  ["core", Reflector.prototype.getAllAndOverride],
  ["platform-express", ExpressAdapter.prototype.close],
  ["platform-fastify", FastifyAdapter.prototype.getHttpServer],
  ["testing", Test.createTestingModule],
])("so is its package %s", (name, method) => {
  expect(loadedVersion(name, method)?.split(".")[0]).toBe(major);
});
