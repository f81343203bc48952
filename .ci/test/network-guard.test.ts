import { expect, test } from "vitest";
import { connectHost, isLoopback } from "../network-guard.js";

test("finds the host in every form of socket.connect", () => {
  expect(connectHost([{ port: 80, host: "example.com" }])).toBe("example.com");
  expect(connectHost([[{ port: 80, host: "example.com" }, null]])).toBe("example.com");
  expect(connectHost([80, "example.com"])).toBe("example.com");
  expect(connectHost(["80", "example.com"])).toBe("example.com");
  expect(connectHost([80])).toBe("localhost");
  expect(connectHost([{ port: 80 }])).toBe("localhost");
  expect(connectHost(["/tmp/server.sock"])).toBeUndefined();
  expect(connectHost([{ path: "/tmp/server.sock" }])).toBeUndefined();
});

test("tells loopback from the rest of the world", () => {
  for (const host of ["127.0.0.1", "127.8.9.10", "::1", "[::1]", "localhost"]) expect(isLoopback(host)).toBe(true);
  for (const host of ["10.0.0.1", "::2", "example.com", "localhost.example.com"]) expect(isLoopback(host)).toBe(false);
});
