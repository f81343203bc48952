import type { Socket } from "node:net";
import { hasGone, isAnswered, isHttp2, type ServerAnswer } from "./server-answer.js";

/**
 * Calls `onGone` once when the client leaves before the answer is finished; at once, within this call, when it has
 * left already. Returns what takes the listeners off again; they also go when the answer is finished.
 */
export function watchDeparture(res: ServerAnswer, onGone: () => void): () => void {
  if (hasGone(res)) {
    onGone();
    return () => {};
  }
  // It says nothing more, and its connection may serve others for long.
  if (isAnswered(res)) return () => {};
  // The socket of an HTTP/2 response belongs to the session and may not be touched.
  const socket = isHttp2(res) ? undefined : res.req?.socket;
  let unwatchSocket = () => {};
  const stop = () => {
    res.off("close", onEnd);
    res.off("finish", onEnd);
    unwatchSocket();
  };
  const onEnd = () => {
    stop();
    // HTTP/2 says `finish` for a reset stream too.
    if (!isAnswered(res)) onGone();
  };
  // Node answers a half-closed connection by ending its own half: what is written from here on is read by nobody,
  // and `close` waits until a client that has stopped reading takes the rest.
  const onHalfClose = () => {
    if (socket?.writableEnded) {
      stop();
      if (!isAnswered(res)) onGone();
    }
  };
  res.on("close", onEnd);
  res.on("finish", onEnd);
  if (socket) unwatchSocket = watchHalfClose(socket, onHalfClose);
  return stop;
}

interface Watchers {
  all: Set<() => void>;
  tell(): void;
}

/** One listener a connection, however many requests were pipelined on it. */
const WATCHERS = new WeakMap<Socket, Watchers>();

function watchHalfClose(socket: Socket, watcher: () => void): () => void {
  let watchers = WATCHERS.get(socket);
  if (watchers === undefined) {
    const all = new Set<() => void>();
    watchers = {
      all,
      tell() {
        for (const one of [...all]) one();
      },
    };
    WATCHERS.set(socket, watchers);
    socket.on("end", watchers.tell);
  }
  const { all, tell } = watchers;
  all.add(watcher);
  return () => {
    if (!all.delete(watcher) || all.size > 0) return;
    WATCHERS.delete(socket);
    socket.off("end", tell);
  };
}
