// Letters that a server started with `--mail-from` wrote: wrangler keeps them and sends none.
import { assertStatus } from "./check.mjs";
import { until } from "./until.mjs";

const sending = "/cdn-cgi/explorer/api/local/email/sending";

/** As many as one look shows. */
const letters_max = 100;

/** Every letter to an address, with all that is kept of it, the oldest first. */
export async function lettersTo(address, { call }) {
  const { body: { result } } = assertStatus(await call("GET", `${sending}?worker=goodword&per_page=${letters_max}`), 200);
  const own = result.filter(({ to }) => to.includes(address)).reverse();
  return Promise.all(own.map(async ({ messageId }) => {
    const { body } = assertStatus(await call("GET", `${sending}?email_id=${encodeURIComponent(messageId)}`), 200);
    return body.result;
  }));
}

/** Waits until there are so many. */
export const letterTo = (address, tracker, count = 1) => until(`${count} letters to ${address}`, async () => {
  const letters = await lettersTo(address, tracker);
  return letters.length >= count && letters;
});
