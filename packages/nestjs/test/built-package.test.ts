import { execFile } from "node:child_process";
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
