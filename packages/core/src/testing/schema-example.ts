type SchemaObject = Record<string, unknown>;

const DEEPEST = 16;

/** The plainest value that fits a JSON Schema: what a scripted model says when no reply was written for it. */
export function schemaExample(schema: unknown, root: unknown = schema, depth = 0): unknown {
  if (typeof schema !== "object" || schema === null || depth > DEEPEST) return null;
  const node = schema as SchemaObject;
  if ("const" in node) return node.const;
  if ("default" in node) return node.default;
  if (Array.isArray(node.enum)) return node.enum[0];
  if (typeof node.$ref === "string") return schemaExample(resolveRef(node.$ref, root), root, depth + 1);
  const branch = [node.anyOf, node.oneOf, node.allOf].find(Array.isArray);
  if (branch !== undefined) return schemaExample(branch[0], root, depth + 1);
  const type = Array.isArray(node.type) ? node.type[0] : node.type;
  if (type === "object" || node.properties !== undefined) return objectExample(node, root, depth);
  if (type === "array") return arrayExample(node, root, depth);
  if (type === "string") return "x".repeat(Math.max(1, Number(node.minLength ?? 1)));
  if (type === "number" || type === "integer")
    return Number(node.minimum ?? (node.exclusiveMinimum === undefined ? 0 : Number(node.exclusiveMinimum) + 1));
  return type === "boolean" ? true : null;
}

function objectExample(node: SchemaObject, root: unknown, depth: number): SchemaObject {
  const required = Array.isArray(node.required) ? (node.required as string[]) : [];
  const properties = (node.properties ?? {}) as SchemaObject;
  return Object.fromEntries(required.map((name) => [name, schemaExample(properties[name], root, depth + 1)]));
}

function arrayExample(node: SchemaObject, root: unknown, depth: number): unknown[] {
  const count = Number(node.minItems ?? 1);
  const prefix = Array.isArray(node.prefixItems) ? node.prefixItems : [];
  return Array.from({ length: Math.max(count, prefix.length) }, (_, index) =>
    schemaExample(prefix[index] ?? node.items, root, depth + 1),
  );
}

function resolveRef(ref: string, root: unknown): unknown {
  let node: unknown = root;
  for (const part of ref.replace(/^#\/?/, "").split("/").filter(Boolean)) {
    node = (node as SchemaObject | undefined)?.[part.replaceAll("~1", "/").replaceAll("~0", "~")];
  }
  return node;
}
