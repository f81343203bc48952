/**
 * Calls a listener of the user's; what it throws reaches nobody's request and is told as a process warning
 * (`SIGNALBOX_CALLBACK`).
 */
export async function callListener(name: string, call: () => unknown): Promise<void> {
  try {
    await call();
  } catch (error) {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.emitWarning(`\`${name}\` failed`, { type: "SignalboxWarning", code: "SIGNALBOX_CALLBACK", detail });
  }
}
