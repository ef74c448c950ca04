// Behind the counter: what the shop's server said to the tracker and what it was answered. It is
// there for whoever looks at the demo; no customer sees it.

import { html } from "../markup.js";
import { day, digits, price } from "../money.js";
import { isFinal } from "../tracker.js";
import { layout } from "./layout.js";

/** `rows` are `{order, request, answer, refunded, left_minor, refund_id}`, newest first. */
export function backstagePage({ rows, origin, program, count, customer }) {
  const main = html`
<header class="greeting"><div><p class="eyebrow">Only on a developer’s machine</p><h1>Behind the counter</h1>
<p class="lead">Every order the shop’s server has posted to the tracker, and the tracker’s answers.</p></div></header>
<section class="settle" aria-labelledby="settle">
  <h2 id="settle">Settle now</h2>
  <p>Rewards stay pending until the program’s hold has passed and settlement runs: by itself every quarter of an hour once deployed, or when the owner asks. The owner’s key is no business of a shop’s server, so run this where <code>.dev.vars</code> lies:</p>
  <pre tabindex="0"><code>${settleCommand(origin, program)}</code></pre>
</section>
<section aria-labelledby="posted">
  <h2 id="posted">Orders</h2>
  ${rows.length === 0 ? html`<p class="empty">No order yet. <a href="/">Buy the first one.</a></p>` : rows.map(orderRow)}
</section>`;
  return layout({ title: "Behind the counter", main, count });
}

function settleCommand(origin, program) {
  return [
    `OWNER_KEY=$(sed -n 's/^OWNER_KEY=//p' .dev.vars | tr -d '"')`,
    `curl -X POST ${origin}/v1/programs/${program}/settle \\`,
    `  -H "Authorization: Bearer $OWNER_KEY"`,
  ].join("\n");
}

function orderRow({ order, request, answer, refunded, left_minor, refund_id }) {
  const [tone, verdict] = verdictOf(order, answer);
  return html`<article class="posted" id="${order.id}">
  <header><div><h3>${order.id}</h3><p class="aside">${order.customer.name}, ${day(order.placed_at)}</p></div>
  <p class="sum">${price(order.paid_minor, order.currency)}${order.off_minor > 0 && html`<small>${price(order.off_minor, order.currency)} taken off</small>`}</p>
  <p class="verdict ${tone}">${verdict}</p></header>
  ${!isFinal(answer) && html`<form method="post" action="/orders/${order.id}/report"><input type="hidden" name="next" value="backstage"><button>Post it again</button></form>`}
  ${exchange("POST /v1/conversions", request, answer)}
  ${refunded.map((refund) => refundRow(order, refund))}
  ${left_minor > 0 && refundForm(order, left_minor, refund_id)}
</article>`;
}

function verdictOf(order, answer) {
  const body = answer?.body;
  if (!isFinal(answer)) return ["warn", "Not posted yet"];
  if (body?.outcome === "attributed") return ["good", `Attributed to ${order.inviter ?? body.code ?? "an advocate"}`];
  if (body?.outcome !== "unattributed") return ["warn", `Refused: ${body?.code ?? answer.status}`];
  const gone = order.off_minor > 0 ? ", discount given" : "";
  return [gone ? "warn" : "plain", `Unattributed: ${body.reason}${gone}`];
}

function exchange(call, request, answer) {
  const status = answer?.status || "no answer";
  return html`<details><summary>${call} <span class="status">${status}</span></summary>
  <div class="exchange"><div><h4>The shop said</h4><pre tabindex="0"><code>${JSON.stringify(request, null, 2)}</code></pre></div>
  <div><h4>The tracker answered</h4><pre tabindex="0"><code>${answer?.body ? JSON.stringify(answer.body, null, 2) : "nothing"}</code></pre></div></div></details>`;
}

function refundRow(order, refund) {
  const { request, answer } = refund;
  return html`<div class="refunded"><p>Refunded ${price(request.value.amount_minor, request.value.currency)}</p>
  ${exchange("POST /v1/refunds", request, answer)}
  ${!isFinal(answer) && html`<form method="post" action="/orders/${order.id}/refund"><input type="hidden" name="refund" value="${request.refund_id}"><button>Post it again</button></form>`}</div>`;
}

function refundForm(order, left_minor, refund_id) {
  return html`<form class="refund" method="post" action="/orders/${order.id}/refund">
  <input type="hidden" name="refund" value="${refund_id}">
  <label for="amount-${order.id}">Refund in ${order.currency}</label>
  <input id="amount-${order.id}" name="amount" inputmode="decimal" size="7" required value="${digits(left_minor)}">
  <button>Refund</button>
</form>`;
}
