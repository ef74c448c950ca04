// What a shop's own code may write, checked by tsc against www/types: nothing here is run.
import type { Goodword, GoodwordEvents } from "../../www/types/goodword";

window.goodword = window.goodword || [];
window.goodword.push((goodword) => goodword.on("share", ({ detail }) => detail.channel.toUpperCase()));
window.goodword.push(["consent", true]);
window.goodword.push((goodword) => goodword.claim()?.length);
goodword.push((goodword) => goodword.on("error", ({ detail }) => detail.code ?? detail.message));
goodword.claim?.()?.length;
window.goodword.consent?.(true);

const loaded = goodword as Goodword;
loaded.on("reward", ({ detail }) => (detail.status === "confirmed" ? detail.due_at : detail.reward_id));
loaded.convert({ order_id: "1", value: { amount_minor: 4990, currency: "EUR" } });
loaded.convert({ order_id: "2", lines: [{ product_id: "tea", quantity: 1, value: { amount_minor: 990, currency: "EUR" } }] });
// @ts-expect-error Before it has loaded nothing of this may be there.
goodword.claim();
loaded.on("consent", ({ detail }) => detail === false);
loaded.on("rating", ({ detail }) => detail.score.toFixed());
document.addEventListener("goodword:welcome", ({ detail }) => detail.name?.length);
// An inviter who gave no name has none.
const nameless: GoodwordEvents["welcome"]["name"] = null;
document.querySelector("good-word")?.addEventListener("goodword:copy", ({ detail }) => detail.text.length);
document.createElement("good-word-welcome").hidden = true;

// @ts-expect-error There is no such event.
loaded.on("nothing", () => {});
// @ts-expect-error An order has an id.
loaded.convert({});
// @ts-expect-error Nor such a call.
window.goodword.push(["nonsense"]);
