/**
 * `@signalbox/core/browser`: reads the answers of our handlers in a page, with nothing but `fetch`.
 *
 * @module core/browser
 */
export { type EventsError, type ReadOptions, readEvents } from "./read-events.js";
