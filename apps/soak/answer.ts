/** Answers the questions that the parent process asks; ends with it. */
export function answerParent(answers: Record<string, (about: never) => unknown>): void {
  process.on("message", async (message: { id: number; question: string; about: never }) => {
    const value = await answers[message.question]?.(message.about);
    process.send?.({ to: message.id, value });
  });
  process.on("disconnect", () => process.exit());
}

/** Says something to the parent that it did not ask for. */
export function tellParent(news: unknown): void {
  process.send?.({ news });
}
