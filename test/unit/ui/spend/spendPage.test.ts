import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { InstanceId } from '../../../../src/domain/instance.ts';
import { formatUsd, toDollars, usd, usdPerHour, zeroRate, zeroUsd, type UsdPerHour } from '../../../../src/domain/money.ts';
import { spentBetween, type Spend } from '../../../../src/domain/spend.ts';
import { isoDay, spendCsv } from '../../../../src/domain/spendCsv.ts';
import { lastDays, spendByDay } from '../../../../src/domain/spendDays.ts';
import type { Interval } from '../../../../src/domain/store.ts';
import { fromSpend } from '../../../../src/ui/spend/fromSpend.ts';
import { shownDays, spendPage, type PageInput } from '../../../../src/ui/spend/spendPage.ts';
import { english } from '../support/english.ts';
import { hourMs, machine, now } from '../support/machines.ts';

const dayMs = 24 * hourMs;
const ids = ['vast:1', 'vast:2', 'runpod:3', 'vast:4', 'vast:5', 'vast:6', 'vast:7'] as const satisfies readonly InstanceId[];
const projects: Record<string, string> = { 'vast:1': 'diffusion', 'vast:2': 'diffusion', 'runpod:3': 'llm' };

function input(intervals: readonly Interval[], change: Partial<PageInput> = {}): PageInput {
  const known = [...new Set(intervals.map(({ instanceId }) => instanceId))];
  const spend: Spend = {
    session: usd(1.24), today: usd(3), month: usd(41.5), burn: zeroRate, balances: new Map([['vast', usd(12)]]), everRan: true,
    books: { intervals, settled: [], sessionFrom: now, now },
    instances: known.map((id) => ({ instanceId: id, name: `box ${id.slice(-1)}`, spent: zeroUsd, burn: zeroRate, live: false })),
  };
  return {
    spend, instances: [], now, practice: false, caps: [], closing: [], alarm: { level: 'none', reasons: [] },
    spender: (id) => ({ name: `box ${id.slice(-1)}`, project: projects[id] ?? '', ours: id !== 'vast:7' }), ...change,
  };
}

const intervals = fc.array(
  fc.record({ instanceId: fc.constantFrom(...ids), ago: fc.integer({ min: 0, max: 60 * 24 }), hours: fc.integer({ min: 1, max: 30 }), rate: fc.integer({ min: 1, max: 9_000_000 }) }),
  { maxLength: 25 },
).map((all) => all.map(({ instanceId, ago, hours, rate }): Interval => ({ instanceId, from: now - (ago + hours) * hourMs, to: now - ago * hourMs, rate: rate as UsdPerHour })));

describe('the spend view as data', () => {
  it('adds up in every direction: days, instances and folders', () => {
    fc.assert(fc.property(intervals, (rows) => {
      const page = spendPage(input(rows), english);
      const total = toDollars(spentBetween(rows, [], 0, Infinity));
      const near = (amount: number, expected: number): void => assert.ok(Math.abs(amount - expected) < 1e-6, `${amount} ${expected}`);
      const sum = (all: readonly { readonly usd: number }[]): number => all.reduce((so, { usd: one }) => so + one, 0);
      near(sum(page.instances), total);
      near(sum(page.projects), total);
      near(sum(page.days), spendByDay(rows, []).filter(({ day }) => day >= (lastDays(now, shownDays)[0] ?? 0)).reduce((so, { spent }) => so + toDollars(spent), 0));
      for (const day of page.days) near(sum(day.parts), day.usd);
      assert.equal(page.days.length, shownDays);
      assert.equal(page.days.at(-1)?.day, isoDay(now));
    }));
  });

  it('gives no two instances one colour, but the cheapest share the last', () => {
    fc.assert(fc.property(intervals, (rows) => {
      const { series, days, instances } = spendPage(input(rows), english);
      const own = instances.flatMap(({ series: index = -1 }) => (index < series.length - 1 ? [index] : []));
      assert.equal(new Set(own).size, own.length);
      assert.ok(series.length <= 6);
      for (const { parts } of days) {
        assert.ok(parts.every((part) => part.series < series.length));
        assert.equal(new Set(parts.map((part) => part.series)).size, parts.length);
      }
    }));
  });

  it('tells apart machines that bore the same name one after the other', () => {
    const rows = ids.slice(0, 3).map((instanceId): Interval => ({ instanceId, from: now - hourMs, to: now, rate: usdPerHour(1) }));
    const base = input(rows);
    const named = { ...base, spend: { ...base.spend, instances: base.spend.instances.map((one, index) => ({ ...one, name: index < 2 ? 'rtx-4090' : 'eval' })) } };
    const { series, instances } = spendPage(named, english);
    assert.deepEqual([series.slice(0, 3).toSorted(), instances.map(({ name }) => name).toSorted()], [['eval', 'rtx-4090', 'rtx-4090 (2)'], ['eval', 'rtx-4090', 'rtx-4090 (2)']]);
    for (const { name, series: index = -1 } of instances) assert.equal(series[index], name, 'a colour means the same everywhere');
  });

  it('says of a live machine what it costs now and how long that goes on, and puts it first', () => {
    const live = machine({ id: 'vast:1', burn: usdPerHour(0.33) });
    const rows: Interval[] = [{ instanceId: 'vast:2', from: now - dayMs, to: now - hourMs, rate: usdPerHour(2) }, { instanceId: 'vast:1', from: now - hourMs, to: now, rate: usdPerHour(0.33) }];
    const base = input(rows, { instances: [live] });
    const { instances } = spendPage({ ...base, spend: { ...base.spend, instances: base.spend.instances.map((one) => (one.instanceId === 'vast:1' ? { ...one, burn: live.burn, live: true } : one)) } }, english);
    assert.deepEqual(instances.map(({ name, about, spent, now: rate, left }) => [name, about, spent, rate, left]), [
      ['box 1', 'diffusion · Vast.ai · ready', '$0.33', '$0.33/h', '2 h 10 m, lease'],
      ['box 2', 'diffusion · Vast.ai · gone', '$46.00', undefined, undefined],
    ]);
  });

  it('names the folder, or why there is none', () => {
    const rows = (['vast:1', 'vast:2', 'vast:4', 'vast:7'] as const).map((instanceId, i): Interval => ({ instanceId, from: now - hourMs, to: now, rate: usdPerHour(4 - i) }));
    assert.deepEqual(spendPage(input(rows), english).projects.map(({ name, spent }) => [name, spent]), [['diffusion', '$7.00'], ['no folder', '$2.00'], ['not rented here', '$1.00']]);
  });

  it('says practice, alarms and corrections before any figure, and what goes on after them', () => {
    const page = spendPage(input([], {
      practice: true, alarm: { level: 'warning', reasons: ['Most of this month’s $50.00 is used.'] }, correction: { amount: usd(-0.03), at: now }, closing: ['It goes on.'],
      caps: [{ kind: 'month', limit: usd(50), since: 0, counted: usd(41.5) }],
    }), english);
    assert.deepEqual(page.notices.map((notice) => notice.slice(0, 14)), ['Practice money', 'Most of this m', 'The providers’']);
    assert.deepEqual(page.figures.find(({ label }) => label === 'This month'), { label: 'This month', figure: '$41.50', about: 'of $50.00', text: '$41.50 of $50.00' });
    assert.deepEqual(page.notes, ['It goes on.']);
  });

  it('takes only what our page would say', () => {
    for (const type of ['ready', 'csv', 'text', 'limits']) assert.deepEqual(fromSpend({ type }), { type });
    for (const odd of [undefined, null, 'csv', {}, { type: 'rent' }, { type: ['csv'] }, []]) assert.equal(fromSpend(odd), undefined);
    assert.deepEqual(fromSpend({ type: 'csv', path: '/etc/passwd' }), { type: 'csv' });
  });
});

describe('spend as CSV', () => {
  it('has a line for each instance and day, which add up to the total', () => {
    fc.assert(fc.property(intervals, (rows) => {
      const [head, ...lines] = spendCsv(spendByDay(rows, []), () => ({ name: 'n', project: 'p' })).trimEnd().split('\r\n');
      assert.equal(head, 'day,instance,provider,name,project,usd');
      const total = lines.reduce((sum, row) => sum + Math.round(Number(row.split(',').at(-1)) * 1e6), 0);
      assert.equal(total, spentBetween(rows, [], 0, Infinity));
      const keys = lines.map((row) => row.split(',').slice(0, 2).join());
      assert.deepEqual(keys, keys.toSorted());
      assert.equal(new Set(keys).size, keys.length);
    }));
  });

  it('lets no name be run by a spreadsheet', () => {
    const text = spendCsv([{ instanceId: 'vast:1', day: new Date(2026, 10, 22).getTime(), spent: usd(1.5) }], () => ({ name: '=HYPERLINK("http://x")', project: '@evil,\n+1' }));
    assert.equal(text.split('\r\n')[1], '2026-11-22,vast:1,vast,"\'=HYPERLINK(""http://x"")","\'@evil, +1",1.5');
    assert.equal(formatUsd(usd(1.5)), '$1.50');
  });
});
