// The tests' tables: one function per table, one line per case. Which fields a problem names is read
// here as well, so that no test depends on how a path to a field is spelt.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

/** Runs `run(...row)` for every `[name, ...row]` of a table, each as a test of its own. */
export function check(title, rows, run) {
  describe(title, () => {
    for (const [name, ...row] of rows) test(name, () => run(...row));
  });
}

/** `steps[0].from`, `steps.0.from` and `/steps/0/from` are one field. */
const plain = (field) => field.replace(/^\//, "").replace(/\[(\d+)\]/g, ".$1").replaceAll("/", ".");

/** The fields a problem names, sorted. */
export const faultsOf = (response) => (response.body.errors ?? []).map(({ field }) => plain(field)).sort();

/** Asserts a problem: its status (or one of several), its code, and the fields it must name. */
export function assertProblem(response, status, code, fields = []) {
  const seen = `${response.method} ${response.path} -> ${response.status} ${response.text}`;
  assert.ok([status].flat().includes(response.status), `expected ${status}: ${seen}`);
  assert.ok([code].flat().includes(response.body.code), `expected ${code}: ${seen}`);
  for (const field of fields) assert.ok(faultsOf(response).includes(field), `${field} is not named: ${seen}`);
}

/** Asserts a status, showing the whole answer when it is another. */
export function assertStatus(response, ...statuses) {
  assert.ok(statuses.includes(response.status), `expected ${statuses}: ${response.method} ${response.path} -> ${response.status} ${response.text}`);
  return response;
}

/** What an invalid request may be answered with: Stripe says 400, GitHub 422. */
export const invalid = [400, 422];
