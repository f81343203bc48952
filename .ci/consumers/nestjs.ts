import "reflect-metadata";
import assert from "node:assert/strict";
import { Injectable, Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { InjectLLM, LLMModule, LLMService } from "@signalbox/nestjs";
import { startSimulator } from "@signalbox/testing";
import { lastValueFrom, toArray } from "rxjs";

@Injectable()
class TitleService {
  constructor(@InjectLLM() readonly llm: LLMService) {}
}

async function main(): Promise<void> {
  const simulator = await startSimulator({ seed: 1 });

  @Module({
    imports: [
      LLMModule.forRoot({
        apiKey: "sk-or-consumer",
        baseURL: simulator.baseURL,
        model: "openai/gpt-4o-mini",
        env: false,
      }),
    ],
    providers: [TitleService],
  })
  class AppModule {}

  const app = await NestFactory.createApplicationContext(AppModule, { logger: false });
  const { llm } = app.get(TitleService);
  assert.equal(llm, app.get(LLMService));
  assert.ok((await llm.generate({ prompt: "A title" })).text.length > 0);
  const pieces: string[] = await lastValueFrom(llm.text$({ prompt: "A title" }).pipe(toArray()));
  assert.ok(pieces.join("").length > 0);

  await app.close();
  await simulator.close();
  console.log("ok");
}

void main();
