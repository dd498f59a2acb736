import type { Pace } from '../../domain/http.ts';

/** One request a second for everything together, and a little more: calls can arrive closer than they left. */
export const pace: Pace = { name: 'lambda', gapMs: 1_100 };

/** One launch in twelve seconds. */
export const launchPace: Pace = { name: 'lambda.launch', gapMs: 12_500, within: pace };
