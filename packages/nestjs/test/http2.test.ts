import { once } from "node:events";
import { connect } from "node:http2";
import { type CallHandler, Controller, Post, Res, UseFilters, UseInterceptors } from "@nestjs/common";
import { FastifyAdapter, type NestFastifyApplication } from "@nestjs/platform-fastify";
import { Test } from "@nestjs/testing";
import { RateLimitError } from "@signalbox/core";
import { concat, firstValueFrom, NEVER, of, Subject, takeUntil } from "rxjs";
import { expect, onTestFinished, test } from "vitest";
import { ChatStream, LLMExceptionFilter } from "../src/index.js";

const stop$ = new Subject<void>();
const stopping = {
  intercept: (_context: unknown, next: CallHandler) => next.handle().pipe(takeUntil(stop$)),
};

@Controller()
class CutController {
  @Post("stopped")
  @UseInterceptors(stopping)
  @ChatStream({ format: "text" })
  stopped() {
    return concat(of("half of"), NEVER);
  }

  @Post("filtered")
  @UseFilters(LLMExceptionFilter)
  async filtered(@Res() { raw }: { raw: NodeJS.WritableStream }) {
    raw.write("half of");
    await firstValueFrom(stop$);
    throw new RateLimitError("rate_limit", "rate limit exceeded");
  }
}

test.each(["stopped", "filtered"])("a cut HTTP/2 answer does not look whole (%s)", async (path) => {
  const module = await Test.createTestingModule({ controllers: [CutController] }).compile();
  const adapter = new FastifyAdapter({ http2: true } as object);
  const app = module.createNestApplication<NestFastifyApplication>(adapter, { logger: false });
  await app.listen(0, "127.0.0.1");
  onTestFinished(() => app.close());
  const session = connect(await app.getUrl());
  onTestFinished(() => session.destroy());
  const stream = session.request({ ":method": "POST", ":path": `/${path}` });
  stream.on("error", () => {});
  await once(stream, "data");
  const closed = new Promise((resolve) => stream.on("close", resolve));
  stop$.next();
  await closed;
  expect(stream.rstCode).toBe(2);
});
