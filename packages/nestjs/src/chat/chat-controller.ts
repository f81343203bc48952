import {
  Body,
  Delete,
  ForbiddenException,
  Get,
  Head,
  Inject,
  Logger,
  Param,
  Post,
  Req,
  Res,
  type Type,
} from "@nestjs/common";
import { ModuleRef } from "@nestjs/core";
import {
  type ChatRunEvents,
  followChatRun,
  type GenerateRequest,
  type GenerateResult,
  type ScopeOptions,
} from "@signalbox/core";
import {
  type Accept,
  admitToRun,
  chatRequests,
  checkOptions,
  endsWithReader,
  findRunCaller,
  type OptionRules,
  RUN_SERVER_RULES,
  type RunServerOptions,
  readPosition,
  STREAM_FORMATS,
  type StreamFormat,
  wantsToFollow,
} from "@signalbox/core/node";
import { ChatStream } from "../chat-stream.decorator.js";
import type { FrameworkAnswer } from "../http-answer.js";
import { type FrameworkRequest, rawResponse } from "../http-request.js";
import { LLMRequests } from "../llm-requests.js";
import { locationOf, objectOf, type RunRequest } from "../steps/run-request.js";
import { ChatHost } from "./chat-host.js";

/** Who may chat, where answers are kept, and how they are told. */
export interface ChatControllerOptions extends RunServerOptions {
  /** The name of the client that is asked. @default "default" */
  client?: string | undefined;
  /** Who may start a run, or touch the run `runId`: true, the scope of its calls, or false. @default whom the guards let in */
  authorize?:
    | {
        /** @param request - after the guards, so that `request.user` is known */
        of(request: FrameworkRequest, runId?: string): ScopeOptions | boolean | Promise<ScopeOptions | boolean>;
      }["of"]
    | undefined;
  /** Whose a run is that a request starts, and whose runs it may touch; undefined is nobody. @default anybody's */
  owner?:
    | {
        /** @param request - after the guards, so that `request.user` is known */
        of(request: FrameworkRequest): string | undefined | Promise<string | undefined>;
      }["of"]
    | undefined;
  /** The server's part of every call; it wins over the body. */
  request?:
    | {
        /** @param request - after the guards */
        of(request: FrameworkRequest): Partial<GenerateRequest> | Promise<Partial<GenerateRequest>>;
      }["of"]
    | undefined;
  /** Fields that a body may set besides `prompt`, `messages` and `stream`. @default none */
  accept?: Accept<FrameworkRequest> | undefined;
  /** How answers are written. @default "events" */
  format?: StreamFormat | undefined;
  /** Hears of every answer that came to its end, whether or not somebody was left to read it. */
  onFinish?: ((result: GenerateResult, run: { runId: string }) => unknown) | undefined;
  /** Hears of every failure (`aborted` where a run was stopped), and of a store that does not keep a run. @default logged */
  onError?: ((error: unknown, run: { runId: string }) => unknown) | undefined;
}

const OPTIONS: OptionRules<ChatControllerOptions> = {
  ...RUN_SERVER_RULES,
  client: "anything",
  authorize: "function",
  owner: "function",
  request: "function",
  accept: "anything",
  format: STREAM_FORMATS,
  onFinish: "function",
  onError: "function",
};

/** The routes of {@link ChatController}; override one to change it. */
export interface ChatRoutes {
  /** `POST /`: starts a run. */
  start(request: RunRequest, response: FrameworkAnswer, body: unknown): Promise<ChatRunEvents | { runId: string }>;
  /** `HEAD /:runId`: whether there is such a run. */
  find(request: RunRequest, runId: string): Promise<void>;
  /** `GET /:runId`: replays a run behind `Last-Event-ID` or `?after=`, and goes on live. */
  follow(request: RunRequest, runId: string): Promise<ChatRunEvents>;
  /** `DELETE /:runId`: stops a run. */
  stop(request: RunRequest, runId: string, response: FrameworkAnswer): Promise<{ runId: string } | undefined>;
}

/**
 * A controller class for chats that survive their connection, to extend: `class Chat extends ChatController({ store })
 * {}` under a `@Controller()` with guards and interceptors of your own.
 *
 * Shape: `POST /` takes `prompt` or `messages`, `stream` and what `accept` opens, and answers with the stream,
 * `Location` naming the run; with `?follow=0`, `stream: false`, or where only JSON is accepted, with 202 and `{ runId }`
 * once the run is kept. `GET /:runId` follows it from any process with the same store, behind `Last-Event-ID` or
 * `?after=`: in `events` and `ndjson` nothing is missing or told twice. A run that failed, or whose process is gone
 * (`interrupted`), is followed to its error. `DELETE /:runId` gives 204 once the run has ended, in whichever process; 202
 * and `{ runId }` where that one has not answered within `stopTimeoutMs`.
 * Throws: `invalid_config` at once for options that cannot be read; `invalid_request` (400) for bodies and positions
 * that make no sense; `not_found` (404) for an unknown run, for one of another `owner`, and for one that `authorize`
 * keeps from its caller; 403 for a start. A store that fails costs a run its log, never its starter the answer.
 * Cancels: with `"abort"` a starter who leaves, or whose answer an interceptor gives up, ends the run upstream; with
 * `"continue"` only DELETE and the closing of the client do. Whoever only follows never does.
 */
export function ChatController(options: ChatControllerOptions = {}): Type<ChatRoutes> {
  checkOptions("ChatController", options, OPTIONS);
  const readRequest = chatRequests("ChatController", options.accept);
  const runs = new ChatHost(options, logFault);
  const stream = { format: options.format, heartbeatMs: options.heartbeatMs };
  const leaseCheckMs = Math.min(5_000, options.leaseMs ?? 30_000);

  class Chat implements ChatRoutes {
    @Inject(ModuleRef) readonly moduleRef!: ModuleRef;

    @Post()
    @ChatStream(stream)
    async start(
      @Req() request: RunRequest,
      @Res({ passthrough: true }) response: FrameworkAnswer,
      @Body() body: unknown,
    ) {
      const caller = await findRunCaller(request, options);
      if (caller === undefined) throw new ForbiddenException("this may not be started");
      const server = async () => ({ request: await options.request?.(request) });
      const asked = await readRequest(objectOf(body), request, server);
      const follows = wantsToFollow(request, asked.stream);
      const run = runs.begin(this.moduleRef, request, caller, asked.request, !follows);
      response.header("Location", locationOf(request, run.runId));
      if (follows) {
        // What has failed before its first word, or is not kept, is nothing to come back to.
        const withdraw = () => {
          const raw = rawResponse(response);
          if (raw.headersSent) return;
          response.removeHeader("Location");
          // Fastify's headers may have been handed on to the raw response by now.
          raw.removeHeader("Location");
        };
        run.kept.catch(withdraw);
        run.result.catch(withdraw);
        return options.onDisconnect === "continue" ? run.events : endsWithReader(run);
      }
      try {
        await run.kept;
      } catch (error) {
        response.removeHeader("Location");
        throw error;
      }
      response.status(202);
      return { runId: run.runId };
    }

    @Head(":runId")
    async find(@Req() request: RunRequest, @Param("runId") runId: string): Promise<void> {
      const caller = await admitToRun(request, options, runId);
      readPosition(request);
      await runs.find(runId, caller);
    }

    @Get(":runId")
    @ChatStream(stream)
    async follow(@Req() request: RunRequest, @Param("runId") runId: string) {
      const { owner } = await admitToRun(request, options, runId);
      const { signal } = this.moduleRef.get(LLMRequests, { strict: false }).of(request);
      return followChatRun(runs.store, runId, { after: readPosition(request), owner, signal, leaseCheckMs });
    }

    @Delete(":runId")
    async stop(
      @Req() request: RunRequest,
      @Param("runId") runId: string,
      @Res({ passthrough: true }) response: FrameworkAnswer,
    ): Promise<{ runId: string } | undefined> {
      const hasEnded = await runs.stop(runId, await admitToRun(request, options, runId));
      response.status(hasEnded ? 204 : 202);
      return hasEnded ? undefined : { runId };
    }
  }
  return Chat;
}

const logger = new Logger("ChatController");

function logFault(error: unknown, { runId }: { runId: string }): void {
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  logger.error(`run ${runId}: ${what}`);
}
