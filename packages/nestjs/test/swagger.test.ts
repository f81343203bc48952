import { Body, Controller, Get, Post } from "@nestjs/common";
import { ApiBody, ApiOperation, DocumentBuilder, SwaggerModule } from "@nestjs/swagger";
import { of } from "rxjs";
import { describe, expect, test } from "vitest";
import { ChatStream, LLMTestingModule } from "../src/index.js";
import { ApiChatStream, ApiLLMErrors, ChatRequestDto } from "../src/swagger/index.js";
import { platforms, start } from "./application.js";
import { post, streamEvents } from "./http.js";

@Controller()
class DocumentedController {
  @Post("chat")
  @ApiOperation({ summary: "Answers" })
  @ApiBody({ type: ChatRequestDto })
  @ApiChatStream()
  @ChatStream()
  chat(@Body() { prompt }: ChatRequestDto) {
    return of(prompt);
  }

  @Post("lines")
  @ApiChatStream({ description: "Lines" })
  @ChatStream({ format: "ndjson" })
  lines() {
    return of("x");
  }

  @Post("below")
  @ChatStream({ format: "text" })
  @ApiChatStream({ format: "text" })
  below() {
    return of("x");
  }

  @Get("whole")
  @ApiLLMErrors(402, 429)
  whole() {
    return {};
  }
}

describe.each(platforms)("on %s, the OpenAPI document", (platform) => {
  test("tells content types, bodies and failures of streaming handlers, which stream as ever", async () => {
    const { app, url } = await start(platform, {
      imports: [LLMTestingModule.forRoot()],
      controllers: [DocumentedController],
    });
    const { paths, components } = SwaggerModule.createDocument(app, new DocumentBuilder().build());
    const responses = (path: string) => paths[path]?.post?.responses as Record<string, { content?: object }>;
    const types = (path: string) => Object.keys(responses(path)["200"]?.content ?? {});
    expect([types("/chat"), types("/lines"), types("/below")]).toEqual([
      ["text/event-stream"],
      ["application/x-ndjson"],
      ["text/plain"],
    ]);
    expect(responses("/lines")["200"]).toMatchObject({ description: "Lines" });
    expect(paths["/chat"]?.post).toMatchObject({
      summary: "Answers",
      requestBody: { content: { "application/json": { schema: { $ref: "#/components/schemas/ChatRequestDto" } } } },
      responses: {
        429: { content: { "application/json": { schema: { $ref: "#/components/schemas/LLMErrorResponseDto" } } } },
      },
    });
    expect(Object.keys(paths["/whole"]?.get?.responses ?? {})).toEqual(["402", "429"]);
    expect(Object.keys(components?.schemas ?? {}).sort()).toEqual([
      "ChatMessageDto",
      "ChatRequestDto",
      "LLMErrorDto",
      "LLMErrorResponseDto",
    ]);
    const { events, done } = streamEvents(await (await post(`${url}/chat`, { prompt: "hi" })).text());
    expect([events.length > 0, done]).toEqual([true, true]);
  });
});
