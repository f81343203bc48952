import { concat, NEVER, Observable, of, Subject, throwError } from "rxjs";
import { describe, expect, test } from "vitest";
import { ObservableReader } from "./observable-reader.js";

async function readAll(reader: ObservableReader): Promise<unknown[]> {
  const values: unknown[] = [];
  for await (const value of reader) values.push(value);
  return values;
}

describe("ObservableReader", () => {
  test("gives the values in order, and the end", async () => {
    expect(await readAll(new ObservableReader(of(1, 2, 3), 100))).toEqual([1, 2, 3]);
  });

  test("gives the error behind the values, once", async () => {
    const failure = new Error("late");
    const reader = new ObservableReader(
      concat(
        of(1, 2),
        throwError(() => failure),
      ),
      100,
    );
    expect([(await reader.next()).value, (await reader.next()).value]).toEqual([1, 2]);
    await expect(reader.next()).rejects.toBe(failure);
    expect(await reader.next()).toEqual({ value: undefined, done: true });
  });

  test("subscribes when it is read, not before", async () => {
    let subscribed = 0;
    const source = new Observable<number>((subscriber) => {
      subscribed += 1;
      subscriber.next(1);
    });
    const reader = new ObservableReader(source, 100);
    expect(subscribed).toBe(0);
    await reader.next();
    expect(subscribed).toBe(1);
  });

  test("keeps what nobody has taken up to the bound, then unsubscribes and fails", async () => {
    const source = new Subject<string>();
    const reader = new ObservableReader(source, 10);
    const first = reader.next();
    source.next("taken at once, however long it is");
    for (const text of ["12345", "1234", "1"]) source.next(text);
    expect(source.observed).toBe(true);
    source.next("x");
    expect(source.observed).toBe(false);
    const values = [await first, await reader.next(), await reader.next(), await reader.next()];
    expect(values.map(({ value }) => value)).toEqual(["taken at once, however long it is", "12345", "1234", "1"]);
    await expect(reader.next()).rejects.toMatchObject({
      code: "aborted",
      message: expect.stringContaining("more than 10 bytes"),
    });
  });

  test("counts bytes as they would be written", async () => {
    const source = new Subject<unknown>();
    const reader = new ObservableReader(source, 10);
    const first = reader.next();
    source.next("first");
    source.next("光光光");
    expect(source.observed).toBe(true);
    source.next({});
    expect(source.observed).toBe(false);
    expect((await first).value).toBe("first");
  });

  test("what takes no room in the answer is not kept without bound either", async () => {
    const source = new Subject<unknown>();
    const reader = new ObservableReader(source, 3);
    const first = reader.next();
    source.next("first");
    for (const empty of ["", undefined, () => {}]) source.next(empty);
    expect(source.observed).toBe(true);
    source.next("");
    expect(source.observed).toBe(false);
    expect((await first).value).toBe("first");
  });

  test("a value that JSON cannot say is the end, behind what was kept", async () => {
    const source = new Subject<unknown>();
    const reader = new ObservableReader(source, 100);
    const first = reader.next();
    for (const value of ["first", "second", { n: 2n }, "never"]) source.next(value);
    expect(source.observed).toBe(false);
    expect([(await first).value, (await reader.next()).value]).toEqual(["first", "second"]);
    await expect(reader.next()).rejects.toThrow(TypeError);
    expect(await reader.next()).toEqual({ value: undefined, done: true });
  });

  test("what toJSON throws becomes an error, whatever it is", async () => {
    const thrown = {
      toJSON: () => {
        throw "text";
      },
    };
    const reader = new ObservableReader(of("first", thrown), 100);
    expect((await reader.next()).value).toBe("first");
    await expect(reader.next()).rejects.toMatchObject({ name: "TypeError", cause: "text" });
  });

  test("what is taken makes room again", async () => {
    const source = new Subject<string>();
    const reader = new ObservableReader(source, 5);
    const first = reader.next();
    source.next("12345");
    await first;
    for (let round = 0; round < 3; round++) {
      source.next("12345");
      expect((await reader.next()).value).toBe("12345");
    }
    expect(source.observed).toBe(true);
  });

  test("stops a source that emits without end while it is subscribed to", async () => {
    const endless = new Observable<string>((subscriber) => {
      while (!subscriber.closed) subscriber.next("12345");
    });
    const reader = new ObservableReader(endless, 5);
    expect([(await reader.next()).value, (await reader.next()).value]).toEqual(["12345", "12345"]);
    await expect(reader.next()).rejects.toMatchObject({ code: "aborted" });
  });

  test("abort unsubscribes at once, and a reader that waits does not take it for the end", async () => {
    const source = new Subject<string>();
    const reader = new ObservableReader(concat(source, NEVER), 100);
    const waiting = reader.next();
    reader.abort("the client has left");
    expect(source.observed).toBe(false);
    await expect(waiting).rejects.toMatchObject({ code: "aborted", cause: "the client has left" });
  });

  test("leaving the loop unsubscribes", async () => {
    const source = new Subject<string>();
    const reader = new ObservableReader(source, 100);
    const leaving = (async () => {
      for await (const value of reader) return value;
      return undefined;
    })();
    source.next("first");
    expect(await leaving).toBe("first");
    expect(source.observed).toBe(false);
  });
});
