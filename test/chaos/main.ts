/** Bad days by the thousand: `chaos --schedules N --seed S --json`. Exit 1 when one of them cost somebody money. */
import { availableParallelism } from 'node:os';
import { readCommandLine, scheduleNumber, usage } from './commandLine.ts';
import { catchMutants, type CaughtMutant } from './mutationCheck.ts';
import { playAll, startPlayer } from './pool.ts';
import { Tally } from './report.ts';
import { makeSchedule } from './schedule.ts';

const note = (text: string): void => void process.stderr.write(`${text}\n`);

/** The exit status, once it has ended. */
export async function main(args: readonly string[]): Promise<number> {
  let command;
  try {
    command = readCommandLine(args);
  } catch (error) {
    note(`chaos: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}; ${usage}`);
    return 2;
  }
  const { schedules, seed, only, json, mutants } = command;
  const tally = new Tally();
  const threads = Math.max(1, availableParallelism());
  if (only !== undefined) await playOne(only, tally);
  else {
    const started = performance.now();
    await playAll(Array.from({ length: schedules }, (_, index) => scheduleNumber(seed, index)), threads, (schedule, played) => {
      tally.add(schedule, played);
      if (played.verdict.violations.length > 0) note(`schedule ${schedule} (chaos --only ${schedule}): ${played.verdict.violations.map(({ kind, detail }) => `${kind}: ${detail}`).join('; ')}`);
    });
    note(`${schedules} schedules in ${Math.round((performance.now() - started) / 1000)} s on ${threads} threads`);
    note([...tally.outcomes].toSorted((a, b) => b[1] - a[1]).map(([outcome, count]) => `${count} ${outcome}`).join(', '));
  }
  const caught: readonly CaughtMutant[] | undefined = mutants ? await catchMutants({ seed, threads, note }) : undefined;
  const report = { ...tally.report, ...(caught === undefined ? {} : { mutants: caught }) };
  console.log(json ? JSON.stringify(report) : Object.entries(report).map(([name, value]) => `${name.padEnd(18)} ${JSON.stringify(value)}`).join('\n'));
  return tally.failures.length === 0 && (caught ?? []).every(({ caughtAfter }) => caughtAfter !== null) ? 0 : 1;
}

async function playOne(schedule: number, tally: Tally): Promise<void> {
  note(JSON.stringify(makeSchedule(schedule)));
  await using player = startPlayer(undefined, note);
  const played = await player.play(schedule);
  tally.add(schedule, played);
  for (const { kind, detail } of played.verdict.violations) note(`${kind}: ${detail}`);
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
