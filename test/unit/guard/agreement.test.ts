import assert from 'node:assert/strict';
import { playModel, playShell } from './playedDays.ts';
import { isHere, shells } from './shells.ts';
import { someDay } from './someDay.ts';

const seed = Number(process.env['GUARD_SEED'] ?? 1);
const days = Array.from({ length: Number(process.env['GUARD_DAYS'] ?? 200) }, (_, index) => someDay(seed * 100_000 + index));

const waitsAtLimit = (line: string): boolean => {
  const [, used, spent, use, budget] = / used=(\d+) spent=(\d+) .* leased=0 .* claimed=1 caps=(\d+),(\d+)/.exec(line) ?? [];
  return line.startsWith('watching ') && (Number(used) >= Number(use) || Number(spent) >= Number(budget));
};

/** Budgets that nobody ever told, which come in whole cents. */
const seenBudgets = (lines: readonly string[]): string[] => lines.flatMap((line) => / caps=\d+,(\d+),/.exec(line)?.[1] ?? []).filter((budget) => !budget.endsWith('0000'));

describe('the model of the guard', () => {
  const model = playModel(days);

  it('has days in which everything happens', () => {
    const seen = (what: RegExp): number => model.filter((line) => what.test(line)).length;
    for (const reason of ['use', 'deadline', 'budget', 'unclaimed', 'idle', 'longIdle', 'run']) {
      for (const phase of ['grace', 'acting']) assert.ok(seen(new RegExp(`^${phase} ${reason} `)) > 20, `${phase} ${reason}`);
    }
    for (const act of ['stop', 'destroy']) assert.ok(seen(new RegExp(`^acting \\w+ ${act} `)) > 20, act);
    assert.ok(seen(/ due=60$/) > 20 && seen(/ hook=[1-9]/) > 20 && seen(/ blind=[1-9]/) > 20 && seen(/ hold=[1-9]/) > 20);
    assert.ok(model.filter(waitsAtLimit).length > 20, 'limits wait for an editor');
    assert.ok(new Set(seenBudgets(model)).size > 20, 'disks cost money between two lives');
  });

  for (const shell of shells.filter(({ name }) => name !== 'bash')) {
    it(`decides tick for tick what guard.sh decides under ${shell.name}`, function () {
      if (!isHere(shell)) this.skip();
      this.timeout(120_000);
      const played = playShell(shell, days);
      const at = model.findIndex((line, index) => line !== played[index]);
      assert.equal(played[at], model[at], `tick ${at}, after ${model[at - 1]}`);
      assert.equal(played.length, model.length);
    });
  }
});
