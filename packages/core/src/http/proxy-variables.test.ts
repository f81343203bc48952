import { expect, test } from "vitest";
import { nodeTakesProxies, proxyVariableFor } from "./proxy-variables.js";

const PROXY = "http://proxy.example:3128";

test.each([
  ["https://a.example/v1", { HTTPS_PROXY: PROXY }, "HTTPS_PROXY"],
  ["https://a.example/v1", { https_proxy: PROXY, HTTPS_PROXY: "http://other.example" }, "https_proxy"],
  ["https://a.example/v1", { HTTP_PROXY: PROXY }, undefined],
  ["http://a.example/v1", { HTTP_PROXY: PROXY }, "HTTP_PROXY"],
  ["https://a.example/v1", { HTTPS_PROXY: "socks5://proxy.example" }, undefined],
  ["https://a.example/v1", { HTTPS_PROXY: "" }, undefined],
  ["no address", { HTTPS_PROXY: PROXY }, undefined],
])("for %s with %j it is %s", (address, env, expected) => {
  expect(proxyVariableFor(address, env)).toBe(expected);
});

test.each([
  ["*", true],
  ["other.example, A.B.Example", true],
  ["a.b.example:443", true],
  ["a.b.example:8443", false],
  [".b.example", true],
  ["*.b.example", true],
  ["b.example", false],
  [".example.org", false],
  ["", false],
])("NO_PROXY %j reaches a.b.example without a proxy: %s", (list, past) => {
  expect(proxyVariableFor("https://a.b.example/v1", { HTTPS_PROXY: PROXY, NO_PROXY: list }) === undefined).toBe(past);
});

test.each([
  ["10.0.0.1-10.0.0.9", true],
  ["10.0.0.6 - 10.0.0.9", false],
  ["10.0.0.5", true],
])("NO_PROXY %j reaches 10.0.0.5 without a proxy: %s", (list, past) => {
  expect(proxyVariableFor("http://10.0.0.5/v1", { HTTP_PROXY: PROXY, NO_PROXY: list }) === undefined).toBe(past);
});

test("whether Node takes proxies is what its release notes say", () => {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  expect(nodeTakesProxies()).toBe(major > 24 || (major === 24 && minor >= 5) || (major === 22 && minor >= 21));
});
