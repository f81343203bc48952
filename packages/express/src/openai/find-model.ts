import { resolveModel } from "@signalbox/core";
import type { OpenAIModel } from "./model-list.js";

/**
 * The row of the model that a request for `id` would reach: its own, or that of the id which is sent for it, under the
 * name that was asked for. A variant that only routes (`:nitro`) has its model's row, one that is a model of its own
 * (`:free`) needs its own.
 *
 * @param served - the listed id behind one with variants that only route
 */
export function findModel(
  id: string,
  rows: readonly OpenAIModel[],
  served: (id: string) => string | undefined,
): OpenAIModel | undefined {
  const own = rowOf(id, rows);
  if (own !== undefined || !id.includes("/")) return own;
  const sent = sentFor(id);
  const row = rowOf(sent, rows) ?? rowOf(served(sent), rows);
  return row && { ...row, id };
}

function rowOf(id: string | undefined, rows: readonly OpenAIModel[]): OpenAIModel | undefined {
  const wanted = id?.toLowerCase();
  return rows.find((row) => row.id.toLowerCase() === wanted);
}

function sentFor(id: string): string {
  try {
    return resolveModel(id).sent;
  } catch {
    // A retired one without a successor: nothing is sent for it, and nothing is found.
    return id;
  }
}
