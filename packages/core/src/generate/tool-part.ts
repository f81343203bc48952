import { lazyPart } from "../errors/lazy-part.js";
import type { GenerateRequest } from "./generate-request.js";

/** What reads the schemas of tools, runs them and goes on with what they answered. */
export type ToolLoop = typeof import("./tool-loop.js");
export const toolPart = /* @__PURE__ */ lazyPart((): Promise<ToolLoop> => import("./tool-loop.js"));

/** Whether a request, checked or not, needs that part. */
export function needsTools(request: GenerateRequest): boolean {
  return request?.tools !== undefined || request?.approvals !== undefined;
}
