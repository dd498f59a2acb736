/** RunPod charges by whole hours, as they are asked for here. */
export const hourMs = 3_600_000;

export const settleMs = 2 * hourMs;
