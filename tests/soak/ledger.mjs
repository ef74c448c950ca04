// The client's own list: what it sent, what was acknowledged, and from that alone what the tracker
// must owe in the end. It knows one rule: €10 for each side on a friend's first order, nothing once
// that is given back.

const stands = new Set(["pending", "confirmed", "fulfilled"]);

export class Ledger {
  /** By the shop's order id: `{ answer, refunded, second }`. */
  #orders = new Map();
  #changed = [];

  /** Says that an order is about to be sent. `second`: the friend bought before. */
  sent(order_id, { second = false } = {}) {
    if (!this.#orders.has(order_id)) this.#orders.set(order_id, { second, answer: null, refunded: false });
  }

  has = (order_id) => this.#orders.has(order_id);

  /** Keeps the first answer; each further one must be the same. */
  acknowledged(order_id, answer) {
    const order = this.#orders.get(order_id);
    const text = JSON.stringify(answer);
    if (order.answer === null) order.answer = text;
    else if (order.answer !== text) this.#changed.push(order_id);
  }

  refunded(order_id) {
    this.#orders.get(order_id).refunded = true;
  }

  get acknowledgedCount() {
    return [...this.#orders.values()].filter(({ answer }) => answer !== null).length;
  }

  /** `{ lost, doubled, invented, changed }`, each a list of what is wrong. */
  judge(rewards) {
    const found = new Map();
    const wrong = { lost: [], doubled: [], invented: [], changed: this.#changed };
    for (const reward of rewards) {
      if (!stands.has(reward.status)) continue;
      const key = `${reward.order_id} ${reward.side}`;
      if (found.has(key)) wrong.doubled.push(key);
      found.set(key, reward);
      const order = this.#orders.get(reward.order_id);
      if (!order || order.answer === null || order.refunded || order.second) wrong.invented.push(key);
      else if (reward.value.amount_minor !== 1000) wrong.invented.push(`${key} ${reward.value.amount_minor}`);
    }
    for (const [order_id, { answer, refunded, second }] of this.#orders) {
      if (answer === null || refunded || second) continue;
      for (const side of ["advocate", "friend"]) {
        const reward = found.get(`${order_id} ${side}`);
        if (reward?.status !== "confirmed") wrong.lost.push(`${order_id} ${side} ${reward?.status}`);
      }
    }
    return wrong;
  }
}
