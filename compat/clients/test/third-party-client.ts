/** Where a client is pointed at, and with whose key. */
export interface Door {
  /** Of the OpenAI-compatible router. */
  baseURL: string;
  /** Of a page that talks to the chat handler. */
  pageURL: string;
  key: string;
}

export interface Ask {
  model: string;
  prompt: string;
  signal?: AbortSignal | undefined;
  /** Hears of every piece of a streamed text. */
  onText?: ((text: string) => void) | undefined;
}

/** How a client ended that says nothing more than this of it. */
export class Ending {
  readonly kind: string;
  constructor(kind: string) {
    this.kind = kind;
  }
}

/** A tool that a client offers: what it is given and what it answers. */
export interface OfferedTool {
  name: string;
  /** The one argument. */
  parameter: string;
  answer: string;
}

export interface Called {
  name: string;
  arguments: unknown;
}

/** What the user of a client sees of a failure. */
export interface Failure {
  /** The name of the class, or of what stands for one. */
  kind: string;
  status?: number | undefined;
  retryAfter?: string | undefined;
  message: string;
}

/** A client in use. Whatever fails is thrown as the client gives it to its user. */
export interface OpenClient {
  text(ask: Ask): Promise<string>;
  stream(ask: Ask): Promise<string>;
  /** Both rounds: the calls, and the text behind their answers. */
  tools(ask: Ask, tools: readonly OfferedTool[]): Promise<{ calls: Called[]; text: string }>;
  /** An object of the shape `{ city: string, degrees: number }`. */
  structured(ask: Ask): Promise<unknown>;
  failure(thrown: unknown): Failure;
  close?(): Promise<void>;
}

export const FAILURES = [
  "401",
  "402",
  "429 + Retry-After",
  "mid-stream error",
  "cut stream",
  "abort",
  "unknown model",
] as const;
export const SCENARIOS = ["text", "stream", "two parallel tools", "structured", ...FAILURES] as const;

export type FailureScenario = (typeof FAILURES)[number];
export type Scenario = (typeof SCENARIOS)[number];

/** A client that somebody else made. */
export interface ThirdPartyClient {
  name: string;
  /** Whose versions the table shows. */
  packages: readonly string[];
  open(door: Door): Promise<OpenClient>;
  /** The kind of failure that its user sees. */
  kinds: Partial<Record<FailureScenario, string>>;
  /** Why a scenario is not one for this client. */
  without?: Partial<Record<Scenario, string>> | undefined;
}
