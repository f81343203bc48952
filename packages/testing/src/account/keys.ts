import type { IncomingHttpHeaders } from "node:http";
import { ApiError } from "../wire/api-error.js";

export interface KeyOptions {
  /** Keys that are accepted; absent: every key. */
  keys: readonly string[] | undefined;
  /** Keys that may read GET /credits and may not ask models; absent: every key may do both. */
  managementKeys: readonly string[] | undefined;
}

/** Judges the bearer key of a request. */
export class Keys {
  constructor(private readonly options: KeyOptions) {}

  /** The key, or the 401 that OpenRouter gives. */
  require(headers: IncomingHttpHeaders): string {
    const key = /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? "")?.[1];
    if (key === undefined) throw new ApiError(401, "Missing Authentication header", { anonymous: true });
    const { keys, managementKeys } = this.options;
    if (keys !== undefined && !keys.includes(key) && !managementKeys?.includes(key)) {
      throw new ApiError(401, "User not found.", { anonymous: true });
    }
    return key;
  }

  requireManagement(headers: IncomingHttpHeaders): void {
    const key = this.require(headers);
    if (this.options.managementKeys !== undefined && !this.isManagement(key)) {
      throw new ApiError(403, "Only management keys can perform this operation", { anonymous: true });
    }
  }

  requireInference(headers: IncomingHttpHeaders): string {
    const key = this.require(headers);
    if (this.isManagement(key)) {
      throw new ApiError(403, "Management keys cannot be used for inference", { anonymous: true });
    }
    return key;
  }

  isManagement(key: string): boolean {
    return this.options.managementKeys?.includes(key) ?? false;
  }
}
