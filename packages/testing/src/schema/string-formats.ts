import type { Generation } from "./generation.js";
import { randomIdentifier } from "./random-identifiers.js";
import { slug } from "./slug.js";

/** A string of a JSON Schema `format`; absent for a format that is not known here. */
export function stringOfFormat(format: string, generation: Generation): string | undefined {
  const { random, composer } = generation;
  const word = (): string => slug(composer.word(), random);
  const day = (): string =>
    new Date(Date.UTC(2026, random.integer(0, 11), random.integer(1, 28))).toISOString().slice(0, 10);
  const time = (): string =>
    [random.integer(0, 23), random.integer(0, 59), random.integer(0, 59)]
      .map((part) => String(part).padStart(2, "0"))
      .join(":");
  switch (format) {
    case "date":
      return day();
    case "time":
      return time();
    case "date-time":
      return `${day()}T${time()}Z`;
    case "duration":
      return `P${random.integer(1, 6)}DT${random.integer(1, 23)}H`;
    case "email":
    case "idn-email":
      return `${word()}@example.com`;
    case "hostname":
    case "idn-hostname":
      return `${word()}.example.com`;
    case "uri":
    case "url":
    case "iri":
      return `https://example.com/${word()}`;
    case "uri-reference":
    case "iri-reference":
      return `/${word()}`;
    case "uri-template":
      return `/${word()}/{id}`;
    case "json-pointer":
      return `/${word()}`;
    case "relative-json-pointer":
      return `1/${word()}`;
    case "regex":
      return `^${word()}$`;
    case "phone":
    case "e164":
      return `+1555${random.text(7, "0123456789")}`;
    case "ipv4":
      return `192.0.2.${random.integer(1, 254)}`;
    case "cidrv4":
      return `192.0.2.0/${random.integer(8, 30)}`;
    case "ipv6":
      return `2001:db8::${random.text(4, "123456789abcdef")}`;
    case "cidrv6":
      return `2001:db8::/${random.integer(32, 64)}`;
    case "emoji":
      return random.pick(["📈", "🧭", "🔍", "🌱"]);
    case "lowercase":
      return composer.phrase().toLowerCase();
    case "uppercase":
      return composer.phrase().toUpperCase();
    case "json-string":
      return JSON.stringify({ topic: composer.phrase() });
    default:
      return randomIdentifier(format, random);
  }
}
