/** Whether arrays and objects stand in one another more than `most` levels deep. Needs no stack. */
export function isDeeperThan(value: unknown, most: number): boolean {
  let level: object[] = typeof value === "object" && value !== null ? [value] : [];
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > most) return true;
    level = level.flatMap((container) =>
      (Array.isArray(container) ? container : Object.values(container)).filter(
        (item): item is object => typeof item === "object" && item !== null,
      ),
    );
  }
  return false;
}
