const TLS_CODE =
  /^(CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH_|EPROTO$)/;
const FINAL_CODES = new Set([
  "ENOTFOUND",
  "ERR_INVALID_URL",
  "ERR_INVALID_CHAR",
  "ERR_HTTP_INVALID_HEADER_VALUE",
  "ERR_INVALID_HTTP_TOKEN",
  "ERR_UNESCAPED_CHARACTERS",
  "UND_ERR_INVALID_ARG",
]);
const UNREACHED_CODES = new Set(["ECONNREFUSED", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "EADDRNOTAVAIL"]);

/** Whether a connection failed over its certificate or its protocol. */
export const isTlsCode = (code: string): boolean => TLS_CODE.test(code);

/** Whether the next attempt would fail the same way. */
export const isFinalCode = (code: string): boolean => isTlsCode(code) || FINAL_CODES.has(code);

/** Whether there never was a connection that a request could go out on. */
export const isUnreachedCode = (code: string): boolean => isFinalCode(code) || UNREACHED_CODES.has(code);
