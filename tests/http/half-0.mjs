// See ../support/half.mjs.
import { runHalf } from "../support/half.mjs";

await runHalf(0);
