/** The part of `fetch` that this package calls. */
export type FetchLike = (input: string, init: FetchInit) => Promise<Response>;

export interface FetchInit {
  method: string;
  headers: Record<string, string>;
  body?: string | Uint8Array;
  signal?: AbortSignal;
  redirect?: "manual";
}
