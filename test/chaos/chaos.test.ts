import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCommandLine, scheduleNumber } from './commandLine.ts';
import { catchMutants, plant } from './mutationCheck.ts';
import { keptDays } from './keptDays.ts';
import { mutants } from './mutants.ts';
import { playAll, startPlayer } from './pool.ts';
import { Tally } from './report.ts';
import { makeSchedule } from './schedule.ts';

const threads = availableParallelism();
const minute = 60_000;
const days = 200;

const plain = (tally: Tally): string[] => tally.failures.map(({ schedule, violations }) => `chaos --only ${schedule}: ${violations.map(({ kind, detail }) => `${kind}: ${detail}`).join('; ')}`);

async function played(schedules: readonly number[]): Promise<Tally> {
  const tally = new Tally();
  await playAll(schedules, threads, (schedule, one) => tally.add(schedule, one));
  return tally;
}

describe('bad days', () => {
  it('cost nobody anything, a few hundred of them', async function () {
    this.timeout(10 * minute);
    const tally = await played(Array.from({ length: days }, (_, index) => scheduleNumber(1, index)));
    assert.deepEqual(plain(tally), []);
    assert.equal(tally.report.schedules, days);
    // A calm market proves nothing: these days reach what they are for.
    for (const outcome of ['rent ready', 'rent windowDied', 'rent failed inFlight', 'destroy done', 'stop done', 'launch notCreated', 'ending abandoned', 'ending settled', 'machines 2']) {
      assert.ok((tally.outcomes.get(outcome) ?? 0) > 0, `never: ${outcome}`);
    }
  });

  it('that once cost somebody something do so no more', async function () {
    this.timeout(5 * minute);
    await using player = startPlayer();
    for (const { schedule, was } of keptDays) assert.deepEqual((await player.play(schedule)).verdict.violations, [], was);
  });

  it('are the same every time they are played', async function () {
    this.timeout(5 * minute);
    await using one = startPlayer();
    await using other = startPlayer();
    // The second thread has lived through another day before.
    await other.play(scheduleNumber(2, 99));
    for (let index = 0; index < 8; index++) {
      const schedule = scheduleNumber(2, index);
      const [first, second] = [await one.play(schedule), await other.play(schedule)];
      assert.deepEqual([first.fingerprint, first.steps, first.outcomes], [second.fingerprint, second.steps, second.outcomes], String(schedule));
    }
  });

  it('differ from one another, and their seed alone says how', () => {
    const days = Array.from({ length: 50 }, (_, index) => JSON.stringify({ ...makeSchedule(index), seed: 0 }));
    assert.equal(new Set(days).size, 50);
    assert.deepEqual(makeSchedule(7), makeSchedule(7));
  });
});

describe('the oracle of bad days', () => {
  it('condemns bugs that are planted', async function () {
    this.timeout(15 * minute);
    const chosen = mutants.filter(({ name }) => quick.has(name));
    assert.equal(chosen.length, quick.size);
    const caught = await catchMutants({ seed: 1, threads, chosen, most: 300, note: () => undefined });
    assert.deepEqual(caught.filter(({ caughtAfter }) => caughtAfter === null), []);
  });

  it('knows twenty bugs whose places are there', async function () {
    this.timeout(5 * minute);
    const folder = mkdtempSync(join(tmpdir(), 'gpu-rental-mutants-'));
    try {
      for (const mutant of mutants) await plant(mutant, folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    assert.ok(mutants.length >= 20);
    assert.equal(new Set(mutants.map(({ name }) => name)).size, mutants.length);
  });

  it('refuses a bug whose place is not there, or there twice', async () => {
    const [mutant] = mutants;
    assert.ok(mutant);
    for (const find of ['nowhere to be found', 'e']) await assert.rejects(plant({ ...mutant, find }, tmpdir()), /exactly once/);
  });

  it('sums up what it saw', () => {
    const tally = new Tally();
    const calm = { fingerprint: '', steps: 1, outcomes: ['rent ready'] };
    tally.add(1, { ...calm, verdict: { violations: [], spendErrorUsd: 0.001, spendErrorPct: 0.05, overBudgetUsd: 0 } });
    tally.add(2, { ...calm, verdict: { violations: [{ kind: 'orphan', detail: 'a' }, { kind: 'orphan', detail: 'b' }, { kind: 'hung', detail: 'c' }], spendErrorUsd: 0, spendErrorPct: 0, overBudgetUsd: 0.25 } });
    assert.deepEqual(tally.report, {
      schedules: 2, orphans: 2, doubleRents: 0, lostIntents: 0, foreignTouched: 0, maxSpendErrorUsd: 0.001, maxSpendErrorPct: 0.05, overBudgetUsd: 0.25, hung: 1,
    });
    assert.deepEqual([tally.failures.map(({ schedule }) => schedule), tally.outcomes.get('rent ready')], [[2], 2]);
  });
});

/** Seen within a few dozen days each. */
const quick: ReadonlySet<string> = new Set(['two clicks are two wishes', 'a renewal is lost', 'the create carries no guard']);

describe('the chaos command', () => {
  it('reads its command line', () => {
    assert.deepEqual(readCommandLine(['--schedules', '10000', '--seed', '7', '--json', '--mutants']), { schedules: 10_000, seed: 7, json: true, mutants: true, only: undefined });
    assert.equal(readCommandLine(['--only', '7000012']).only, 7_000_012);
  });

  it('refuses what it cannot do', () => {
    for (const wrong of [['--schedules', '-1'], ['--schedules', 'x'], ['--seed', '1.5'], ['--only', ''], ['days'], ['--fast']]) {
      assert.throws(() => readCommandLine(wrong), Error, wrong.join(' '));
    }
  });

  it('gives every day of every run a number of its own', () => {
    const numbers = [0, 1, 2, 1000].flatMap((seed) => [0, 1, 999_999].map((index) => scheduleNumber(seed, index)));
    assert.equal(new Set(numbers).size, numbers.length);
  });
});
