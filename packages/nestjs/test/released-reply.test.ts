import { type ArgumentsHost, Catch, Controller, type ExceptionFilter, Header, Post, UseFilters } from "@nestjs/common";
import { throwError } from "rxjs";
import { beforeEach, expect, test } from "vitest";
import { ChatStream } from "../src/index.js";
import { start } from "./application.js";
import { post } from "./http.js";

interface Reply {
  raw: { hasHeader(name: string): boolean };
  removeHeader(name: string): Reply;
  status(code: number): Reply;
  send(body: unknown): unknown;
}

const seen: { patched: boolean; copied: boolean }[] = [];
beforeEach(() => void seen.splice(0));

/** Answers without the header that was meant for the stream. */
@Catch()
class PlainFilter implements ExceptionFilter {
  catch(_error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<Reply>();
    seen.push({ patched: Object.hasOwn(reply.raw, "writeHead"), copied: reply.raw.hasHeader("x-stream") });
    reply.removeHeader("x-stream").status(503).send({ plain: true });
  }
}

@Controller()
class EarlyController {
  @Post("early")
  @Header("x-stream", "yes")
  @UseFilters(PlainFilter)
  @ChatStream()
  early() {
    return throwError(() => new Error("early"));
  }
}

test("what fails early leaves the reply to Fastify as it was", async () => {
  const { url } = await start("fastify", { controllers: [EarlyController] });
  const response = await post(`${url}/early`);
  expect([response.status, await response.json()]).toEqual([503, { plain: true }]);
  expect(response.headers.get("x-stream")).toBe(null);
  expect(seen).toEqual([{ patched: false, copied: false }]);
});
