/** Lambda charges by the minute, from when a machine has booted until it is terminated. */
export const billedEveryMs = 60_000;
