import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { InstanceId } from '../../../../src/domain/instance.ts';
import { formatRate, formatUsd, sumRates, usd, usdPerHour, zeroRate, zeroUsd, type Usd, type UsdPerHour } from '../../../../src/domain/money.ts';
import type { Spend } from '../../../../src/domain/spend.ts';
import type { FleetInstance } from '../../../../src/services/fleetInstance.ts';
import { alarmOf, hoursLeft } from '../../../../src/ui/spend/alarm.ts';
import { hoverCommands, spokenStatus, statusHover, statusText } from '../../../../src/ui/spend/statusText.ts';
import { spendReport } from '../../../../src/ui/spend/spendReport.ts';
import type { SpendInput } from '../../../../src/ui/spend/totalRows.ts';
import { english } from '../support/english.ts';
import { foreign, hourMs, machine, minuteMs, now } from '../support/machines.ts';

const decoded = (text: string): string => text.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
const balances = (vast?: Usd, runpod?: Usd): Map<string, Usd> =>
  new Map([['vast', vast], ['runpod', runpod]].flatMap(([id, amount]) => (amount === undefined ? [] : [[id as string, amount as Usd]])));

const quiet = { instances: [], balances: balances(), caps: [], now };
const books = { intervals: [], settled: [], sessionFrom: now, now };

function input(instances: readonly FleetInstance[], change: Partial<Spend> = {}, more: Partial<SpendInput> = {}): SpendInput {
  const spend: Spend = {
    session: usd(1.24), today: usd(3), month: usd(41.5), burn: sumRates(instances.map(({ burn }) => burn)), balances: balances(usd(12)), everRan: true, books,
    instances: instances.map(({ id, name, spent, burn }) => ({ instanceId: id, name, spent, burn, live: true })), ...change,
  };
  return { spend, instances, now, practice: false, caps: [], closing: [], alarm: alarmOf({ ...quiet, instances, balances: spend.balances }, english), ...more };
}

describe('spend alarm', () => {
  const level = (change: Partial<FleetInstance>, has = balances()): string => alarmOf({ ...quiet, instances: [machine(change)], balances: has }, english).level;

  it('is quiet while all is well', () => {
    assert.deepEqual(alarmOf(quiet, english), { level: 'none', reasons: [] });
    assert.equal(level({ limits: { budget: usd(5), leaseEndsAt: now + hourMs }, spent: usd(3.99) }), 'none');
  });

  it('warns at eighty percent, and near the end of a lease', () => {
    assert.equal(level({ limits: { budget: usd(5), leaseEndsAt: now + hourMs }, spent: usd(4) }), 'warning');
    assert.equal(level({ limits: { budget: usd(5), leaseEndsAt: now + 9 * minuteMs } }), 'warning');
  });

  it('is red past a limit, and says which', () => {
    assert.equal(level({ limits: { budget: usd(5), leaseEndsAt: now + hourMs }, spent: usd(5) }), 'error');
    const alarm = alarmOf({ instances: [machine({ limits: { budget: usd(5), leaseEndsAt: now } }), machine({ name: 'b', spent: usd(4.5) })], balances: balances(), caps: [], now }, english);
    assert.deepEqual(alarm, { level: 'error', reasons: ['sdxl-lora is past its limit.', 'b has used most of its budget.'] });
  });

  it('leaves alone what is stopped or not ours', () => {
    assert.equal(level({ state: 'stopped', spent: usd(99) }), 'none');
    assert.equal(alarmOf({ ...quiet, instances: [foreign({ spent: usd(99) })] }, english).level, 'none');
  });

  it('warns of a cap at eighty percent, and is red past it', () => {
    const cap = (counted: number, kind: 'session' | 'month' = 'month') => alarmOf({ ...quiet, caps: [{ kind, limit: usd(20), since: now, counted: usd(counted) }] }, english);
    assert.deepEqual([cap(15.99), cap(16)], [{ level: 'none', reasons: [] }, { level: 'warning', reasons: ['Most of this month’s $20.00 is used.'] }]);
    assert.deepEqual(cap(20, 'session'), { level: 'error', reasons: ['This session’s $20.00 is used up.'] });
  });

  it('warns when a balance lasts under an hour, for each provider by itself', () => {
    const limits = { budget: usd(100), leaseEndsAt: now + 9 * hourMs };
    assert.equal(level({ limits }, balances(usd(0.32))), 'warning');
    assert.equal(level({ limits }, balances(usd(0.34))), 'none');
    assert.equal(level({ limits }, balances(usd(10), usd(0))), 'none', 'nothing runs there');
    const alarm = alarmOf({ ...quiet, instances: [machine({ limits })], balances: balances(usd(0.165)) }, english);
    assert.deepEqual(alarm.reasons, ['The balance at Vast.ai lasts 30 m. At zero Vast.ai stops every machine, and their disks are lost after a while.']);
  });

  it('knows how long a balance lasts, or that nobody knows', () => {
    const runs = [machine({ burn: usdPerHour(0.5) }), machine({ burn: usdPerHour(0.5), provider: 'runpod' })];
    assert.equal(hoursLeft('vast', runs, balances(usd(5))), 10 * hourMs);
    assert.equal(hoursLeft('vast', [], balances(usd(5))), undefined);
    assert.equal(hoursLeft('vast', runs, balances()), undefined);
    assert.equal(hoursLeft('vast', runs, balances(usd(-1))), 0);
  });
});

describe('status bar', () => {
  it('shows spend and burn, and nothing until something ever ran', () => {
    assert.equal(statusText(input([machine({ burn: usdPerHour(0.52) })]), english), '$(zap) $1.24 · $0.52/h');
    assert.equal(statusText(input([], { everRan: false, session: zeroUsd }), english), undefined);
    assert.equal(statusText(input([], { session: zeroUsd }), english), '$(zap) $0.00 · $0.00/h');
    assert.equal(statusText(input([foreign()], { everRan: false }), english), '$(zap) $1.24 · $0.33/h', 'what burns shows, whoever rented it');
  });

  it('never passes practice money for real', () => {
    assert.equal(statusText(input([machine()], {}, { practice: true }), english), '$(beaker) $1.24 · $0.33/h practice');
    assert.match(statusHover(input([], {}, { practice: true }), english), /^Practice money/);
    assert.match(spokenStatus(input([], {}, { practice: true }), english), /^Practice money\./);
  });

  it('never writes a rate without its hour or a total with one', () => {
    fc.assert(fc.property(fc.nat(), fc.nat(), (session, burn) => {
      const text = statusText(input([], { session: session as Usd, burn: burn as UsdPerHour }), english) ?? '';
      assert.match(text, /^\$\(zap\) \$\d+\.\d\d · \$\d+\.\d{2,3}\/h$/);
      assert.ok(text.includes(formatUsd(session as Usd)) && text.endsWith(formatRate(burn as UsdPerHour)));
    }));
  });

  it('says in words what a colour says', () => {
    const past = input([machine({ spent: usd(6) })]);
    assert.equal(past.alarm.level, 'error');
    assert.equal(spokenStatus(past, english), 'GPU spend: $1.24 this session, $0.33/h now. sdxl-lora is past its limit.');
    assert.match(decoded(statusHover(past, english)), /^\*\*sdxl-lora is past its limit\.\*\*/);
  });

  it('tells every machine, today, the month, the balance and the books on hover', () => {
    const hover = decoded(statusHover(input([machine(), machine({ id: 'vast:78' as InstanceId, name: 'eval', burn: usdPerHour(0.5) })], { reconciledTo: now - 90 * minuteMs }), english));
    for (const row of [
      '| sdxl-lora | $1.24 | $0.33/h | 2 h 10 m, lease |', '| eval | $1.24 | $0.50/h | 2 h 10 m, lease |', '| This session | $1.24 |', '| Today | $3.00 |', '| This month | $41.50 |', '| Costs now | $0.83/h |',
      '| Balance at Vast.ai | $12.00, lasts 14 h 27 m |', '| Last reconciled | 15:00 |',
    ]) assert.ok(hover.includes(row), row);
    assert.doesNotMatch(hover, /Balance at RunPod/);
    assert.equal(hover.split('$0.83/h').length, 2, 'the rate is said once');
    assert.match(decoded(statusHover(input([]), english)), /\| Last reconciled \| not yet \|/);
  });

  it('says how long a budget lasts where that is less than the lease', () => {
    const hover = decoded(statusHover(input([machine({ burn: usdPerHour(3.76) })]), english));
    assert.ok(hover.includes('| sdxl-lora | $1.24 | $3.76/h | 1 h, budget |'), hover);
    assert.ok(decoded(statusHover(input([machine({ state: 'stopped', burn: usdPerHour(0.02) })]), english)).includes('| sdxl-lora | $1.24 | $0.020/h |  |'), 'nothing ends what is stopped');
  });

  it('says how much of a cap is used, what the books corrected, and what goes on when the editor is closed', () => {
    const caps = [{ kind: 'month' as const, limit: usd(50), since: now, counted: usd(41.5) }];
    const hover = decoded(statusHover(input([machine()], {}, { caps, correction: { amount: usd(-0.03), at: now - 10 * minuteMs }, closing: ['It goes on.'] }), english));
    assert.ok(hover.includes('| This month | $41.50 of $50.00 |') && hover.includes('| This session | $1.24 |'), hover);
    assert.match(hover, /books corrected this session by -\$0\.03 at 16:20; its figure waits until spending has caught up\./);
    assert.match(hover, /\n\nIt goes on\.\n\n/);
  });

  it('links to our own commands and to nothing else', () => {
    const hostile = input([foreign({ name: '[x](command:workbench.action.quit)' })]);
    const targets = [...statusHover(hostile, english).matchAll(/\]\(([^)]*)\)/g)].map(([, target]) => target);
    assert.deepEqual(targets.toSorted(), hoverCommands.map((command) => `command:${command}`).toSorted());
  });
});

describe('spend view', () => {
  it('is text in columns, to read and copy', () => {
    const text = spendReport(input([machine(), foreign({ id: 'runpod:p' as InstanceId, provider: 'runpod', state: 'stopped', burn: zeroRate })]), english);
    assert.match(text, /^GPU spend · 16:30:00\n/);
    assert.match(text, /\nThis session +\$1\.24\nToday +\$3\.00\nThis month +\$41\.50\nCosts now +\$0\.33\/h\nBalance at Vast\.ai +\$12\.00, lasts 36 h|1 d 12 h/);
    assert.match(text, /\nInstance +Provider +State +Spent +Now\nsdxl-lora +Vast\.ai +ready +\$1\.24 +\$0\.33\/h\ntheir-box +RunPod +stopped +\$1\.24 +\$0\.00\/h\n/);
  });

  it('aligns its columns', () => {
    const text = spendReport(input([machine(), machine({ id: 'vast:2' as InstanceId, name: 'a-much-longer-name' })]), english);
    const rows = text.split('\n').filter((row) => /Vast\.ai +ready/.test(row));
    assert.equal(new Set(rows.map((row) => row.indexOf('Vast.ai'))).size, 1);
  });

  it('shows what was spent on a machine that is gone', () => {
    const gone = { instanceId: 'vast:0', name: 'old', spent: usd(7), burn: zeroRate, live: false };
    assert.match(spendReport({ ...input([]), spend: { ...input([]).spend, instances: [gone] } }, english), /\nold +Vast\.ai +gone +\$7\.00 +\$0\.00\/h\n/);
    assert.doesNotMatch(statusHover({ ...input([]), spend: { ...input([]).spend, instances: [gone] } }, english), /old/, 'the hover is about now');
  });

  it('says for each provider from when on figures are ours', () => {
    const interval = { from: now - 9 * hourMs, to: now, rate: usdPerHour(1) };
    const said = spendReport(input([], { books: {
      ...books, intervals: [{ ...interval, instanceId: 'vast:1' }, { ...interval, instanceId: 'runpod:2' }],
      settled: [{ instanceId: 'vast:1', from: now - 3 * hourMs, to: now - hourMs, amount: usd(2) }, { instanceId: 'vast:1', from: now - 9 * hourMs, to: now - 3 * hourMs, amount: usd(6) }],
    } }), english);
    assert.match(said, /\nUp to 15:30 the figures of Vast\.ai are its own charges; after that, they are metered here\.\nNothing is reconciled with the books of RunPod yet: its figures are metered here\.\n$/);
    const unread = spendReport(input([], { books: { ...books, intervals: [{ ...interval, instanceId: 'vast:1' }, { ...interval, instanceId: 'runpod:2' }], settled: [] } }), english);
    assert.match(unread, /\n\nNothing is reconciled with the providers’ books yet: all figures are metered here\.\n$/);
    const silent = spendReport(input([], { books: { ...books, intervals: [{ ...interval, instanceId: 'vast:1' }, { ...interval, instanceId: 'lambda:2' }], settled: [] } }), english);
    assert.match(silent, /\nNothing is reconciled with the books of Vast\.ai yet: its figures are metered here\.\nLambda tells no charges: its figures are metered here\.\n$/);
    assert.doesNotMatch(spendReport(input([]), english), /metered/, 'nothing ran');
  });
});
