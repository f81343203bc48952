import type { JsonObject } from "../json.js";
import { ApiError } from "../wire/api-error.js";

const maxRemembered = 10_000;

interface Remembered {
  data: JsonObject;
  misses: number;
}

/** What GET /generation knows; the latest 10,000 answers. */
export class Generations {
  private readonly byId = new Map<string, Remembered>();

  /** `missesFirst`: how many look-ups of each id fail before the first success, as fresh ids do. */
  constructor(private readonly missesFirst: number) {}

  remember(id: string, data: JsonObject): void {
    this.byId.set(id, { data, misses: this.missesFirst });
    const oldest = this.byId.size > maxRemembered ? this.byId.keys().next().value : undefined;
    if (oldest !== undefined) this.byId.delete(oldest);
  }

  find(id: string): JsonObject {
    const found = this.byId.get(id);
    if (!found || found.misses > 0) {
      if (found) found.misses -= 1;
      throw new ApiError(404, `Generation ${id} not found`, { anonymous: true });
    }
    return found.data;
  }
}
