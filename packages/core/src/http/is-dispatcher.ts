/** The part of an undici Dispatcher (7 or later) that is called. */
export interface DispatcherLike {
  dispatch(options: object, handler: object): boolean;
}

/** Whether a value can be called as a Dispatcher is. */
export function isDispatcher(value: unknown): value is DispatcherLike {
  return (
    typeof value === "object" && value !== null && typeof (value as Partial<DispatcherLike>).dispatch === "function"
  );
}
