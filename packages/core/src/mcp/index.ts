/**
 * `@signalbox/core/mcp`: tools of a server that speaks the Model Context Protocol.
 *
 * @module core/mcp
 */
export type { McpClient, McpProgress, McpTool } from "./mcp-client.js";
export { type McpToolsOptions, mcpTools } from "./mcp-tools.js";
