import { expect, test } from "vitest";
import { RecordingSink, transportRequest } from "../../test/byte-sinks.js";
import { ManualClock } from "../../test/manual-clock.js";
import { rejection } from "../../test/rejection.js";
import { ConfigurationError } from "../errors/error-classes.js";
import { dispatcherTransport } from "./dispatcher-transport.js";

const clock = new ManualClock();

interface Handler {
  onRequestStart(controller: object): void;
  onResponseStart(controller: object, status: number, headers: Record<string, string>): void;
  onResponseData(controller: object, bytes: Uint8Array): void;
  onResponseEnd(): void;
}

test.each([[{}], ["agent"], [null], [{ dispatch: 1 }]])("refuses %j, which is no dispatcher", (value) => {
  expect(() => dispatcherTransport(value, clock)).toThrow(ConfigurationError);
});

test("takes a body that is delivered, to its end, inside resume()", async () => {
  const dispatcher = {
    dispatch(_options: object, handler: Handler) {
      const controller = {
        pause() {},
        abort() {},
        resume() {
          handler.onResponseData(controller, Buffer.from("all"));
          handler.onResponseEnd();
        },
      };
      handler.onRequestStart(controller);
      handler.onResponseStart(controller, 103, {});
      handler.onResponseStart(controller, 200, {});
      return true;
    },
  };
  const { source, status } = await dispatcherTransport(dispatcher, clock)(transportRequest("http://unused.invalid/"));
  const sink = new RecordingSink();
  source.start(sink);
  expect([status, await sink.outcome, sink.text]).toEqual([200, "end", "all"]);
});

test("a dispatcher that throws is a connection failure", async () => {
  const dispatcher = {
    dispatch() {
      throw new Error("destroyed");
    },
  };
  expect(
    await rejection(dispatcherTransport(dispatcher, clock)(transportRequest("http://unused.invalid/"))),
  ).toMatchObject({ code: "connection" });
});

test("F31 a request that was aborted while it waited for a connection is given up when it gets one", async () => {
  let handler: Handler | undefined;
  const dispatcher = {
    dispatch(_: object, given: Handler) {
      handler = given;
      return true;
    },
  };
  const abort = new AbortController();
  const failing = rejection(
    dispatcherTransport(dispatcher, clock)(transportRequest("http://unused.invalid/", { signal: abort.signal })),
  );
  abort.abort();
  expect((await failing).code).toBe("aborted");
  let given = 0;
  handler?.onRequestStart({ pause() {}, resume() {}, abort: () => (given += 1) });
  expect(given).toBe(1);
});
