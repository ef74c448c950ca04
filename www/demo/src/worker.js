// Kettle & Leaf: an invented tea shop that acts as any shop's backend would. This file decides
// which route answers; Goodword's own paths go on to the tracker before anything else is looked at.

import { basketOf, countOf } from "./basket.js";
import { isTrackers, passOn } from "./passing.js";
import { message } from "./replies.js";
import { keepAccount, showAccount, signIn, signOut } from "./routes/account.js";
import { refund, showBackstage } from "./routes/backstage.js";
import { changeBasket, showProduct } from "./routes/product.js";
import { placeOrder, showCheckout } from "./routes/checkout.js";
import { reportNow, showOrder } from "./routes/order.js";
import { sessionOf } from "./session.js";

const ROUTES = [
  [/^\/$/, { GET: showProduct }],
  [/^\/basket$/, { POST: changeBasket }],
  [/^\/checkout$/, { GET: showCheckout, POST: placeOrder }],
  [/^\/account$/, { GET: showAccount }],
  [/^\/account\/sign-in$/, { POST: signIn }],
  [/^\/account\/sign-out$/, { POST: signOut }],
  [/^\/account\/keep$/, { POST: keepAccount }],
  [/^\/orders\/([^/]+)$/, { GET: showOrder }],
  [/^\/orders\/([^/]+)\/report$/, { POST: reportNow }],
  [/^\/orders\/([^/]+)\/refund$/, { POST: refund }],
  [/^\/backstage$/, { GET: showBackstage }],
];

export default {
  async fetch(request, env, context) {
    const url = new URL(request.url);
    if (isTrackers(url.pathname)) return passOn(request, env);
    const response = await answered(request, env, context, url);
    return request.method === "HEAD" ? new Response(null, response) : response;
  },
};

async function answered(request, env, context, url) {
  if (!env.SECRET_KEY || !env.IDENTITY_SECRET) return message(503);
  try {
    return await routed(request, env, context, url);
  } catch (fault) {
    console.error(`${request.method} ${url.pathname}: ${fault?.stack ?? fault}`);
    return message(500);
  }
}

async function routed(request, env, context, url) {
  for (const [pattern, methods] of ROUTES) {
    const found = pattern.exec(url.pathname);
    if (!found) continue;
    const handler = methods[request.method === "HEAD" ? "GET" : request.method];
    if (!handler) return message(405, { allow: methods.GET ? ["GET", "HEAD", ...(methods.POST ? ["POST"] : [])].join(", ") : "POST" });
    const basket = basketOf(request);
    const visit = { request, env, context, url, basket, count: countOf(basket), session: await sessionOf(request, env) };
    return handler(visit, found[1]);
  }
  return message(404);
}
