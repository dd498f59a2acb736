// Mocha's spec reporter, which also writes its sums to a file so that the runner can add up several mochas.
import { renameSync, writeFileSync } from 'node:fs';
import Mocha from 'mocha';

export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const noTests: Tally = { passed: 0, failed: 0, skipped: 0 };
export const oneFailed: Tally = { ...noTests, failed: 1 };

export const tallyVariable = 'GPU_RENTAL_TEST_TALLY';
/** Set where the process is mocha's own: the milliseconds within which it must end by itself after the last test. */
export const mustEndVariable = 'GPU_RENTAL_TEST_MUST_END';

export function addTallies(a: Tally, b: Tally): Tally {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

export function writeTally(path: string, tally: Tally): void {
  // Whoever polls for the file must never read half of it.
  writeFileSync(`${path}.part`, JSON.stringify(tally));
  renameSync(`${path}.part`, path);
}

export class TallyReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const path = process.env[tallyVariable];
    runner.once(Mocha.Runner.constants.EVENT_RUN_END, () => {
      const { passes = 0, failures = 0, pending = 0 } = runner.stats ?? {};
      if (path !== undefined) writeTally(path, { passed: passes, failed: failures, skipped: pending });
      const grace = process.env[mustEndVariable];
      if (grace !== undefined) setTimeout(complainAndEnd, Number(grace)).unref();
    });
  }
}

/** What a test left open would keep the process alive for ever, and may keep a machine alive as well. */
function complainAndEnd(): void {
  console.error(`A test left something open: ${process.getActiveResourcesInfo().join(', ')}`);
  // On a normal exit mocha sets the status to the number of failures, which is none.
  process.kill(process.pid, 'SIGKILL');
}

// Mocha loads a reporter with require(), which gives this name instead of the module's namespace.
export { TallyReporter as 'module.exports' };
