import { nearest } from "../models/nearest.js";
import type { LLMProvider } from "../provider/llm-provider.js";
import { type KeySource, keySource } from "./api-key.js";
import type { LLMClientOptions } from "./client-options.js";
import type { Environment, Origin } from "./environment.js";
import { PROVIDER_NAMES, type ProviderName, type ProviderRow } from "./provider-table.js";
import { checkBaseURL, checkKey, notAllowed } from "./setting-checks.js";

/** Where a key was found that is an option of the client's or of a scope's. */
export const KEY_OPTION = "the option `apiKey`";

/** Who is asked, where, and with which key. */
export interface ProviderSettings {
  apiKey: KeySource | undefined;
  keyFrom: Origin | undefined;
  /** Where the key was found, in words: an option or the name of a variable. */
  keyOrigin: string | undefined;
  baseURL: string | undefined;
  baseURLFrom: Origin | undefined;
  model: string | undefined;
  missingKey?: { detail: string; hint: string } | undefined;
}

/** Which built-in provider is meant: option, `LLM`, else OpenRouter. A mistake is added to `mistakes`. */
export function providerName(
  options: LLMClientOptions,
  environment: Environment,
  mistakes: string[],
): ProviderName | undefined {
  const option: unknown = options.provider;
  const variable = option === undefined ? environment.read("LLM") : undefined;
  if (option === undefined && !variable) return "openrouter";
  const given: unknown = option ?? variable?.value;
  const wanted = typeof given === "string" ? given.trim().toLowerCase() : "";
  const known = PROVIDER_NAMES.find((name) => name === wanted);
  if (known) return known;
  const [meant] = nearest(wanted, PROVIDER_NAMES);
  const allowed = `${PROVIDER_NAMES.join(", ")}${variable ? "" : ", or an object with `name`, `chat` and `chatStream`"}`;
  mistakes.push(
    `${notAllowed(variable ? "LLM" : "provider", given, allowed)}${meant === undefined ? "" : `; did you mean "${meant}"?`}`,
  );
  return undefined;
}

/** Key, URL and model of a built-in provider; mistakes are added to `mistakes`. */
export function providerSettings(
  row: ProviderRow,
  options: LLMClientOptions,
  environment: Environment,
  mistakes: string[],
): ProviderSettings {
  const key = readKey(row, options.apiKey, environment, mistakes);
  const urlVariable = options.baseURL === undefined ? environment.read(row.urlVariable) : undefined;
  const url = options.baseURL ?? urlVariable?.value ?? row.defaultURL;
  const urlFrom: Origin | undefined = options.baseURL === undefined ? urlVariable?.from : "option";
  if (url === undefined) mistakes.push(`${row.urlVariable} (option \`baseURL\`) is not set`);
  const urlMistake = checkBaseURL(urlVariable ? row.urlVariable : "baseURL", url);
  if (urlMistake !== undefined) mistakes.push(urlMistake);
  if (urlFrom === "file" && key.keyFrom !== undefined && key.keyFrom !== "file") {
    mistakes.push(
      `${row.urlVariable} comes from the .env file, but the key does not: set both in the same place, because a .env file must not send your key elsewhere`,
    );
  }
  const modelVariable = options.model === undefined ? environment.read(row.modelVariable) : undefined;
  const model = options.model ?? modelVariable?.value ?? row.defaultModel;
  if (model === undefined) mistakes.push(`${row.modelVariable} (option \`model\`) is not set`);
  return {
    ...key,
    baseURL: urlMistake === undefined ? url?.replace(/\/+$/, "") : undefined,
    baseURLFrom: urlFrom,
    model,
  };
}

/** Key, URL and model for a provider of the caller's own: only what the options say. */
export function ownSettings(
  options: LLMClientOptions,
  own: LLMProvider | undefined,
  mistakes: string[],
): ProviderSettings {
  const { apiKey } = options;
  const urlMistake = checkBaseURL("baseURL", options.baseURL);
  if (urlMistake !== undefined) mistakes.push(urlMistake);
  const given =
    typeof apiKey === "function" || (typeof apiKey === "string" && apiKey.trim() !== "") ? apiKey : undefined;
  return {
    apiKey: given === undefined ? undefined : keySource(given),
    keyFrom: given === undefined ? undefined : "option",
    keyOrigin: given === undefined ? undefined : KEY_OPTION,
    baseURL: urlMistake === undefined ? options.baseURL?.replace(/\/+$/, "") : undefined,
    baseURLFrom: options.baseURL === undefined ? undefined : "option",
    model: options.model ?? own?.defaultModel,
  };
}

function readKey(
  row: ProviderRow,
  option: LLMClientOptions["apiKey"],
  environment: Environment,
  mistakes: string[],
): Pick<ProviderSettings, "apiKey" | "keyFrom" | "keyOrigin" | "missingKey"> {
  if (typeof option === "function") return { apiKey: keySource(option), keyFrom: "option", keyOrigin: KEY_OPTION };
  // An empty option is a key that is missing, not leave to take the process's own.
  const variable = option === undefined ? environment.read(row.keyVariable) : undefined;
  const key = typeof option === "string" ? option.trim() : (variable?.value ?? "");
  if (option !== undefined && typeof option !== "string") {
    mistakes.push("apiKey is no key; allowed: a text or a function");
    return { apiKey: undefined, keyFrom: undefined, keyOrigin: undefined };
  }
  if (key === "") {
    const missingKey = row.keyRequired ? { detail: `${row.title} API Key is not set`, hint: row.keyHint } : undefined;
    return { apiKey: undefined, keyFrom: undefined, keyOrigin: undefined, missingKey };
  }
  const mistake = checkKey(variable ? row.keyVariable : "apiKey", key);
  if (mistake !== undefined) mistakes.push(mistake);
  const place = variable?.from === "file" ? " in the .env file" : "";
  const keyOrigin = variable === undefined ? KEY_OPTION : `${row.keyVariable}${place}`;
  return { apiKey: keySource(key), keyFrom: variable?.from ?? "option", keyOrigin };
}
