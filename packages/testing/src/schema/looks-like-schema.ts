import { isJsonObject, type JsonValue } from "../json.js";

/** Whether a value found in a prompt is a JSON Schema and not an example of data. */
export function looksLikeJsonSchema(value: JsonValue): boolean {
  if (!isJsonObject(value)) return false;
  if (typeof value.$schema === "string" || isJsonObject(value.$defs)) return true;
  if (value.type === "object") return isJsonObject(value.properties) || "additionalProperties" in value;
  if (value.type === "array") return isJsonObject(value.items) || Array.isArray(value.prefixItems);
  return Array.isArray(value.anyOf) || Array.isArray(value.oneOf) || Array.isArray(value.allOf);
}
