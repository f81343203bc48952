import { expect, test } from "vitest";
import { requestHeaders } from "./request-headers.js";

const headersOf = (headers: Record<string, string>) =>
  requestHeaders({ fixed: { "x-title": "fixed" }, call: { headers }, streaming: false, hasBody: true });

test.each(["Authorization", "Host", "Content-Length", "Connection", "Transfer-Encoding", "Upgrade", "Expect", "TE"])(
  "%s is no call's to set",
  (name) => {
    expect(() => headersOf({ [name]: "1" })).toThrow(`the header ${name.toLowerCase()} cannot be set by a call`);
  },
);

test("a call's own headers stand over the adapter's, in lower case", () => {
  expect(headersOf({ "X-Title": "mine", "X-Other": "1" })).toEqual({
    accept: "application/json",
    "accept-encoding": "identity",
    "content-type": "application/json",
    "x-title": "mine",
    "x-other": "1",
  });
});
