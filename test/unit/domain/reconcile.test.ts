import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { SeenInstance } from '../../../src/domain/instance.ts';
import type { Launch, LaunchState } from '../../../src/domain/launch.ts';
import { goneMs, listLagMs, reconcile, type Decision, type Evidence } from '../../../src/domain/reconcile.ts';
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

interface Change extends Partial<Evidence> {
  readonly complete?: boolean;
  readonly absent?: number;
  /** How long it was absent, milliseconds. */
  readonly span?: number;
}

function decide(launches: Launch[], instances: SeenInstance[], change: Change = {}): Decision[] {
  const { complete = true, absent = 99, span = hour, ...rest } = change;
  return reconcile({
    install: 'abc123', launches, listing: { instances, complete, at: now }, now,
    absence: () => ({ looks: absent, since: now - span, last: now }), wasSeen: () => true, ...rest,
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

  for (const state of ['created', 'ready', 'stopping', 'stopped'] as const) {
    it(`believes in absence only after two complete lists some time apart (${state})`, () => {
      const mine = launch(state, { instanceId: 'vast:7' });
      assert.deepEqual(decide([mine], [], { absent: 1 }), []);
      assert.deepEqual(decide([mine], [], { absent: 2, span: goneMs - 1 }), []);
      assert.deepEqual(decide([mine], [], { absent: 2, span: goneMs }), [{ do: 'gone', launch: mine, instanceId: 'vast:7' }]);
    });
  }

  it('gives a machine that was never seen the time that lists may lag', () => {
    const mine = launch('created', { instanceId: 'vast:7' });
    assert.deepEqual(decide([mine], [], { span: listLagMs - 1, wasSeen: () => false }), []);
    assert.deepEqual(decide([mine], [], { span: listLagMs, wasSeen: () => false }), [{ do: 'gone', launch: mine, instanceId: 'vast:7' }]);
  });

  it('asks again for an end that may never have been asked for, also when nothing is listed', () => {
    const mine = launch('ending', { instanceId: 'vast:7' });
    assert.deepEqual(decide([mine], []), [{ do: 'end', launch: mine, instanceId: 'vast:7' }]);
  });

  it('asks only now and then for the end of what no list ever showed', () => {
    const mine = launch('ending', { instanceId: 'vast:7' });
    const absence = (ago: number): Evidence['absence'] => () => ({ looks: 3, since: now - hour, last: now - ago });
    assert.deepEqual(decide([mine], [], { wasSeen: () => false, absence: absence(59_000) }), []);
    assert.deepEqual(decide([mine], [], { wasSeen: () => false, absence: absence(60_000) }), [{ do: 'end', launch: mine, instanceId: 'vast:7' }]);
    assert.deepEqual(decide([mine], [], { wasSeen: () => false, absence: () => undefined }), [{ do: 'end', launch: mine, instanceId: 'vast:7' }]);
    assert.deepEqual(decide([mine], [], { absence: absence(0) }), [{ do: 'end', launch: mine, instanceId: 'vast:7' }]);
  });

  it('asks for a stop until the machine has stopped, and leaves one alone that is stopping', () => {
    const mine = launch('stopping', { instanceId: 'vast:7' });
    assert.deepEqual(decide([mine], [machine()]), [{ do: 'stop', launch: mine, instanceId: 'vast:7' }]);
    assert.deepEqual(decide([mine], [machine({ state: 'starting' })]), [{ do: 'stop', launch: mine, instanceId: 'vast:7' }]);
    assert.deepEqual(decide([mine], [machine({ state: 'stopping' })]), []);
    assert.deepEqual(decide([mine], [machine({ state: 'stopped' })]), [{ do: 'stopped', launch: mine }]);
  });

  it('takes a failed machine for stopped only where that costs less', () => {
    const mine = launch('stopping', { instanceId: 'vast:7' });
    assert.deepEqual(decide([mine], [machine({ state: 'failed', rates: { ...rates, failed: rates.stopped } })]), [{ do: 'stopped', launch: mine }]);
    assert.deepEqual(decide([mine], [machine({ state: 'failed' })]), [{ do: 'stop', launch: mine, instanceId: 'vast:7' }]);
  });

  it('knows its machine by the id, whatever the label was changed to', () => {
    const mine = launch('ending', { instanceId: 'vast:7' });
    assert.deepEqual(decide([mine], [machine({ label: 'renamed' })]), [{ do: 'end', launch: mine, instanceId: 'vast:7' }]);
  });

  it('gives up an unanswered create only after a quarter of an hour and five complete lists', () => {
    const mine = launch('uncertain');
    assert.deepEqual(decide([mine], [], { absent: 4 }), []);
    assert.deepEqual(decide([mine], [], { absent: 5 }), [{ do: 'notCreated', launch: mine }]);
    assert.deepEqual(decide([mine], [], { span: 60_000 }), []);
  });

  it('gives a create the time in which it may be answered', () => {
    const mine = launch('sent', { changedAt: now - 60_000 });
    assert.deepEqual(decide([mine], []), []);
    const old = launch('sent');
    assert.deepEqual(decide([old], []), [{ do: 'uncertain', launch: old }]);
  });

  const states: LaunchState[] = ['intent', 'sent', 'refused', 'uncertain', 'notCreated', 'created', 'ready', 'stopping', 'stopped', 'ending', 'gone'];
  const launches = fc.uniqueArray(
    fc.record({ n: fc.integer({ min: 1, max: 9 }), state: fc.constantFrom(...states), age: fc.integer({ min: 0, max: 3 * hour }), known: fc.boolean() }),
    { selector: ({ n }) => n, maxLength: 6 },
  ).map((rows) => rows.map(({ n, state, age, known }) =>
    launch(state, { id: `gpu-rental-abc123-x${n}`, createdAt: now - age, changedAt: now - age, ...(known ? { instanceId: `vast:${n}` as const } : {}) })));
  const machines = fc.uniqueArray(
    fc.record({ n: fc.integer({ min: 1, max: 20 }), label: fc.constantFrom('', 'their-own', 'gpu-rental-zzz999-x1', ...[1, 2, 3].map((i) => `gpu-rental-abc123-x${i}`)) }),
    { selector: ({ n }) => n, maxLength: 10 },
  ).map((rows) => rows.map(({ n, label }) => machine({ id: `vast:${n}`, key: String(n), label })));

  it('never ends, stops or adopts a machine that neither carries our label nor is known by its id', () => {
    fc.assert(fc.property(launches, machines, fc.boolean(), (mine, seen, complete) => {
      for (const decision of decide(mine, seen, { complete })) {
        if (decision.do !== 'end' && decision.do !== 'adopt' && decision.do !== 'stop') continue;
        const target = seen.find((one) => one.id === decision.instanceId);
        assert.ok(target?.label.startsWith('gpu-rental-abc123-') || mine.some(({ instanceId }) => instanceId === decision.instanceId));
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
