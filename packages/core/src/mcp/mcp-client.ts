/** A tool as a server describes it. */
export interface McpTool {
  name: string;
  title?: string | undefined;
  description?: string | undefined;
  /** JSON Schema of an object. */
  inputSchema: { [keyword: string]: unknown };
  /** What the server says of itself: hints, not promises. */
  annotations?:
    | {
        title?: string | undefined;
        readOnlyHint?: boolean | undefined;
        destructiveHint?: boolean | undefined;
        idempotentHint?: boolean | undefined;
        openWorldHint?: boolean | undefined;
      }
    | undefined;
}

/** How far a call has come; the data of a `tool-progress` event. */
export interface McpProgress {
  progress: number;
  total?: number | undefined;
  message?: string | undefined;
}

interface RequestOptions {
  signal?: AbortSignal;
  timeout?: number;
  onprogress?: (progress: McpProgress) => void;
}

/** What is used of a connected `Client` of `@modelcontextprotocol/sdk`. Connecting and closing stay the caller's. */
export interface McpClient {
  /** One page of the server's tools. */
  listTools(
    params?: { cursor?: string },
    options?: RequestOptions,
  ): Promise<{ tools: McpTool[]; nextCursor?: string | undefined }>;
  /** Calls a tool; an aborted signal cancels it at the server. */
  callTool(
    params: { name: string; arguments?: Record<string, unknown> },
    resultSchema?: undefined,
    options?: RequestOptions,
  ): Promise<object>;
}
