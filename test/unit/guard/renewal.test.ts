import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { isRentError } from '../../../src/domain/errors.ts';
import { longestLeaseMs, type GuardRenewal } from '../../../src/domain/guard.ts';
import { usd, type Usd } from '../../../src/domain/money.ts';
import { guardFolder, renewalCommand, renewalText, statusCommand } from '../../../src/guard/renewal.ts';

const label = 'gpu-rental-ab12cd-01kav';
const refused = (error: unknown): boolean => isRentError(error, 'badRequest');

describe('a renewal', () => {
  it('says seconds and micro-dollars, and nothing of what stays as it is', () => {
    assert.equal(renewalText({ ttlMs: 600_999, active: false }), '600 0 0 0 0 0 1');
    assert.equal(renewalText({ ttlMs: 1000, active: true, budget: usd(2.5), useMs: 7_200_000, deadlineAt: 1_800_000_000_999, holdMs: 60_000 }), '1 1 2500000 7200 1800000000 60 1');
  });

  it('asks for no more than a lease can be', () => {
    assert.equal(renewalText({ ttlMs: Number.MAX_SAFE_INTEGER, active: false }), `${longestLeaseMs / 1000} 0 0 0 0 0 1`);
  });

  it('never says nothing when it means none', () => {
    assert.equal(renewalText({ ttlMs: 0, active: false, budget: usd(0), useMs: 0, deadlineAt: -5, holdMs: 0 }), '0 0 1 1 1 1 1');
  });

  it('is whole numbers of at most twelve digits, whatever it is asked to say', () => {
    const any = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(fc.property(any, fc.boolean(), any, any, any, any, (ttlMs, active, budget, useMs, deadlineAt, holdMs) => {
      assert.match(renewalText({ ttlMs, active, budget: budget as Usd, useMs, deadlineAt, holdMs }), /^(?:(?:0|[1-9]\d{0,11}) ){6}1$/);
    }));
    for (const wrong of [{ ttlMs: Number.NaN }, { budget: Number.POSITIVE_INFINITY as Usd }, { useMs: Number.NaN }]) {
      assert.throws(() => renewalText({ ttlMs: 1, active: false, ...wrong }), refused);
    }
  });

  it('is one command in single quotes for any shell, and only for a label of ours', () => {
    const renewal: GuardRenewal = { ttlMs: 600_000, active: true };
    for (const command of [renewalCommand(label, renewal), statusCommand()]) assert.match(command, /^sh -c '[^']+' 2>\/dev\/null$/);
    for (const wrong of ['', 'a b', "x'y", 'x;y', '$(x)', 'x`y', '../x', 'X', '-x', `a${'b'.repeat(100)}`]) assert.throws(() => renewalCommand(wrong, renewal), refused, wrong);
  });

  it('is taken from a machine that has just begun to count its time', () => {
    const home = mkdtempSync(join(tmpdir(), 'gpu-rental-renewal-'));
    try {
      mkdirSync(join(home, guardFolder));
      writeFileSync(join(home, guardFolder, 'status'), `gpu-rental-guard 1 label=${label} phase=watching`);
      writeFileSync(join(home, 'uptime'), '0.52 0.10\n');
      const command = renewalCommand(label, { ttlMs: 600_000, active: true }).replace('/proc/uptime', join(home, 'uptime'));
      execFileSync('sh', ['-c', command], { env: { ...process.env, HOME: home } });
      assert.match(readFileSync(join(home, guardFolder, 'lease'), 'utf8'), /^1 [1-9]\d{0,11} 600 1 0 0 0 0 1\n$/);
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  });
});
