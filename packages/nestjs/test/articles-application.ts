import {
  type CallHandler,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  Inject,
  Injectable,
  type ModuleMetadata,
  Post,
  Req,
  UseGuards,
  UseInterceptors,
} from "@nestjs/common";
import { LLMClient } from "@signalbox/core";
import type { ScriptedProvider } from "@signalbox/core/testing";
import { concatMap, defer, delay, from, map, mergeMap, tap, timer } from "rxjs";
import { ChatStream, InjectLLM, LLMModule, type LLMModuleSettings, type LLMService } from "../src/index.js";
import type { HeldProvider } from "./held-provider.js";

@Injectable()
class Words {
  constructor(@Inject(LLMClient) private readonly client: LLMClient) {}
  async ask(): Promise<string> {
    return (await this.client.stream({ prompt: "hi" }).result).text;
  }
}

@Injectable()
class Sentences {
  constructor(@Inject(Words) private readonly words: Words) {}
  ask = (): Promise<string> => this.words.ask();
}

@Injectable()
class Articles {
  constructor(
    @Inject(Sentences) private readonly sentences: Sentences,
    @InjectLLM("short") readonly short: LLMService,
  ) {}
  ask = (): Promise<string> => this.sentences.ask();
}

/** Recognises whom the header names, as passport does: after the middleware. */
class HeaderGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest();
    request.user = { id: request.headers["x-user"] };
    return true;
  }
}

@Injectable()
class AskingGuard implements CanActivate {
  constructor(@Inject(Articles) private readonly articles: Articles) {}
  async canActivate(): Promise<boolean> {
    return (await this.articles.ask()) !== "";
  }
}

/** Comes back from elsewhere before it goes on, and looks at what comes. */
const waiting = {
  intercept: async (_context: unknown, next: CallHandler) => {
    await new Promise(setImmediate);
    return timer(1).pipe(
      mergeMap(() => next.handle()),
      tap(() => {}),
    );
  },
};

@Controller()
class ArticleController {
  constructor(
    @Inject(Articles) private readonly articles: Articles,
    @InjectLLM() private readonly llm: LLMService,
  ) {}

  @Get()
  root(): Promise<string> {
    return this.articles.ask();
  }

  @Post("articles")
  @UseGuards(HeaderGuard)
  article(): Promise<string> {
    return this.articles.ask();
  }

  @Post("guarded")
  @UseGuards(AskingGuard)
  guarded(): string {
    return "allowed";
  }

  @Post("plain$")
  @UseGuards(HeaderGuard)
  plain$() {
    return this.llm.text$({ prompt: "hi" });
  }

  @Post("deferred$")
  @UseGuards(HeaderGuard)
  @ChatStream()
  deferred$() {
    return defer(() => this.llm.generate({ prompt: "hi" })).pipe(map(({ text }) => text));
  }

  @Post("from$")
  @UseGuards(HeaderGuard)
  @UseInterceptors(waiting)
  from$() {
    return from(this.articles.ask()).pipe(
      delay(0),
      concatMap(async (first) => [first, await this.articles.ask()]),
    );
  }

  @Post("streamed")
  @UseInterceptors(waiting)
  @UseGuards(HeaderGuard)
  @ChatStream({ format: "text" })
  async *streamed() {
    yield await this.articles.ask();
    yield* this.llm.client.stream({ prompt: "hi" });
  }

  @Post("short")
  @UseGuards(HeaderGuard)
  async short(): Promise<string> {
    return (await this.articles.short.generate({ prompt: "hi" })).text;
  }

  @Post("for-request")
  @UseGuards(HeaderGuard)
  async forRequest(@Req() request: object): Promise<string> {
    return (await this.llm.forRequest(request).generate({ prompt: "hi" })).text;
  }

  @Post("short-for-request")
  @UseGuards(HeaderGuard)
  async shortForRequest(@Req() request: object): Promise<string> {
    return (await this.articles.short.forRequest(request).generate({ prompt: "hi" })).text;
  }

  @Post("bound-and-free")
  async boundAndFree(@Req() request: object): Promise<string[]> {
    const streams = [this.llm.forRequest(request), this.llm].map(({ client }) => client.stream({ prompt: "hi" }));
    return Promise.all(streams.map(async ({ result }) => (await result).text));
  }
}

/** Whom the guards have found. */
export const scope: LLMModuleSettings["scope"] = (request) => ({
  user: (request.user as { id: string } | undefined)?.id ?? "nobody",
});

/** An application whose client stands three services below its controller. */
export function metadata(provider: HeldProvider | ScriptedProvider, settings: LLMModuleSettings = {}): ModuleMetadata {
  return {
    imports: [
      LLMModule.forRoot({ provider, env: false, ...settings }),
      LLMModule.forFeature([{ name: "short", maxTokens: 5 }]),
    ],
    controllers: [ArticleController],
    providers: [Words, Sentences, Articles],
  };
}
