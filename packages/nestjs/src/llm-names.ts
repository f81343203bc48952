import { Injectable } from "@nestjs/common";
import { ConfigurationError } from "@signalbox/core";

/** The names that clients of this application are registered under. */
@Injectable()
export class LLMNames {
  readonly #taken = new Set<string>();

  /** Throws `invalid_config` for a name that is taken, which ends the boot. */
  claim(name: string): void {
    if (this.#taken.has(name)) {
      throw new ConfigurationError("invalid_config", `two LLM clients are registered under the name "${name}"`, {
        hint: "give one of them another name, or register it once and import that module",
      });
    }
    this.#taken.add(name);
  }
}
