import { LLMClient } from "../src/index.js";
import { askedAt } from "./compare-recorded-error.js";
import { differences, embeddingDifferences, rerankDifferences } from "./compare-recording.js";
import { ManualClock } from "./manual-clock.js";
import { brokenPromises, type Mode, readRecorded } from "./recorded-reading.js";
import { endpointOf, type Recording } from "./recordings.js";
import { startReplayServer } from "./replay-server.js";

/** A server with recorded answers and a client of it. */
export interface RecordedService {
  baseURL: string;
  /** Everything that is read otherwise than the recording says, in every way of asking; empty means right. */
  wrongs(recording: Recording): Promise<string[]>;
  close(): Promise<void>;
}

const MODES: readonly Mode[] = ["streaming", "whole"];

export async function startRecordedService(recordings: readonly Recording[]): Promise<RecordedService> {
  const server = await startReplayServer(recordings);
  const clock = new ManualClock();
  const llm = new LLMClient({
    apiKey: "test-key-canary",
    baseURL: server.baseURL,
    modelNotation: "verbatim",
    retry: false,
    env: false,
    clock,
  });

  async function chatWrongs(recording: Recording): Promise<string[]> {
    const found: string[] = [];
    clock.jump((askedAt(recording) ?? clock.date()) - clock.date());
    for (const mode of MODES) {
      const reading = await readRecorded(llm, recording, mode);
      const wrongs = [...differences(recording, reading), ...brokenPromises(reading)];
      found.push(...wrongs.map((wrong) => `${mode}: ${wrong}`));
    }
    return found;
  }

  return {
    baseURL: server.baseURL,
    async wrongs(recording) {
      const { input, query, documents } = recording.request.body;
      const asked = { model: "acme/test-1", headers: { "x-recording": recording.name } };
      switch (endpointOf(recording)) {
        case "chat":
          return chatWrongs(recording);
        case "embeddings":
          return embeddingDifferences(recording, await llm.embed({ ...asked, input: input as string }));
        case "rerank":
          return rerankDifferences(
            recording,
            await llm.rerank({ ...asked, query: query as string, documents: documents as string[] }),
          );
        default:
          throw new Error(`${recording.request.path} is no endpoint of this client`);
      }
    },
    async close() {
      await llm.close();
      await server.close();
    },
  };
}
