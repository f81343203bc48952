type TokenLists = { content?: unknown; refusal?: unknown };
const LISTS = ["content", "refusal"] as const;

/** Joins the log probabilities of an answer: token lists grow, any other form is replaced by the later one. */
export class Logprobs {
  #whole: unknown;

  get whole(): unknown {
    return this.#whole;
  }

  add(logprobs: unknown): void {
    if (!hasLists(logprobs)) {
      this.#whole = logprobs;
      return;
    }
    const whole: TokenLists = hasLists(this.#whole) ? this.#whole : {};
    for (const name of LISTS) {
      const added = logprobs[name];
      if (!Array.isArray(added)) continue;
      const list = whole[name];
      if (Array.isArray(list)) list.push(...added);
      else whole[name] = [...added];
    }
    this.#whole = whole;
  }
}

function hasLists(value: unknown): value is TokenLists {
  return (
    typeof value === "object" && value !== null && LISTS.some((name) => Array.isArray((value as TokenLists)[name]))
  );
}
