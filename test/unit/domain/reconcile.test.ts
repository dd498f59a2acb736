import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { SeenInstance } from '../../../src/domain/instance.ts';
import type { Launch, LaunchState } from '../../../src/domain/launch.ts';
import { listLagMs, reconcile, type Decision, type Evidence } from '../../../src/domain/reconcile.ts';
import { usd, usdPerHour } from '../../../src/domain/money.ts';

const now = Date.UTC(2026, 10, 22, 12);
const hour = 3_600_000;
const rates = { running: usdPerHour(0.33), stopped: usdPerHour(0.02) };

function launch(state: LaunchState, change: Partial<Launch> = {}): Launch {
  return {
    id: 'gpu-rental-abc123-x1', provider: 'vast', offerId: 'vast:1', state, createdAt: now - hour, changedAt: now - hour,
    quote: {
      name: '', gpu: 'RTX 4090', gpuCount: 1, vramGb: 24, place: '', kind: 'on-demand', tier: 'community', diskGb: 40, rates,
      image: 'i', limits: { budget: usd(5), leaseEndsAt: now + hour },
    },
    ...change,
  };
}

const machine = (change: Partial<SeenInstance> = {}): SeenInstance => ({
  id: 'vast:7', provider: 'vast', key: '7', label: 'gpu-rental-abc123-x1', gpu: 'RTX 4090', gpuCount: 1, vramGb: 24, place: '',
  kind: 'on-demand', diskGb: 40, state: 'ready', outbid: false, rates, endpoints: [], statusText: '', createdAt: now - hour, ...change,
});

function decide(launches: Launch[], instances: SeenInstance[], change: Partial<Evidence> & { complete?: boolean; absent?: number } = {}): Decision[] {
  const { complete = true, absent = 99, ...rest } = change;
  return reconcile({
    install: 'abc123', launches, listing: { instances, complete, at: now }, absences: () => absent, busy: new Set(), now, ...rest,
  });
}

describe('reconcile', () => {
  for (const state of ['intent', 'sent', 'uncertain'] as const) {
    it(`adopts by label what a lost answer made (${state})`, () => {
      const mine = launch(state);
      assert.deepEqual(decide([mine], [machine()]), [{ do: 'adopt', launch: mine, instanceId: 'vast:7' }]);
    });
  }

  for (const state of ['ending', 'gone', 'refused', 'notCreated'] as const) {
    it(`ends what shows up although it should not be there (${state})`, () => {
      const mine = launch(state);
      assert.deepEqual(decide([mine], [machine()]), [{ do: 'end', launch: mine, instanceId: 'vast:7' }]);
    });
  }

  it('keeps the machine it knows and ends the others of the same label', () => {
    const mine = launch('ready', { instanceId: 'vast:8' });
    const both = [machine(), machine({ id: 'vast:8', key: '8', createdAt: now })];
    assert.deepEqual(decide([mine], both), [{ do: 'end', instanceId: 'vast:7' }]);
  });

  it('keeps the oldest of two when it knows neither', () => {
    const mine = launch('uncertain');
    const both = [machine({ id: 'vast:9', key: '9', createdAt: now }), machine()];
    assert.deepEqual(decide([mine], both), [{ do: 'adopt', launch: mine, instanceId: 'vast:7' }, { do: 'end', instanceId: 'vast:9' }]);
  });

  it('believes in absence only after two complete lists and the time that lists may lag', () => {
    const mine = launch('ready', { instanceId: 'vast:7' });
    assert.deepEqual(decide([mine], [], { absent: 1 }), []);
    assert.deepEqual(decide([mine], [], { absent: 2 }), [{ do: 'gone', launch: mine }]);
    const young = launch('ready', { instanceId: 'vast:7', createdAt: now - listLagMs + 1 });
    assert.deepEqual(decide([young], []), []);
  });

  it('takes an ended machine for gone after two absences, whatever its age', () => {
    const mine = launch('ending', { instanceId: 'vast:7', createdAt: now - 60_000 });
    assert.deepEqual(decide([mine], [], { absent: 2 }), [{ do: 'gone', launch: mine }]);
  });

  it('gives up an unanswered create only after a quarter of an hour and five complete lists', () => {
    const mine = launch('uncertain');
    assert.deepEqual(decide([mine], [], { absent: 4 }), []);
    assert.deepEqual(decide([mine], [], { absent: 5 }), [{ do: 'notCreated', launch: mine }]);
    assert.deepEqual(decide([launch('uncertain', { changedAt: now - 60_000 })], []), []);
  });

  it('leaves alone what a running task looks after', () => {
    const mine = launch('sent');
    assert.deepEqual(decide([mine], [], { busy: new Set([mine.id]) }), []);
    assert.deepEqual(decide([mine], []), [{ do: 'uncertain', launch: mine }]);
  });

  const states: LaunchState[] = ['intent', 'sent', 'refused', 'uncertain', 'notCreated', 'created', 'ready', 'ending', 'gone'];
  const launches = fc.uniqueArray(
    fc.record({ n: fc.integer({ min: 1, max: 9 }), state: fc.constantFrom(...states), age: fc.integer({ min: 0, max: 3 * hour }), known: fc.boolean() }),
    { selector: ({ n }) => n, maxLength: 6 },
  ).map((rows) => rows.map(({ n, state, age, known }) =>
    launch(state, { id: `gpu-rental-abc123-x${n}`, createdAt: now - age, changedAt: now - age, ...(known ? { instanceId: `vast:${n}` as const } : {}) })));
  const machines = fc.uniqueArray(
    fc.record({ n: fc.integer({ min: 1, max: 20 }), label: fc.constantFrom('', 'their-own', 'gpu-rental-zzz999-x1', ...[1, 2, 3].map((i) => `gpu-rental-abc123-x${i}`)) }),
    { selector: ({ n }) => n, maxLength: 10 },
  ).map((rows) => rows.map(({ n, label }) => machine({ id: `vast:${n}`, key: String(n), label })));

  it('never ends or adopts a machine that does not carry our label', () => {
    fc.assert(fc.property(launches, machines, fc.boolean(), (mine, seen, complete) => {
      for (const decision of decide(mine, seen, { complete })) {
        if (decision.do !== 'end' && decision.do !== 'adopt') continue;
        const target = seen.find((one) => one.id === decision.instanceId);
        assert.match(target?.label ?? '', /^gpu-rental-abc123-/);
      }
    }));
  });

  it('concludes no absence from an incomplete list', () => {
    fc.assert(fc.property(launches, machines, (mine, seen) => {
      const concluded = decide(mine, seen, { complete: false }).filter((decision) => decision.do === 'gone' ||
        (decision.do === 'notCreated' && decision.launch.state !== 'intent'));
      assert.deepEqual(concluded, []);
    }));
  });

  it('never leaves two machines of one label alive', () => {
    fc.assert(fc.property(launches, machines, (mine, seen) => {
      const decisions = decide(mine, seen);
      for (const one of mine) {
        const alive = seen.filter((m) => m.label === one.id && !decisions.some((d) => d.do === 'end' && d.instanceId === m.id));
        assert.ok(alive.length <= 1);
      }
    }));
  });
});
