import { Controller, Post } from "@nestjs/common";
import type { ChatChunk, LLMProvider } from "@signalbox/core";
import { scriptedProvider } from "@signalbox/core/testing";
import { map } from "rxjs";
import { describe, expect, test } from "vitest";
import { ChatStream, InjectLLM, type LLMService, LLMTestingModule } from "../src/index.js";
import { platforms, start } from "./application.js";
import { post } from "./http.js";

const PIECE = "x".repeat(65_536);
const PIECES = 48;
const BOUND = 131_072;

/** A model that says 3 MiB as fast as it is asked, without ever waiting for the network. */
function fastProvider(): LLMProvider {
  async function* chunks(): AsyncGenerator<ChatChunk[]> {
    const chunk = (delta: object, finish: string | null) => ({
      id: "gen-fast",
      choices: [{ index: 0, delta, finish_reason: finish }],
    });
    for (let piece = 0; piece < PIECES; piece++) yield [chunk({ content: PIECE }, null)];
    yield [chunk({}, "stop")];
  }
  const chatStream: LLMProvider["chatStream"] = async () => {
    const iterator = chunks();
    return { status: 200, done: true, close: () => {}, [Symbol.asyncIterator]: () => iterator };
  };
  return { ...scriptedProvider(), chatStream };
}

@Controller()
class LongController {
  constructor(@InjectLLM() private readonly llm: LLMService) {}

  @Post("stream")
  @ChatStream({ format: "ndjson", maxBufferBytes: BOUND })
  stream() {
    return this.llm.client.stream({ prompt: "everything" });
  }

  @Post("unchanged")
  @ChatStream({ format: "ndjson", maxBufferBytes: BOUND })
  unchanged() {
    return this.llm.text$({ prompt: "everything" });
  }

  @Post("changed")
  @ChatStream({ format: "ndjson", maxBufferBytes: BOUND })
  changed() {
    return this.llm.text$({ prompt: "everything" }).pipe(map((text) => text));
  }
}

describe.each(platforms)("on %s", (platform) => {
  const ask = async (path: string) => {
    const imports = [LLMTestingModule.forRoot({ provider: fastProvider() })];
    const { url } = await start(platform, { imports, controllers: [LongController] });
    const text = await (await post(`${url}/${path}`)).text();
    return text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
  };

  test.each(["stream", "unchanged"])("what is ours is read at the client's pace (%s)", async (path) => {
    const events = await ask(path);
    const text = events.flatMap((event) => (event.type === "text-delta" ? [event.text] : [])).join("");
    expect(text.length).toBe(PIECE.length * PIECES);
    expect(events.filter(({ type }) => type === "error")).toEqual([]);
  });

  test("what was changed runs ahead of it, and ends with an error behind the bound", async () => {
    const events = await ask("changed");
    const text = events.flatMap((event) => (event.type === "text-delta" ? [event.text] : [])).join("");
    expect(events.at(-1)).toMatchObject({ type: "error", error: { code: "aborted" } });
    expect(text.length).toBeGreaterThanOrEqual(BOUND);
    expect(text.length).toBeLessThan((PIECE.length * PIECES) / 2);
  });
});
