/** What is used of a running simulator. */
export interface RunningSimulator {
  baseURL: string;
  close(): Promise<void>;
}

/** How to get the simulator, where it is not there. */
export const INSTALL_SIMULATOR = "npm install --save-dev @signalbox/testing";

/** Starts the simulator of the optional peer; undefined where that is not installed. */
export async function findSimulator(load: () => Promise<unknown>): Promise<RunningSimulator | undefined> {
  let loaded: unknown;
  try {
    loaded = await load();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND") return undefined;
    throw error;
  }
  const { startSimulator } = loaded as { startSimulator(options: { seed: string }): Promise<RunningSimulator> };
  return startSimulator({ seed: "doctor" });
}
