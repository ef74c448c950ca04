// What a claim is worth on this page, as the tracker says.

/** The tracker's answer about a claim; it is `over` where no time makes it one that earns here. */
export const look = async (claim, program, ask, query = "") => {
  const answer = await ask(`claims/${claim}${query}`);
  // A program may be paused and a block lifted, so these claims are not over.
  const { valid, reason } = answer;
  const over = valid ? answer.program != program : /claim|window|code|other/.test(reason);
  return { ...answer, over };
};
