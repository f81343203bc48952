import type { StepEvent } from "@signalbox/core";

/** An event without what differs between two runs of the same deck: the run's id, wherever it stands, and the time. */
export function comparable({ runId, timestamp: _timestamp, ...event }: StepEvent): string {
  return JSON.stringify(event, sortedKeys).replaceAll(runId, "<run>");
}

/** Where two runs differ first, in words; undefined where they do not. */
export function firstDifference(one: readonly StepEvent[], other: readonly StepEvent[]): string | undefined {
  for (let index = 0; index < Math.max(one.length, other.length); index++) {
    const [left, right] = [one[index], other[index]];
    if (left === undefined || right === undefined) return `${one.length} events against ${other.length}`;
    const [said, heard] = [comparable(left), comparable(right)];
    if (said === heard) continue;
    const at = [...said].findIndex((character, place) => character !== heard[place]);
    const from = Math.max(0, at - 30);
    return `event ${left.seq} (${left.step} ${left.status}): …${said.slice(from, at + 50)}… against …${heard.slice(from, at + 50)}…`;
  }
  return undefined;
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
