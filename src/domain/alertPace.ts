/** How often what somebody waits for is looked for, while nobody looks at the offers. */
export const alertEveryMs = 5 * 60_000;
