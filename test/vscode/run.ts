// The module VS Code is told to run. The extension host has no standard output of its own, so what mocha says
// goes into a file, and so do its sums: they are the sign that it is over.
import { appendFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'node:util';
import Mocha from 'mocha';
import { tallyVariable, TallyReporter, writeTally } from '../host/tally.ts';

export const outputVariable = 'GPU_RENTAL_TEST_OUTPUT';
export const grepVariable = 'GPU_RENTAL_TEST_GREP';

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: start this through npm test.`);
  return value;
}

function runMocha(): Promise<number> {
  const grep = process.env[grepVariable];
  const mocha = new Mocha({ reporter: TallyReporter, timeout: 60_000, ...(grep ? { grep } : {}) });
  for (const file of readdirSync(import.meta.dirname).toSorted()) {
    if (file.endsWith('.test.cjs')) mocha.addFile(join(import.meta.dirname, file));
  }
  return new Promise((resolve) => mocha.run(resolve));
}

export async function run(): Promise<void> {
  const output = required(outputVariable);
  const say = (...line: unknown[]): void => appendFileSync(output, `${format(...line)}\n`);
  Mocha.reporters.Base.consoleLog = say;
  Mocha.reporters.Base.useColors = false;
  const failures = await runMocha().catch((error: unknown) => {
    // A suite that cannot even be loaded never reaches the reporter.
    say(error);
    writeTally(required(tallyVariable), { passed: 0, failed: 1, skipped: 0 });
    throw error;
  });
  // A desktop VS Code ends with an error only when this promise is rejected.
  if (failures > 0) throw new Error(`${failures} failed`);
}
