/** The transports over what a user brings. */
export { dispatcherTransport } from "./dispatcher-transport.js";
export { fetchTransport } from "./fetch-transport.js";
