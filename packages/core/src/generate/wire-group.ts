import type { sentRows } from "./option-table.js";

/** Layers of one group of options as a wire object; later layers win key by key; undefined where nothing is set. */
export function wireGroup<T>(
  rows: ReturnType<typeof sentRows<T>>,
  layers: readonly (T | undefined)[],
): Record<string, unknown> | undefined {
  if (layers.every((layer) => layer === undefined)) return undefined;
  const wire: Record<string, unknown> = {};
  for (const [name, row] of rows) {
    for (const layer of layers) {
      if (layer?.[name] !== undefined) wire[row.wire] = layer[name];
    }
  }
  return Object.keys(wire).length > 0 ? wire : undefined;
}
