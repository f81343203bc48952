import { canonicalJson, type JsonObject } from "../json.js";
import { alphanumerics, createRandom, type Random } from "../random/random.js";
import type { Simulation } from "../simulation.js";

/** A new generation: its id, its second of birth, and the choices that belong to it alone. */
export interface Birth {
  id: string;
  created: number;
  random: Random;
}

/** Names a generation; the random part depends on seed, request and how often that request came before. */
export function beGenerated(prefix: "gen" | "gen-emb" | "gen-rerank", body: JsonObject, simulation: Simulation): Birth {
  const created = Math.floor(simulation.clock.now() / 1000);
  const request = createRandom("request", canonicalJson(body)).text(24, alphanumerics);
  const occurrence = (simulation.occurrences.get(request) ?? 0) + 1;
  simulation.occurrences.set(request, occurrence);
  const random = createRandom("generation", simulation.seed, request, occurrence);
  return { id: `${prefix}-${created}-${random.text(20, alphanumerics)}`, created, random };
}
