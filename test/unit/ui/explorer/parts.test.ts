import assert from 'node:assert/strict';
import { createEmitter } from '../../../../src/domain/emitter.ts';
import type { OfferFilter } from '../../../../src/domain/filter.ts';
import { usdPerHour } from '../../../../src/domain/money.ts';
import type { Clock } from '../../../../src/domain/ports.ts';
import { articleBands } from '../../../../src/ui/explorer/articleBands.ts';
import { filterForm, filterWith } from '../../../../src/ui/explorer/filterForm.ts';
import { paced } from '../../../../src/ui/explorer/paced.ts';
import { filterParts } from '../../../../src/ui/offers/filterWords.ts';
import { FakeLog } from '../../../fakes/fakeLog.ts';
import { offer } from '../../../fakes/offers.ts';
import { english } from '../support/english.ts';

const seen = [offer({ gpuUsd: 0.1 }), offer({ id: 'vast:2', gpu: 'H100 SXM', vramGb: 80 }), offer({ id: 'vast:3', gpu: 'RTX 980', vramGb: 4 })];
const full: OfferFilter = { diskGb: 80, gpu: 'RTX 4090', count: 2, minVramGb: 24, maxPrice: usdPerHour(0.6), minReliability: 0.99, region: 'Norway', provider: 'vast', datacentreOnly: true, kind: 'on-demand' };

describe('the filter as a form', () => {
  it('has a field for every part of the filter, with what holds now', () => {
    const form = filterForm(full, seen, english);
    assert.deepEqual(form.map(({ name }) => name).toSorted(), [...filterParts, 'diskGb'].toSorted());
    assert.deepEqual(Object.fromEntries(form.map(({ name, value }) => [name, value])), {
      gpu: 'RTX 4090', count: '2', minVramGb: '24', maxPrice: '0.6', minReliability: '0.99', region: 'Norway', provider: 'vast', datacentreOnly: 'true', kind: 'on-demand', diskGb: '80',
    });
  });

  it('offers each choice once, and always the one that holds', () => {
    for (const filter of [full, { diskGb: 40 }, { diskGb: 40, gpu: 'A gone card', count: 3, minVramGb: 17, minReliability: 0.123 }]) {
      for (const field of filterForm(filter, seen, english)) {
        if (field.kind !== 'choice') continue;
        const values = field.options.map(({ value }) => value);
        assert.equal(new Set(values).size, values.length, field.name);
        assert.ok(values.includes(field.value), `${field.name} ${field.value}`);
        assert.ok(field.options.every(({ label }) => label !== ''), field.name);
      }
    }
    const [models] = filterForm({ diskGb: 40 }, seen, english);
    assert.deepEqual(models?.kind === 'choice' && models.options.map(({ label }) => label), ['any', 'H100 SXM', 'RTX 980', 'RTX 4090']);
  });

  it('makes of each choice the filter that says it, and leaves the other parts alone', () => {
    for (const before of [full, { diskGb: 40 }]) for (const field of filterForm(before, seen, english)) {
      if (field.kind !== 'choice') continue;
      for (const { value } of field.options) {
        const made = filterWith(before, field.name, value, seen, english);
        assert.ok(made !== undefined && 'filter' in made, `${field.name} ${value}`);
        const after = filterForm(made.filter, seen, english);
        for (const one of after) assert.equal(one.value, one.name === field.name ? value : filterForm(before, seen, english).find(({ name }) => name === one.name)?.value, one.name);
      }
    }
  });

  it('takes nothing that it did not offer', () => {
    for (const [name, value] of [['gpu', 'L4'], ['gpu', '__proto__'], ['count', '3'], ['provider', 'aws'], ['kind', 'free'], ['minReliability', '2'], ['nothing', '1'], ['constructor', 'x'], ['toString', '']] as const) {
      assert.equal(filterWith({ diskGb: 40 }, name, value, seen, english), undefined, `${name} ${value}`);
    }
  });

  it('reads what is typed as a price, a place and a disk within bounds', () => {
    const typed = (name: string, value: string): unknown => {
      const made = filterWith({ diskGb: 40, maxPrice: usdPerHour(9), region: 'US' }, name, value, seen, english);
      return made === undefined ? undefined : 'refused' in made ? 'refused' : made.filter[name as keyof OfferFilter];
    };
    assert.deepEqual(['0.5', '$0,5', ' .5 ', '', '0', '-1', '1e3', '1001', 'x'].map((value) => typed('maxPrice', value)), [500_000, 500_000, 500_000, undefined, 'refused', 'refused', 'refused', 'refused', 'refused']);
    assert.deepEqual(['80', '80.4', '9', '', '100000'].map((value) => typed('diskGb', value)), [80, 80, 'refused', 'refused', 'refused']);
    assert.deepEqual(['Norway', '  no ', '', 'x'.repeat(100)].map((value) => typed('region', value)), ['Norway', 'no', undefined, 'x'.repeat(60)]);
  });
});

describe('what the articles found', () => {
  const t = english.t;
  it('is the newest, over all who rent such machines out, and no price of the big clouds', () => {
    const bands = articleBands([offer(), offer({ id: 'vast:2' })], () => [
      { seller: 'vast', min: 0.29, max: 0.78, asOf: '2026-02-12' }, { seller: 'runpod-secure', min: 0.59, max: 0.89, asOf: '2026-02-12' }, { seller: 'vast-spot', min: 0.05, max: 0.3, asOf: '2024-01' }, { seller: 'aws', min: 4, max: 9, asOf: '2026-02-12' },
    ], t);
    assert.deepEqual(bands.map(({ low, high }) => [low, high]), [[0.29, 0.89]], 'once for each model');
  });

  it('is left out where there is none, or where it cannot be meant', () => {
    assert.deepEqual(articleBands([offer()], () => [], t), []);
    assert.deepEqual(articleBands([offer()], () => [{ seller: 'vast', min: 0, max: 1, asOf: '2026' }, { seller: 'vast', min: 2, max: 1, asOf: '2026' }, { seller: 'vast', min: NaN, max: 1, asOf: '2026' }], t), []);
  });
});

describe('a paced listener', () => {
  /** Time that passes when the test says so. */
  function bench() {
    const emitter = createEmitter<void>();
    let wake = (): void => undefined;
    const clock: Clock = {
      now: () => 0, elapsed: () => 0,
      sleep: (_, signal) => new Promise((resolve, reject) => {
        wake = () => resolve();
        signal?.addEventListener('abort', () => reject(new DOMException('cancelled', 'AbortError')), { once: true });
      }),
    };
    const log = new FakeLog();
    let told = 0;
    const listening = paced((listener) => emitter.event(listener), 250, { clock, log })(() => told++);
    const rest = async (): Promise<void> => {
      wake();
      await new Promise((resolve) => setImmediate(resolve));
    };
    return { emitter, listening, rest, told: () => told };
  }

  it('tells at once, then once for all that came meanwhile', async () => {
    const { emitter, rest, told } = bench();
    emitter.fire();
    assert.equal(told(), 1);
    for (let n = 0; n < 20; n++) emitter.fire();
    assert.equal(told(), 1);
    await rest();
    assert.equal(told(), 2, 'the last is never lost');
    await rest();
    assert.equal(told(), 2);
    emitter.fire();
    assert.equal(told(), 3, 'after a rest at once again');
  });

  it('is silent once nobody listens', async () => {
    const { emitter, listening, rest, told } = bench();
    emitter.fire();
    emitter.fire();
    listening.dispose();
    await rest();
    emitter.fire();
    assert.equal(told(), 1);
  });
});
