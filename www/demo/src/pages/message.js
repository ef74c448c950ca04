// A page with one thing to say: something is not here, was not understood, or went wrong.

import { html } from "../markup.js";
import { layout } from "./layout.js";

const WORDS = {
  400: ["We did not understand that", "Something about that request was not as we expected it."],
  403: ["That did not come from us", "Please go back to the shop and try again from there."],
  404: ["Nothing steeping here", "The page you followed a link to has gone cold, or never was."],
  405: ["Not this way", "This address cannot be used like that."],
  413: ["That is more than we can hold", "Please send us a little less."],
  415: ["We did not understand that", "Something about that request was not as we expected it."],
  500: ["We have spilt something", "It is our fault, and you have not been charged. Please try again in a moment."],
  503: ["The shop is not open yet", "SECRET_KEY and IDENTITY_SECRET are missing. Start the shop with “cargo xtask start”, which hands them over."],
};

export function messagePage(status) {
  const [heading, sentence] = WORDS[status] ?? WORDS[400];
  const main = html`<div class="narrow message"><p class="eyebrow">${status}</p><h1>${heading}</h1><p class="lead">${sentence}</p><p><a class="button main" href="/">Back to the tea</a></p></div>`;
  return layout({ title: heading, main });
}
