// The one server that all HTTP tests of a process share: started by whoever asks first, stopped when
// nothing is left to do. Tests keep apart by programs of their own.
import { caller } from "./http.mjs";
import { startServer } from "./server.mjs";

let starting = null;

/** `{ call, vars, base }` of the shared server. */
export function sharedTracker() {
  starting ??= startServer().then((server) => ({ ...server, call: caller(server.base) }));
  return starting;
}

// A hook of the test runner would come too early: it runs whenever no test is left, even if the next
// file of tests is only being loaded.
process.once("beforeExit", async () => {
  const server = await starting;
  await server?.stop();
});
