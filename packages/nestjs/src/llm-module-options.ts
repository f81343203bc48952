import type { InjectionToken, ModuleMetadata, OptionalFactoryDependency, Type } from "@nestjs/common";
import type { LLM, LLMClientOptions, ScopeOptions } from "@signalbox/core";
import type { FrameworkRequest } from "./http-request.js";

/** Says what the calls of one request are charged to. Asked after the guards, so that it may read what they found. */
export type RequestScope = {
  /** The scope of the calls of `request`. */
  of(request: FrameworkRequest): ScopeOptions;
}["of"];

/** What one client needs to know, wherever it comes from. */
export interface LLMModuleSettings extends LLMClientOptions {
  /** A ready client, used as it is and never closed; excludes the options of a client. */
  client?: LLM | undefined;
  /** How long calls under way may go on while the application shuts down, in milliseconds. @default 5_000 */
  shutdownGraceMs?: number | undefined;
  /** Abort the client's calls with the HTTP request they are made in, however deep. @default true */
  context?: boolean | undefined;
  /** Adds to every call that is made in an HTTP request, such as the user it is charged to. */
  scope?: RequestScope | undefined;
}

/** How a client is registered. */
export interface LLMRegistration {
  /** Make it injectable everywhere. @default true */
  isGlobal?: boolean | undefined;
  /** @default "default" */
  name?: string | undefined;
}

/** `LLMModule.forRoot()`: how the client is registered, and its own options. */
export interface LLMModuleOptions extends LLMRegistration, LLMModuleSettings {}

/** Makes the settings of a client; for `useClass` and `useExisting`. */
export interface LLMOptionsFactory {
  /** Called once, when the module is built; what it throws fails the start. */
  createLLMOptions(): LLMModuleSettings | Promise<LLMModuleSettings>;
}

/** Exactly one of `useFactory`, `useClass` and `useExisting`. */
export interface LLMModuleAsyncOptions extends LLMRegistration {
  imports?: ModuleMetadata["imports"] | undefined;
  inject?: readonly (InjectionToken | OptionalFactoryDependency)[] | undefined;
  /** Makes the settings from what `inject` names. */
  useFactory?: ((...dependencies: never[]) => LLMModuleSettings | Promise<LLMModuleSettings>) | undefined;
  useClass?: Type<LLMOptionsFactory> | undefined;
  useExisting?: InjectionToken<LLMOptionsFactory> | undefined;
}

/** A named client that adds to another one and shares everything else with it. */
export interface LLMFeature extends ScopeOptions {
  name: string;
  /** The client it adds to. @default "default" */
  from?: string | undefined;
}
