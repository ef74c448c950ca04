// The one server that all HTTP tests of a process share: started by whoever asks first, stopped after
// the last test. Tests keep apart by programs of their own.
import { after } from "node:test";
import { caller } from "./http.mjs";
import { startServer } from "./server.mjs";

let starting = null;

/** `{ call, vars, base }` of the shared server. */
export function sharedTracker() {
  starting ??= startServer().then((server) => ({ ...server, call: caller(server.base) }));
  return starting;
}

after(async () => {
  const server = await starting;
  await server?.stop();
});
