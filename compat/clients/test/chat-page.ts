import type { UIMessage } from "ai";

/** What the test steers of the page, and what it hears of it. */
export interface ChatPage {
  ask(prompt: string): void;
  stop(): void;
  heard(state: ChatState): void;
}

export interface ChatState {
  status: string;
  error: { name: string; message: string } | null;
  /** Of the answer. */
  parts: UIMessage["parts"];
}
