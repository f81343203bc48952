import { Server } from "node:net";

// Preloaded into an example: tells the test which port the example's server was given.
const { emit } = Server.prototype;

/**
 * @this {Server}
 * @param {string} event
 * @param {unknown[]} args
 */
Server.prototype.emit = function (event, ...args) {
  const heard = Reflect.apply(emit, this, [event, ...args]);
  const address = event === "listening" ? this.address() : null;
  if (typeof address === "object" && address !== null) process.send?.({ port: address.port });
  return heard;
};
