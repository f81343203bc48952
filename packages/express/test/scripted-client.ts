import { LLMClient } from "@signalbox/core";
import { type ScriptedReplySource, scriptedProvider } from "@signalbox/core/testing";

/** A client whose model gives these replies, one after the other. */
export function scripted(...replies: ScriptedReplySource[]) {
  const provider = scriptedProvider({ replies });
  return { provider, client: new LLMClient({ provider, env: false, retry: false }) };
}
