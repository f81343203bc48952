/**
 * `@signalbox/core/testing`: an in-process model for the tests of code that uses a client.
 *
 * @module core/testing
 */
export {
  type ScriptedProvider,
  type ScriptedProviderOptions,
  type ScriptedReply,
  type ScriptedReplySource,
  scriptedProvider,
} from "./scripted-provider.js";
