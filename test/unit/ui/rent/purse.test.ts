import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { CapUse } from '../../../../src/domain/caps.ts';
import { formatUsd, usd, usdPerHour, type Usd } from '../../../../src/domain/money.ts';
import { purseWords, usedUp, usedUpConsent, type Purse } from '../../../../src/ui/rent/purse.ts';
import { english } from '../support/english.ts';
import { hourMs, now, purse } from '../support/machines.ts';

const cap = (counted: number, kind: CapUse['kind'] = 'month'): CapUse => ({ kind, limit: usd(20), since: now, counted: usd(counted) });
const limits = { budget: usd(5), leaseEndsAt: now + 100 * hourMs };
const words = (one: Partial<Purse>, provider: 'vast' | 'runpod' = 'vast', terms = limits): string => purseWords(purse(one), usdPerHour(0.5), terms, provider, now, english);

describe('what a machine is paid from', () => {
  it('is said where the budget does not fit into what is left of a cap', () => {
    assert.equal(words({ caps: [cap(17.9)] }), '$2.10 of this month’s $20.00 is left; this machine’s budget leaves it $5.00. When the month’s is used up, all your machines are stopped, or destroyed where that was agreed.');
    assert.match(words({ caps: [cap(17.9, 'session')] }), /^\$2\.10 of this session’s \$20\.00 is left/);
    assert.match(words({ caps: [cap(17.9, 'session'), cap(19)] }), /^\$1\.00 of this month/, 'the cap that leaves the least');
  });

  it('is not said where it fits', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 20_000_000 }), fc.integer({ min: 1, max: 20_000_000 }), (counted, budget) => {
      const said = words({ caps: [{ ...cap(0), counted: counted as Usd }] }, 'vast', { ...limits, budget: budget as Usd });
      assert.equal(said === '', 20_000_000 - counted >= budget);
      if (said !== '') assert.ok(said.includes(formatUsd(budget as Usd)) && said.includes(formatUsd((20_000_000 - counted) as Usd)));
    }));
    assert.equal(words({}), '');
  });

  it('is refused when nothing is left', () => {
    assert.equal(usedUp(purse({ caps: [cap(19.99)] })), undefined);
    const use = usedUp(purse({ caps: [cap(3, 'session'), cap(20.4)] }));
    assert.ok(use);
    assert.deepEqual(usedUpConsent(use, english), {
      title: 'This month’s $20.00 is used up', detail: '$20.40 has been spent. A machine that runs now would be ended at once; raise the cap first.',
    });
  });

  it('is a balance that ends before the limits do, with what happens then', () => {
    assert.equal(words({ balance: usd(1), burn: usdPerHour(0.5) }, 'runpod'), 'The balance at RunPod, $1.00, lasts 1 h with it. At zero RunPod ends every machine without a network volume, and its disk is lost.');
    assert.match(words({ balance: usd(4.99) }), /lasts 9 h 58 m with it\. At zero Vast\.ai stops/);
    assert.equal(words({ balance: usd(5) }), '', 'the budget ends first');
    assert.equal(words({ balance: usd(1) }, 'vast', { ...limits, leaseEndsAt: now + 2 * hourMs }), '', 'the lease ends first');
  });
});
