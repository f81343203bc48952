import type { NotationRouting } from "../models/model-types.js";
import { ROUTING_OPTIONS } from "./option-groups.js";
import { sentRows } from "./option-table.js";
import type { ProviderRouting } from "./provider-routing.js";
import { wireGroup } from "./wire-group.js";

const ROWS = sentRows(ROUTING_OPTIONS);

/** Several layers of routing as one wire object; later layers win key by key; undefined where nothing is set. */
export function wireRouting(
  ...layers: readonly (ProviderRouting | NotationRouting | undefined)[]
): Record<string, unknown> | undefined {
  return wireGroup(ROWS, layers as readonly (ProviderRouting | undefined)[]);
}
