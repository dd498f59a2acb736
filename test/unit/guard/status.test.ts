import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseStatus } from '../../../src/guard/status.ts';

const label = 'gpu-rental-ab12cd-01kav';
const line = (change: Readonly<Record<string, string>> = {}, version = '1'): string => {
  const says = { label, phase: 'watching', reason: '-', armed: '1', at: '5000', used: '3600', spent: '2000000', idle: '90', grace: '180', gpu: '37', ssh: '2', tries: '0', ...change };
  return `gpu-rental-guard ${version} ${Object.entries(says).map(([key, value]) => `${key}=${value}`).join(' ')}\n`;
};

describe('the status of a guard', () => {
  it('is read in milliseconds and micro-dollars, with its age', () => {
    assert.deepEqual(parseStatus(`${line()}now=5007\n`, label), {
      phase: 'watching', armed: true, ageMs: 7000, usedMs: 3_600_000, spent: 2_000_000, idleMs: 90_000, gpuPct: 37, sshConnections: 2, tries: 0,
    });
  });

  it('names the reason, what is left of the grace, and the tries', () => {
    const grace = parseStatus(`${line({ phase: 'grace', reason: 'longIdle', grace: '45', armed: '0', gpu: '-' })}now=5000\n`, label);
    assert.deepEqual([grace?.reason, grace?.graceLeftMs, grace?.armed, grace?.gpuPct], ['longIdle', 45_000, false, undefined]);
    const acting = parseStatus(`${line({ phase: 'acting', reason: 'budget', tries: '12' })}now=5000\n`, label);
    assert.deepEqual([acting?.reason, acting?.graceLeftMs, acting?.tries], ['budget', undefined, 12]);
  });

  it('is found behind whatever a login prints first, and knows no key twice', () => {
    assert.equal(parseStatus(`Welcome!\n\n${line({ new: 'thing' })}now=5000\n`, label)?.idleMs, 90_000);
  });

  it('is none of another rental, another version, or of before the host booted', () => {
    assert.equal(parseStatus(`${line({ label: 'gpu-rental-ab12cd-other' })}now=5000\n`, label), undefined);
    assert.equal(parseStatus(`${line({}, '2')}now=5000\n`, label), undefined);
    assert.equal(parseStatus(`${line()}now=4999\n`, label), undefined);
  });

  it('is none where anything that matters is missing or is no number', () => {
    for (const text of ['', 'now=5000\n', line(), `gpu-rental-guard 1\nnow=5000\n`]) assert.equal(parseStatus(text, label), undefined, text);
    for (const key of ['phase', 'at', 'used', 'spent', 'idle']) {
      for (const value of ['', '-1', 'x', '1e3', '9'.repeat(16)]) assert.equal(parseStatus(`${line({ [key]: value })}now=5000\n`, label), undefined, `${key}=${value}`);
    }
  });

  it('never throws and never says a number that is none', () => {
    const text = fc.oneof(fc.string(), fc.tuple(fc.dictionary(fc.constantFrom('at', 'used', 'spent', 'idle', 'gpu', 'ssh', 'grace', 'tries', 'phase'), fc.string()), fc.string()).map(([change, end]) => `${line(change)}now=${end}`));
    fc.assert(fc.property(text, (said) => {
      const status = parseStatus(said, label);
      for (const value of Object.values(status ?? {})) assert.ok(typeof value !== 'number' || (Number.isSafeInteger(value) && value >= 0));
    }));
  });
});
