import { sep } from "node:path";
import ts from "typescript";

const printer = ts.createPrinter({ removeComments: true, newLine: ts.NewLineKind.LineFeed });

/**
 * The public face of one built entry as text: every exported name with its declaration, then the types that these
 * mention without exporting them. Comments and private members are left out; names are sorted. What `reportedElsewhere`,
 * another entry of the package, exports is mentioned only there.
 * @param {ts.Program} program
 * @param {string} entryFile
 * @param {string} [reportedElsewhere]
 * @returns {string}
 */
export function declarationReport(program, entryFile, reportedElsewhere) {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(entryFile);
  if (!source) throw new Error(`${entryFile} is missing; build first`);
  const dist = entryFile.slice(0, entryFile.lastIndexOf(`${sep}dist${sep}`) + 6);

  /** @param {ts.Symbol} symbol */
  const resolved = (symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol);
  /** @param {ts.Symbol} symbol */
  const ownDeclarations = (symbol) =>
    (symbol.declarations ?? []).filter((node) => node.getSourceFile().fileName.startsWith(dist));

  /** @param {string | undefined} file @returns {Map<string, ts.Symbol>} */
  const exportsOf = (file) => {
    const module = file && checker.getSymbolAtLocation(/** @type {ts.Node} */ (program.getSourceFile(file)));
    return new Map((module ? checker.getExportsOfModule(module) : []).map((symbol) => [symbol.name, resolved(symbol)]));
  };

  const exported = exportsOf(entryFile);
  const seen = new Set([...exported.values(), ...exportsOf(reportedElsewhere).values()]);
  /** @type {ts.Symbol[]} */
  const mentioned = [];

  /** @param {ts.Node} node */
  const collect = (node) => {
    if (isPrivate(node)) return;
    if (ts.isIdentifier(node)) {
      const found = checker.getSymbolAtLocation(node);
      const symbol = found && resolved(found);
      const isTopLevel = symbol && ownDeclarations(symbol).some((d) => ts.isSourceFile(statementOf(d).parent));
      if (symbol && isTopLevel && !seen.has(symbol) && isNamedTopLevel(symbol)) {
        seen.add(symbol);
        mentioned.push(symbol);
      }
    }
    ts.forEachChild(node, collect);
  };
  /** @param {ts.Symbol} symbol */
  const isNamedTopLevel = (symbol) => ownDeclarations(symbol).some((d) => isTopLevelDeclaration(d));

  /** @param {string} name @param {ts.Symbol} symbol */
  const describe = (name, symbol) => {
    const declarations = ownDeclarations(symbol);
    if (declarations.length === 0) return `export { ${name} } from ${originOf(symbol)};`;
    return [...new Set(declarations.map(statementOf))]
      .map((statement) => {
        collect(statement);
        const text = print(statement);
        return symbol.name === name ? text : `// as ${name}\n${text}`;
      })
      .join("\n");
  };

  const globals = source.statements.filter((node) => ts.isModuleDeclaration(node));
  const lines = [...exported].sort(byName).map(([name, symbol]) => describe(name, symbol));
  lines.push(...globals.map((node) => print(node)));
  /** @type {[string, string][]} */
  const internals = [];
  for (const symbol of mentioned) internals.push([symbol.name, describe(symbol.name, symbol)]);
  internals.sort(byName);
  if (internals.length > 0) lines.push("// Mentioned above, not exported:", ...internals.map(([, text]) => text));
  return `${lines.join("\n\n")}\n`;
}

/** @param {[string, unknown]} a @param {[string, unknown]} b */
function byName([a], [b]) {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** @param {ts.Node} node @returns {ts.Node} */
function statementOf(node) {
  let current = node;
  while (!ts.isSourceFile(current) && !ts.isSourceFile(current.parent)) current = current.parent;
  return current;
}

/** @param {ts.Node} node */
function isTopLevelDeclaration(node) {
  if (ts.isVariableDeclaration(node)) return ts.isSourceFile(node.parent.parent.parent);
  return Boolean(node.parent) && ts.isSourceFile(node.parent);
}

/** @param {ts.Node} node */
function isPrivate(node) {
  if (ts.isClassElement(node) && node.name && ts.isPrivateIdentifier(node.name)) return true;
  return ts.canHaveModifiers(node) && ts.getModifiers(node)?.some((m) => m.kind === ts.SyntaxKind.PrivateKeyword);
}

/** @param {ts.Symbol} symbol */
function originOf(symbol) {
  const file = symbol.declarations?.[0]?.getSourceFile().fileName ?? "";
  const inPackage = /.*\/(?:node_modules|packages)\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? file;
  return JSON.stringify(file.includes("/packages/") ? `@signalbox/${inPackage}` : inPackage);
}

/** A declaration without comments, private members, `export` and `declare`. @param {ts.Node} node */
function print(node) {
  const { transformed } = ts.transform(node, [
    (context) => {
      /** @param {ts.Node} child @returns {ts.Node | undefined} */
      const visit = (child) => (isPrivate(child) ? undefined : ts.visitEachChild(child, visit, context));
      return (root) => ts.visitEachChild(root, visit, context);
    },
  ]);
  const [result = node] = transformed;
  const text = printer.printNode(ts.EmitHint.Unspecified, result, node.getSourceFile());
  return text.replace(/^(export )?(declare )?(?!global)/, "");
}
