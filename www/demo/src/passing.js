// Decides which paths are Goodword's own and passes them on as they came. On a shop's zone the
// Cloudflare route of the tracker does this and the shop has no such file.

const EXACT = new Set(["/goodword.js", "/health", "/openapi.json", "/dashboard"]);
const BELOW = ["/widget/", "/r/", "/qr/", "/v1/", "/dashboard/"];

export function isTrackers(path) {
  return EXACT.has(path) || BELOW.some((start) => path.startsWith(start));
}

/** Method, headers and body go on unchanged; a redirect goes back to the browser, unfollowed. */
export async function passOn(request, env) {
  try {
    return await env.TRACKER.fetch(new Request(request, { redirect: "manual" }));
  } catch (fault) {
    console.error(`${request.method} ${new URL(request.url).pathname}: ${fault}`);
    return new Response("The tracker cannot be reached.\n", { status: 502, headers: { "cache-control": "no-store" } });
  }
}
