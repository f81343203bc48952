import { createError } from "../errors/error-classes.js";

/** Whether an address can be a base: http or https, without credentials, query or fragment. */
export function isBaseURL(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, username, password, search, hash } = new URL(address);
  return /^https?:$/.test(protocol) && [username, password, search, hash].every((part) => part === "");
}

/**
 * Where a service lives: every request goes below one address, whose origin is the only one that ever sees the key.
 */
export class BaseURL {
  readonly origin: string;
  readonly #path: string;
  /** The latest path and its address: nearly every request has the same one. */
  #latest = { path: "", address: "" };

  /** @throws ConfigurationError `invalid_config` where {@link isBaseURL} says no */
  constructor(address: string) {
    if (!isBaseURL(address)) {
      const detail = "baseURL must be an http or https URL without credentials, query or fragment";
      throw createError("invalid_config", detail, { hint: "Use apiKey for a key." });
    }
    const { origin, pathname } = new URL(address);
    this.origin = origin;
    this.#path = pathname.replace(/\/+$/, "");
  }

  /**
   * The address of `path`, which starts with a slash and may carry a query.
   *
   * @throws InvalidRequestError `invalid_request` where the path leads out of the base address
   */
  below(path: string): string {
    if (path === this.#latest.path && path !== "") return this.#latest.address;
    const [pathname = ""] = path.split("?", 1);
    const address = `${this.origin}${this.#path}${path}`;
    const inside =
      pathname.startsWith("/") &&
      URL.canParse(address) &&
      new URL(address).origin === this.origin &&
      new URL(address).pathname.startsWith(`${this.#path}/`);
    if (!inside) throw createError("invalid_request", "the path leads out of the base address");
    this.#latest = { path, address };
    return address;
  }
}
