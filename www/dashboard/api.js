// The tracker's routes, as this page asks them: the session's cookie goes along by itself.

/** An answer that is none: its status, the problem's code, what it says, and the fields at fault. */
export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail ?? "");
    this.status = status;
    this.code = problem.code ?? "unreachable";
    this.faults = problem.errors ?? [];
  }
}

/** Asks, with a body as JSON or, where it is a text, as it is; gives what is answered. */
export async function ask(method, path, body) {
  const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
  const headers = body === undefined ? {} : { "content-type": "application/json" };
  const answer = await fetch(path, { method, headers, body: text }).catch(() => null);
  if (answer === null) throw new Refused(0, {});
  const said = answer.status === 204 ? null : await answer.json().catch(() => ({}));
  if (answer.ok) return said;
  if (answer.status === 401 && path !== "/v1/session") dispatchEvent(new Event("goodword-signed-out"));
  throw new Refused(answer.status, said);
}

/** A path with a query; what is empty is left out. */
export function withQuery(path, query) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== "");
  const text = new URLSearchParams(given).toString();
  return text === "" ? path : `${path}?${text}`;
}

/** The paths of a program. */
export const ofProgram = (program, rest = "") => `/v1/programs/${encodeURIComponent(program)}${rest}`;
