import { Server, Socket } from "node:net";
import fc from "fast-check";

// Setup of the mutation run: the same random cases for every mutant, the first failure enough, and no socket.
fc.configureGlobal({ seed: 20_261_123, endOnFailure: true });

const refuse = (): never => {
  throw new Error("a pure test opens no socket");
};
Socket.prototype.connect = refuse;
Server.prototype.listen = refuse;
