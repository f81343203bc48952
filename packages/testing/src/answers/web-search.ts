import { isJsonObject, type JsonObject } from "../json.js";
import type { Random } from "../random/random.js";
import { slug } from "../schema/slug.js";
import type { Composer } from "../text/composer.js";

/** Citations of a web search, where the request asks OpenRouter to run one (`web` plugin, server tool, `:online`). */
export function webSearchCitations(
  body: JsonObject,
  composer: Composer,
  random: Random,
): { annotations: JsonObject[]; webSearches?: number } {
  if (!asksForWebSearch(body)) return { annotations: [] };
  const annotations = Array.from({ length: random.integer(2, 4) }, () => ({
    type: "url_citation",
    url_citation: {
      url: `https://example.com/${slug(composer.word(), random)}/${random.integer(1000, 9999)}`,
      title: composer.phrase(),
      start_index: 0,
      end_index: 0,
      content: composer.text(2),
    },
  }));
  return { annotations, webSearches: 1 };
}

function asksForWebSearch(body: JsonObject): boolean {
  if (typeof body.model === "string" && /:online(?::|$)/.test(body.model)) return true;
  const named = (list: unknown, name: (item: JsonObject) => boolean): boolean =>
    Array.isArray(list) && list.some((item) => isJsonObject(item) && item.enabled !== false && name(item));
  return (
    named(body.plugins, (plugin) => plugin.id === "web") ||
    named(body.tools, (tool) => typeof tool.type === "string" && /web_search/.test(tool.type))
  );
}
