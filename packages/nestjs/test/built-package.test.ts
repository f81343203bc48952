import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);
const packageFolder = fileURLToPath(new URL("..", import.meta.url));

const boot = `
async function main(nest, core, { LLMModule, LLMService, LLMTool, LLMTestingModule, getLLMToken }) {
  class Tools {
    double({ n }) {
      return n * 2;
    }
  }
  const double = Object.getOwnPropertyDescriptor(Tools.prototype, "double");
  LLMTool({ name: "double", parameters: { type: "object", properties: { n: { type: "number" } } } })(Tools.prototype, "double", double);
  nest.Injectable()(Tools);
  class AppModule {}
  nest.Module({
    imports: [
      LLMTestingModule.forRoot({ replies: [{ toolCalls: [{ name: "double", arguments: { n: 21 } }] }, "answer"] }),
      LLMModule.forFeature([{ name: "child", maxTokens: 5 }]),
    ],
    providers: [Tools],
  })(AppModule);
  const app = await core.NestFactory.create(AppModule, { logger: false });
  await app.init();
  const llm = app.get(LLMService);
  const { text, newMessages } = await llm.generate({ prompt: "hi", tools: llm.tools("double") });
  const answers = newMessages.filter(({ role }) => role === "tool").map(({ content }) => content);
  console.log(JSON.stringify({ text, answers, child: app.get(getLLMToken("child")) instanceof LLMService }));
  await app.close();
}
`;

const esm = `${boot}
main(await import("@nestjs/common"), await import("@nestjs/core"), await import("@signalbox/nestjs"));`;
const cjs = `${boot}
main(require("@nestjs/common"), require("@nestjs/core"), require("@signalbox/nestjs"));`;

// The package is named by itself here, so that what its `exports` say is loaded: what has been built.
test.each([
  ["ESM", "module", esm],
  ["CommonJS", "commonjs", cjs],
])("the built %s package injects what it needs without emitted metadata", async (_name, type, script) => {
  const { stdout } = await run(process.execPath, [`--input-type=${type}`, "-e", script], { cwd: packageFolder });
  expect(JSON.parse(stdout)).toEqual({ text: "answer", answers: ["42"], child: true });
});

/** What a built file needs of other packages, through its own chunks, too. */
function needs(file: string, seen = new Set<string>()): string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  const code = readFileSync(`${packageFolder}dist/${file}`, "utf8");
  const specifiers = [...code.matchAll(/(?:from|import|require\()\s*["']([^"']+)["']/g)].map(
    ([, name]) => name as string,
  );
  return specifiers.flatMap((name) => (name.startsWith("./") ? needs(name.slice(2), seen) : [name]));
}

test.each(["index.js", "index.cjs"])("%s needs nothing that is optional", (file) => {
  const needed = [...new Set(needs(file))].filter(
    (name) => !name.startsWith("node:") && name !== "async_hooks" && name !== "stream",
  );
  expect(needed.sort()).toEqual([
    "@nestjs/common",
    "@nestjs/core",
    "@signalbox/core",
    "@signalbox/core/node",
    "@signalbox/core/testing",
    "rxjs",
  ]);
});

test.each([
  ["ESM", "module", (entry: string) => `await import("${entry}")`],
  ["CommonJS", "commonjs", (entry: string) => `require("${entry}")`],
] as const)("the optional entries load as %s", async (_name, type, load) => {
  const script = `Promise.resolve().then(async () => {
    const names = (entry) => Object.keys(entry).filter((name) => !["default", "module.exports"].includes(name)).sort();
    console.log(JSON.stringify([names(${load("@signalbox/nestjs/terminus")}), names(${load("@signalbox/nestjs/swagger")})]));
  });`;
  const { stdout } = await run(process.execPath, [`--input-type=${type}`, "-e", script], { cwd: packageFolder });
  expect(JSON.parse(stdout)).toEqual([
    ["LLMHealthIndicator"],
    ["ApiChatStream", "ApiLLMErrors", "ChatMessageDto", "ChatRequestDto", "LLMErrorDto", "LLMErrorResponseDto"],
  ]);
});
