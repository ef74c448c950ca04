// What a shop's own code may write, checked by tsc against www/types: nothing here is run.
import type { Goodword, GoodwordEvents } from "../../www/types/goodword";

window.goodword = window.goodword || [];
window.goodword.push((goodword) => goodword.on("share", ({ detail }) => detail.channel.toUpperCase()));
window.goodword.push(["consent", true]);
window.goodword.push((goodword) => goodword.claim()?.length);

const goodword = window.goodword as Goodword;
goodword.on("reward", ({ detail }) => (detail.status === "confirmed" ? detail.due_at : detail.reward_id));
goodword.convert({ order_id: "1", value: { amount_minor: 4990, currency: "EUR" } });
goodword.on("consent", ({ detail }) => detail === false);
goodword.on("rating", ({ detail }) => detail.score.toFixed());
document.addEventListener("goodword:welcome", ({ detail }) => detail.name?.length);
// An inviter who gave no name has none.
const nameless: GoodwordEvents["welcome"]["name"] = null;
document.querySelector("good-word")?.addEventListener("goodword:copy", ({ detail }) => detail.text.length);
document.createElement("good-word-welcome").hidden = true;

// @ts-expect-error There is no such event.
goodword.on("nothing", () => {});
// @ts-expect-error An order has an id.
goodword.convert({});
// @ts-expect-error Nor such a call.
window.goodword.push(["nonsense"]);
