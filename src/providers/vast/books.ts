/** Vast charges by whole UTC days. */
export const dayMs = 86_400_000;

/** Its figures lag by an unknown time; a day that ended a day ago has been complete so far. */
export const settleMs = dayMs;
