import { headerText } from "../../http/header-text.js";
import { USER_AGENT } from "../user-agent.js";

/** What goes with every request to OpenRouter: who we are, and the app whose request it is. */
export function openRouterHeaders(app: {
  appName?: string | undefined;
  appUrl?: string | undefined;
  appCategories?: readonly string[] | undefined;
}): Record<string, string> {
  const headers: Record<string, string> = { "user-agent": USER_AGENT };
  const title = headerText(app.appName);
  const referer = headerText(app.appUrl);
  if (title !== undefined) headers["x-openrouter-title"] = title;
  if (referer !== undefined) headers["http-referer"] = referer;
  if (app.appCategories?.length) headers["x-openrouter-categories"] = app.appCategories.join(",");
  return headers;
}
