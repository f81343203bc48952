import { alphanumerics, type Random } from "../random/random.js";

const hex = "0123456789abcdef";
const base32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const lower = "abcdefghijklmnopqrstuvwxyz0123456789";

/** Formats that are nothing but characters: identifiers, encodings, hashes. */
export function randomIdentifier(format: string, random: Random): string | undefined {
  switch (format) {
    case "uuid":
    case "guid":
      return `${random.text(8, hex)}-${random.text(4, hex)}-4${random.text(3, hex)}-${random.text(1, "89ab")}${random.text(3, hex)}-${random.text(12, hex)}`;
    case "nanoid":
      return random.text(21, alphanumerics);
    case "cuid":
      return `c${random.text(24, lower)}`;
    case "cuid2":
      return `${random.text(1, "abcdefghijklmnopqrstuvwxyz")}${random.text(23, lower)}`;
    case "ulid":
      return `01${random.text(24, base32)}`;
    case "xid":
      return random.text(20, "0123456789abcdefghijklmnopqrstuv");
    case "ksuid":
      return random.text(27, alphanumerics);
    case "mac":
      return Array.from({ length: 6 }, () => random.text(2, hex)).join(":");
    case "hex":
      return random.text(16, hex);
    case "base64":
      return Buffer.from(random.text(12, alphanumerics)).toString("base64");
    case "base64url":
      return Buffer.from(random.text(12, alphanumerics)).toString("base64url");
    case "jwt":
      return [{ alg: "HS256", typ: "JWT" }, { sub: random.text(8, alphanumerics) }]
        .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
        .concat(random.text(43, alphanumerics))
        .join(".");
    default:
      return undefined;
  }
}
