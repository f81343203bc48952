import { readFileSync } from "node:fs";
import ts from "typescript";

/**
 * @typedef {"value" | "type" | "dynamic"} ImportKind
 * @typedef {{ specifier: string, kind: ImportKind, line: number }} SourceImport
 */

/**
 * Every module that a source file names, with the way it names it.
 * @param {string} file
 * @returns {SourceImport[]}
 */
export function sourceImports(file) {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
  /** @type {SourceImport[]} */
  const found = [];

  /** @type {(node: ts.Node | undefined, kind: ImportKind) => void} */
  const add = (node, kind) => {
    if (!node || !ts.isStringLiteralLike(node)) return;
    found.push({ specifier: node.text, kind, line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1 });
  };

  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypeOnly(node.importClause) ? "type" : "value");
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly ? "type" : "value");
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, "type");
    else if (ts.isCallExpression(node)) {
      if (node.expression.kind === ts.SyntaxKind.ImportKeyword) add(node.arguments[0], "dynamic");
      if (ts.isIdentifier(node.expression) && node.expression.text === "require") add(node.arguments[0], "dynamic");
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/**
 * `import type …` only: under verbatimModuleSyntax `import { type T } from "x"` still loads x.
 * @param {ts.ImportClause | undefined} clause
 */
function isTypeOnly(clause) {
  return clause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
}
