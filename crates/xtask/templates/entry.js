// The Worker's entry: hands requests and cron runs to the tracker's Wasm, and gives the tracker a
// fresh instance after a panic. A panic leaves the Wasm memory as it fell, so nothing may run on it
// again; what was under way in it is lost, what comes next is not.
import * as tracker from "./tracker.js";

const state = tracker.__worker_init_state();

addEventListener("error", (event) => noteTrap(event.error));

export default {
  fetch: (request, env, context) => run(tracker.fetch, request, env, context),
  scheduled: (event, env, context) => run(tracker.scheduled, event, env, context),
};

async function run(handler, ...given) {
  if (state.criticalError) {
    tracker.__wbg_reset_state();
    state.criticalError = false;
    state.instanceId++;
  }
  try {
    return await handler(...given);
  } catch (fault) {
    noteTrap(fault);
    throw fault;
  }
}

function noteTrap(fault) {
  if (fault instanceof WebAssembly.RuntimeError) state.criticalError = true;
}
