import type { Runs } from '../../src/services/runs.ts';

/** Nobody runs anything, and no machine is asked. */
export const noRuns: Pick<Runs, 'check' | 'everyMs' | 'onDidChange'> = { everyMs: undefined, onDidChange: () => ({ dispose: () => undefined }), check: () => Promise.resolve() };
