import assert from 'node:assert/strict';
import { readCommandLine } from '../../../src/practice/options.ts';

describe('the command line of the market', () => {
  it('reads every option', () => {
    const { market, json } = readCommandLine([
      '--seed',
      '4',
      '--offers=10000',
      '--clock-rate',
      '60',
      '--latency-ms',
      '20',
      '--boot-scale',
      '0.1',
      '--fault',
      'html=0.5',
      '--fault',
      'vast.slow=1',
      '--json',
    ]);
    assert.deepEqual(market, {
      seed: 4,
      offers: 10_000,
      clockRate: 60,
      latencyMs: 20,
      bootScale: 0.1,
      faults: { html: 0.5, 'vast.slow': 1 },
    });
    assert.equal(json, true);
  });

  it('leaves the rest to the market', () => {
    assert.deepEqual(readCommandLine([]), { market: { faults: {} }, json: false });
  });

  it('refuses in one line what it cannot take', () => {
    const wrong = [
      ['--bogus'],
      ['extra'],
      ['--seed', 'x'],
      ['--seed', '1.5'],
      ['--offers', '-1'],
      ['--clock-rate', '0'],
      ['--latency-ms', ''],
      ['--boot-scale', '-1'],
      ['--fault', 'html'],
      ['--fault', 'html=2'],
      ['--fault', 'nonsense=1'],
      ['--seed'],
    ];
    for (const args of wrong) assert.throws(() => readCommandLine(args), Error, args.join(' '));
  });
});
