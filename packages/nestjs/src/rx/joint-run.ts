import { AsyncLocalStorage } from "node:async_hooks";

const joint = new AsyncLocalStorage<boolean>();

/** Starts a run that belongs to all of its viewers, and not to the request of the first. */
export function startJoint<T>(start: () => T): T {
  return joint.run(true, start);
}

/** Whether what is asked for here is a part of such a run. */
export function isJoint(): boolean {
  return joint.getStore() === true;
}
