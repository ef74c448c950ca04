// Following a share link the way a browser would: one GET, the redirect looked at and not followed.
import assert from "node:assert/strict";

/** Follows `/r/{code}{query}`; gives the answer with `to`, its Location as a URL (or null). */
export async function follow(call, code, query = "", { method = "GET", ...more } = {}) {
  const answer = await call(method, `/r/${code}${query}`, more);
  const location = answer.headers.get("location");
  return { ...answer, to: location === null ? null : new URL(location) };
}

/** A redirect that no cache may keep; gives where it leads. */
export function assertRedirect(answer) {
  assert.equal(answer.status, 302, `${answer.path} -> ${answer.status} ${answer.text}`);
  assert.match(answer.headers.get("cache-control") ?? "", /\bno-store\b/, answer.path);
  return answer.to;
}

/** What a claim may be made of, and how long it may be. */
export const claimForm = /^[fl][A-Za-z0-9_-]{0,119}$/;

export const robots = [
  ["WhatsApp", "WhatsApp/2.23.20.0 A"],
  ["Facebook", "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)"],
  ["Telegram", "TelegramBot (like TwitterBot)"],
  ["X", "Twitterbot/1.0"],
  ["Slack", "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"],
  ["LinkedIn", "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)"],
  ["Discord", "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)"],
  ["Google", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"],
  ["no agent at all", ""],
];
