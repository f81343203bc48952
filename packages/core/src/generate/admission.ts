import type { Gates } from "../limits/gates.js";
import { hasAmounts, isLimited } from "../limits/is-limited.js";
import type { Leave } from "../limits/limiter.js";
import type { BookedCall } from "./booked-call.js";
import type { Books } from "./books.js";
import type { CallScope, Engine } from "./engine.js";
import type { ReportedRequest, RequestReport } from "./request-report.js";

/** A request that wants to be sent. */
export interface Applicant extends BookedCall {
  signal: AbortSignal;
}

/**
 * Sets the money of a request aside, once for all its attempts, and takes a place under the limits for this one: at once
 * where the counters are in memory and have room. Gives the function that gives the place back, which `books` tell what
 * the attempt has used; undefined where nothing limits it.
 */
export function takePlace(
  engine: Engine,
  scope: CallScope,
  books: Books,
  applicant: Applicant,
  keyId: string,
): Leave | undefined | Promise<Leave | undefined> {
  const { signal, body } = applicant;
  if (!isLimited(scope.limits, body.model ?? "", engine.provider.name))
    return books.reserve(signal, keyId)?.then(() => undefined);
  const gates = engine.gates.loaded;
  if (!gates?.areLocal || books.report?.isWatched) return askForPlace(engine, scope, books, applicant, keyId);
  // Budgets in memory have set the money aside when this returns, or thrown.
  void books.reserve(signal, keyId);
  return enterLimits(engine, scope, gates, books, applicant, signal, keyId);
}

/** The same where somebody else has to be asked, or wants to know how long it took. */
async function askForPlace(
  engine: Engine,
  scope: CallScope,
  books: Books,
  applicant: Applicant,
  keyId: string,
): Promise<Leave> {
  const { signal } = applicant;
  const gates = engine.gates.loaded ?? (await engine.gates());
  const reserve = () => books.reserve(signal, keyId);
  const enter = async (until: AbortSignal) => {
    const asked = engine.clock.now();
    try {
      return await enterLimits(engine, scope, gates, books, applicant, until, keyId);
    } finally {
      // Whoever is turned away has waited too.
      books.report?.waited(engine.clock.now() - asked);
    }
  };
  if (scope.budgets.length > 0 && !gates.areLocal) return passBoth(reserve, enter, signal);
  await reserve();
  return enter(signal);
}

/** Where counters are on another machine, both are asked at once: one way there and back instead of two. */
async function passBoth(
  reserve: () => Promise<void> | undefined,
  enter: (until: AbortSignal) => Promise<Leave>,
  signal: AbortSignal,
): Promise<Leave> {
  // A budget in memory refuses before anything listens.
  const asked = reserve();
  const refused = new AbortController();
  const onAbort = () => refused.abort(signal.reason);
  // The caller may have left while the gates were loaded: that is not told again.
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort, { once: true });
  const reserving = asked?.catch((error) => {
    // Nobody waits for a place that would not be used.
    refused.abort(error);
    throw error;
  });
  try {
    const [reserved, entered] = await Promise.allSettled([reserving, enter(refused.signal)]);
    if (reserved.status === "rejected") {
      if (entered.status === "fulfilled") entered.value({ tokens: 0, usd: 0 });
      throw reserved.reason;
    }
    if (entered.status === "rejected") throw entered.reason;
    return entered.value;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

function enterLimits(
  { provider }: Engine,
  { limits, user }: CallScope,
  gates: Gates,
  books: Books,
  { body }: Applicant,
  signal: AbortSignal,
  keyId: string,
): Leave | Promise<Leave> {
  const entering = gates.limiter.enter({
    limits,
    key: keyId,
    subject: user ?? keyId,
    model: body.model ?? "",
    providerName: provider.name,
    atMost: hasAmounts(limits) ? mostOf(books, gates) : undefined,
    signal,
  });
  if (!hasAmounts(limits)) return entering;
  return entering instanceof Promise ? tellLater(books, entering) : tell(books, entering);
}

const mostOf = (books: Books, gates: Gates) => () => books.atMost(gates);

function tell(books: Books, leave: Leave): Leave {
  books.took(leave);
  return leave;
}

const tellLater = async (books: Books, entering: Promise<Leave>) => tell(books, await entering);

/** Opens what hears of the request, once for all its attempts. */
export function openReport(
  open: (request: ReportedRequest) => RequestReport,
  engine: Engine,
  scope: CallScope,
  books: Books,
  applicant: Applicant,
): void {
  if (books.report !== undefined) return;
  const { body, operation = "chat", model, user, metadata, call } = applicant;
  books.report = open({
    id: books.id,
    call,
    operation,
    streaming: body.stream === true,
    provider: engine.provider.name,
    model: body.model ?? model.sent,
    user: scope.user ?? user,
    metadata,
    body,
  });
}
