import { Server } from "node:net";

// Preloaded into an example: tells the test which port the example's server was given.
const emit = Server.prototype.emit;
Server.prototype.emit = function (event, ...args) {
  const result = emit.call(this, event, ...args);
  if (event === "listening") process.send?.({ port: this.address().port });
  return result;
};
