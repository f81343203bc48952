import type { JsonObject } from "../json.js";

/** An answer of OpenRouter itself that is not a completion: thrown while a request is judged, sent as its envelope. */
export class ApiError extends Error {
  readonly headers: Readonly<Record<string, string>>;
  private readonly metadata: JsonObject | undefined;
  private readonly anonymous: boolean;

  constructor(
    readonly status: number,
    message: string,
    options: { metadata?: JsonObject; headers?: Record<string, string>; anonymous?: boolean } = {},
  ) {
    super(message);
    this.headers = options.headers ?? {};
    this.metadata = options.metadata;
    this.anonymous = options.anonymous ?? false;
  }

  /** `{ error: { message, code, metadata? }, user_id? }`; the user is named once the key is known. */
  envelope(userId: string): JsonObject {
    const error: JsonObject = { message: this.message, code: this.status };
    if (this.metadata) error.metadata = this.metadata;
    return this.anonymous ? { error } : { error, user_id: userId };
  }
}

const routingHelp = "To learn more about provider routing, visit: https://openrouter.ai/docs/provider-routing";

export const invalidModel = (id: string): ApiError => new ApiError(400, `${id} is not a valid model ID`);
export const noEndpoints = (id: string): ApiError => new ApiError(404, `No endpoints found for ${id}.`);
export const noEndpointsThat = (what: string): ApiError =>
  new ApiError(404, `No endpoints found that ${what}. ${routingHelp}`, { anonymous: true });
