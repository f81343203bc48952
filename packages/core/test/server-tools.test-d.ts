import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { expectTypeOf, test } from "vitest";
import type {
  FunctionTool,
  GenerateRequest,
  KnownPlugin,
  KnownServerTool,
  Plugin,
  RepairToolCall,
  ServerTool,
  ServerToolParameters,
  ToolCall,
} from "../src/index.js";
import type { McpClient } from "../src/mcp/index.js";

type Asked = NonNullable<GenerateRequest["tools"]>[number];

test("the server tools that are known have typed parameters", () => {
  expectTypeOf<KnownServerTool["type"]>().toEqualTypeOf<
    | "openrouter:web_search"
    | "openrouter:web_fetch"
    | "openrouter:datetime"
    | "openrouter:image_generation"
    | "openrouter:advisor"
    | "openrouter:subagent"
    | "openrouter:fusion"
    | "openrouter:files"
    | "openrouter:bash"
    | "openrouter:experimental__search_models"
  >();
  type Search = Extract<KnownServerTool, { type: "openrouter:web_search" }>;
  expectTypeOf<NonNullable<Search["parameters"]>["max_results"]>().toEqualTypeOf<number | undefined>();
  expectTypeOf<ServerToolParameters["openrouter:datetime"]>().toEqualTypeOf<{ timezone?: string | undefined }>();
  expectTypeOf<ServerToolParameters["openrouter:web_search"]["engine"]>().toExtend<string | undefined>();
});

test("satisfies finds a wrong parameter of a known tool", () => {
  const search = { type: "openrouter:web_search", parameters: { max_results: 3 } } as const satisfies KnownServerTool;
  expectTypeOf(search).toExtend<ServerTool>();
  // @ts-expect-error a number, not a text
  ({ type: "openrouter:web_search", parameters: { max_results: "3" } }) satisfies KnownServerTool;
  // @ts-expect-error the wire's name has an underscore
  ({ type: "openrouter:web_search", parameters: { maxResults: 3 } }) satisfies KnownServerTool;
  // @ts-expect-error no such tool
  ({ type: "openrouter:websearch" }) satisfies KnownServerTool;
});

test("server tools of a later day pass, and so do OpenAI's short forms", () => {
  expectTypeOf<{ type: "openrouter:of_tomorrow"; parameters: { x: 1 } }>().toExtend<Asked>();
  expectTypeOf<{ type: "openrouter:web_search" }>().toExtend<Asked>();
  expectTypeOf<{ type: "web_search_preview"; max_results: 3 }>().toExtend<Asked>();
  expectTypeOf<FunctionTool>().toExtend<Asked>();
  expectTypeOf<{ type: "browser" }>().not.toExtend<Asked>();
});

test("plugins that are known have typed settings", () => {
  expectTypeOf<KnownPlugin["id"]>().toEqualTypeOf<
    | "web"
    | "web-fetch"
    | "file-parser"
    | "response-healing"
    | "context-compression"
    | "moderation"
    | "auto-router"
    | "auto-beta-router"
    | "pareto-router"
    | "fusion"
    | "switchyard-router"
  >();
  type Web = Extract<KnownPlugin, { id: "web" }>;
  expectTypeOf<Web["include_domains"]>().toEqualTypeOf<string[] | undefined>();
  const parser = { id: "file-parser", pdf: { engine: "native" } } as const satisfies KnownPlugin;
  expectTypeOf(parser).toExtend<Plugin>();
  // @ts-expect-error a list of hosts
  ({ id: "web", include_domains: "example.com" }) satisfies KnownPlugin;
  // @ts-expect-error only the other router pins
  ({ id: "auto-beta-router", pin_model: true }) satisfies KnownPlugin;
});

test("plugins of a later day pass; one without an id is none", () => {
  const request: GenerateRequest = { prompt: "x", plugins: [{ id: "web" }, { id: "of-tomorrow", depth: 3 }] };
  expectTypeOf(request.plugins).toEqualTypeOf<readonly Plugin[] | undefined>();
  // @ts-expect-error a plugin is named by its id
  request.plugins = [{ enabled: true }];
});

test("a repair gets the call and gives arguments", () => {
  expectTypeOf<Parameters<RepairToolCall>[0]>().toEqualTypeOf<Readonly<ToolCall>>();
  expectTypeOf<(call: ToolCall) => string>().toExtend<RepairToolCall>();
  expectTypeOf<() => Promise<undefined>>().toExtend<RepairToolCall>();
});

test("the SDK's client is what mcpTools takes", () => {
  expectTypeOf<Client>().toExtend<McpClient>();
});
