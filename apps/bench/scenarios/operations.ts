/** The client as it is, against the same with limits, two budget windows and a ledger in memory. */
export const OPERATIONS = {
  peers: ["signalbox", "signalbox-operations"],
  against: "signalbox",
  // A server runs for days: what is asked is the price of a call, not that of compiling. The rounds are long enough
  // that the compiler is done before the middle one.
  repetitions: 5,
} as const;
