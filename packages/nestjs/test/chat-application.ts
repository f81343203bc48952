import { Controller, Logger, UseGuards } from "@nestjs/common";
import { APP_FILTER } from "@nestjs/core";
import { type LLMProvider, memoryRunStore } from "@signalbox/core";
import {
  ChatController,
  type ChatControllerOptions,
  LLMExceptionFilter,
  LLMModule,
  type LLMModuleOptions,
} from "../src/index.js";
import { type Platform, start } from "./application.js";
import { HeaderGuard, type UserRequest } from "./header-guard.js";
import { streamEvents } from "./http.js";

export async function applicationOn(
  platform: Platform,
  provider: LLMProvider,
  options: ChatControllerOptions = {},
  settings: LLMModuleOptions = {},
) {
  const store = options.store ?? memoryRunStore();

  @UseGuards(HeaderGuard)
  @Controller("api/chat")
  class Chat extends ChatController({ store, onError: () => {}, ...options }) {}

  const scope = (request: UserRequest) => ({ user: request.user?.id });
  const { url, app } = await start(platform, {
    imports: [LLMModule.forRoot({ env: false, retry: false, provider, scope: scope as never, ...settings })],
    controllers: [Chat],
    providers: [{ provide: APP_FILTER, useClass: LLMExceptionFilter }],
  });
  Logger.overrideLogger(false);
  return { base: `${url}/api/chat`, store, app };
}

export const runOf = (answer: Response) => answer.headers.get("location")?.split("/").at(-1) ?? "";
export const textOf = (answer: string) =>
  streamEvents(answer)
    .events.map(({ type, text }) => (type === "text-delta" ? text : ""))
    .join("");
