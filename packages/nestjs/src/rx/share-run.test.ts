import { AbortedError } from "@signalbox/core";
import { mergeMap, Observable, of, take, timer } from "rxjs";
import { TestScheduler } from "rxjs/testing";
import { describe, expect, test } from "vitest";
import { shareRun } from "./share-run.js";

const marbles = (run: Parameters<TestScheduler["run"]>[0]) =>
  new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(run);

const stopped = new AbortedError("aborted", "the run was stopped: nobody watched it any more");
const after = <T>(ms: number, source: Observable<T>) => timer(ms).pipe(mergeMap(() => source));

describe("S31 shareRun()", () => {
  test("asks once, at the first viewer; everybody sees everything from its start", () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold("    a 9ms b 9ms c 9ms |");
      const run = source.pipe(shareRun());
      expectObservable(after(5, run)).toBe("            5ms a 9ms b 9ms c 9ms |");
      expectObservable(after(17, run)).toBe("           17ms (ab) 4ms c 9ms |");
      expectObservable(after(50, run)).toBe("           50ms (abc|)");
      expectSubscriptions(source.subscriptions).toBe("5ms ^ 29ms !");
    });
  });

  test("goes on for those who stay, and stops upstream as the last one leaves", () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold("    a 9ms b 9ms c 9ms |");
      const run = source.pipe(shareRun());
      expectObservable(run, "                   ^ 11ms !").toBe("a 9ms b");
      expectObservable(run, "                   ^ 14ms !").toBe("a 9ms b");
      expectSubscriptions(source.subscriptions).toBe("^ 14ms !");
    });
  });

  test("is never asked again: who comes after that gets what there was, and `aborted`", () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold("    a 9ms b 9ms |");
      const run = source.pipe(shareRun());
      expectObservable(run.pipe(take(1))).toBe("(a|)");
      expectObservable(after(30, run)).toBe("30ms (a#)", undefined, stopped);
      expectSubscriptions(source.subscriptions).toBe("(^!)");
    });
  });

  test("waits for viewers as long as it is told to", () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold("    a 9ms b 9ms c 9ms |");
      const run = source.pipe(shareRun({ graceMs: 8 }));
      expectObservable(run, "               ^ 2ms !").toBe("a");
      expectObservable(after(8, run), "     ^ 14ms !").toBe("8ms a 1ms b");
      expectObservable(after(40, run)).toBe("40ms (abc#)", undefined, stopped);
      expectSubscriptions(source.subscriptions).toBe("^ 22ms !");
    });
  });

  test("goes to its end without viewers where it waits for ever", () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold("    a 9ms b 9ms |");
      const run = source.pipe(shareRun({ graceMs: Number.POSITIVE_INFINITY }));
      expectObservable(run, "               ^ 2ms !").toBe("a");
      expectObservable(after(40, run)).toBe("40ms (ab|)");
      expectSubscriptions(source.subscriptions).toBe("^ 19ms !");
    });
  });

  test("hands its failure to every viewer, through error", () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const failure = new AbortedError("aborted", "cut");
      const source = cold("    a 9ms #", undefined, failure);
      const run = source.pipe(shareRun({ graceMs: 5 }));
      expectObservable(run).toBe("          a 9ms #", undefined, failure);
      expectObservable(after(4, run)).toBe("4ms a 5ms #", undefined, failure);
      expectObservable(after(30, run)).toBe("30ms (a#)", undefined, failure);
      expectSubscriptions(source.subscriptions).toBe("^ 9ms !");
    });
  });

  test("a viewer who comes with its first value does not ask again", () => {
    let asked = 0;
    const source = new Observable<string>((subscriber) => {
      asked += 1;
      for (const value of ["a", "b"]) subscriber.next(value);
      subscriber.complete();
    });
    const run = source.pipe(shareRun());
    const seen: string[] = [];
    run
      .pipe(
        take(1),
        mergeMap(() => run),
      )
      .subscribe((value) => seen.push(value));
    expect(seen).toEqual(["a", "b"]);
    expect(asked).toBe(1);
  });

  test("a run that tells everything at once is over, not left", () => {
    marbles(({ expectObservable }) => {
      const run = of("a", "b").pipe(shareRun());
      expectObservable(run).toBe("(ab|)");
      expectObservable(after(3, run)).toBe("3ms (ab|)");
    });
  });
});
