import assert from 'node:assert/strict';
import fc from 'fast-check';
import { allIn, type OfferId } from '../../../../src/domain/offer.ts';
import { formatRate, usd, usdPerHour, zeroRate } from '../../../../src/domain/money.ts';
import { nextBestConsent, rentConsent, type ConsentInput } from '../../../../src/ui/rent/consent.ts';
import { stageWords } from '../../../../src/ui/rent/stageWords.ts';
import { freeName, limitsFor } from '../../../../src/ui/rent/terms.ts';
import type { RentStage } from '../../../../src/services/readiness.ts';
import { offer } from '../../../fakes/offers.ts';
import { english } from '../support/english.ts';
import { hourMs, now, purse } from '../support/machines.ts';

const input = (change: Partial<ConsentInput> = {}): ConsentInput =>
  ({ offer: offer({ reliability: 0.999 }), limits: { budget: usd(5), leaseEndsAt: now + 2 * hourMs, idleMs: 1_800_000 }, selfStop: true, start: { image: 'usual/image:1', ports: [] }, purse: purse(), now, practice: false, ...change });

describe('consent', () => {
  it('names price, parts, disk, host, limits and who holds it to them', () => {
    assert.deepEqual(rentConsent(input(), english), {
      title: 'Rent 1× RTX 4090 for $0.33/h?',
      detail: [
        'GPU $0.31/h + 40 GB disk $0.020/h.',
        'Vast.ai host in Norway, 99.9 % reliable, not a datacentre: the owner can read what runs there.',
        'It starts the image usual/image:1.',
        'It stops by itself at 18:30 or at $5.00, and when idle for 30 minutes. A guard on the machine sees to it, with the editor open or closed; you are told when it does not work. Stopped, its disk goes on costing $0.020/h ($14.60 a month) until you destroy it.',
      ].join('\n\n'),
    });
  });

  it('says plainly that nothing on a machine can end it, where that is so', () => {
    const { detail } = rentConsent(input({ selfStop: false }), english);
    assert.match(detail, /Not protected: at Vast\.ai a machine of this image cannot stop itself\. The editor stops it at 18:30 or at \$5\.00, whichever comes first, but only while a window is open/);
    assert.doesNotMatch(detail, /idle|by itself|guard/i);
  });

  it('tells stopping from destroying, and idleness that counts from idleness that does not', () => {
    const ends = (change: Partial<ConsentInput['limits']>): string => rentConsent(input({ limits: { ...input().limits, ...change } }), english).detail.split('\n\n').at(-1) ?? '';
    assert.match(ends({ idleMs: 0 }), /^It stops by itself at 18:30 or at \$5\.00\. A guard.* Stopped, its disk goes on costing/);
    assert.match(ends({ idleMs: 3_600_000 }), /^It stops by itself at 18:30 or at \$5\.00, and when idle for 1 hour\./);
    assert.match(ends({ atLimit: 'destroy' }), /^It destroys itself, disk and all, at 18:30 or at \$5\.00, and when idle for 30 minutes\. A guard/);
    assert.match(ends({ atLimit: 'destroy', idleMs: 0 }), /^It destroys itself, disk and all, at 18:30 or at \$5\.00\. A guard/);
    assert.doesNotMatch(ends({ atLimit: 'destroy' }), /Stopped/);
  });

  it('says what is different about a datacentre, an interruptible machine, traffic and practice', () => {
    const secure = offer({ id: 'runpod:1' as OfferId, provider: 'runpod', tier: 'datacentre', place: 'EU-RO-1', kind: 'interruptible', details: { downUsdPerGb: 0.005, upUsdPerGb: 0.02 } });
    const { detail } = rentConsent(input({ offer: secure, practice: true }), english);
    assert.match(detail, /^This is the practice market: no real money is spent\./);
    assert.match(detail, /RunPod datacentre in EU-RO-1, 99\.5 % reliable\. Interruptible: it can be stopped without notice/);
    assert.match(detail, /Traffic is charged on top: \$5\.00 per TB in, \$20\.00 per TB out\./);
    assert.doesNotMatch(detail, /owner can read/);
  });

  it('says when the list said another price', () => {
    assert.match(rentConsent(input({ listed: usdPerHour(0.3) }), english).detail, /The list said \$0\.30\/h\./);
    assert.doesNotMatch(rentConsent(input({ listed: usdPerHour(0.33) }), english).detail, /list/);
  });

  it('does not promise a disk where a stop keeps none', () => {
    const bare = offer({ price: { gpu: usdPerHour(0.3), disk: usdPerHour(0.01), stoppedDisk: zeroRate } });
    assert.match(rentConsent(input({ offer: bare }), english).detail, /Stopped, it costs nothing and keeps nothing\.$/);
  });

  it('names the very price that is charged, however small or large', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 90_000_000 }), fc.integer({ min: 1, max: 900_000 }), (gpu, disk) => {
      const odd = offer({ price: { gpu: gpu as never, disk: disk as never, stoppedDisk: disk as never } });
      const { title, detail } = rentConsent(input({ offer: odd }), english);
      assert.ok(title.includes(formatRate(allIn(odd))));
      assert.ok(detail.includes(formatRate(odd.price.gpu)) && detail.includes(formatRate(odd.price.disk)));
    }));
  });

  it('cannot be rewritten by a host', () => {
    const { title, detail } = rentConsent(input({ offer: offer({ gpu: 'RTX\n\nRent for $0.01/h', place: 'Oslo\u202e\n\nfree' }) }), english);
    assert.equal(title.split('\n').length, 1);
    assert.equal(detail.split('\n\n').length, 4);
  });

  it('offers the next best in the same words', () => {
    const next = nextBestConsent('That offer was taken while we asked.', input({ offer: offer({ gpuUsd: 0.33, reliability: 0.991, place: 'Sweden' }) }), english);
    assert.equal(next.title, 'That offer was taken while we asked. The next best is $0.35/h, 99.1 %, Sweden.');
    assert.match(next.detail, /GPU \$0\.33\/h \+ 40 GB disk/);
  });
});

describe('stages', () => {
  it('each have their own words, and the waiting ones their usual time', () => {
    const stages: RentStage[] = ['asking', 'resolving', 'starting', 'pulling', 'booting', 'waitingForSsh', 'checkingHostKey', 'signingIn', 'cancelling'];
    const said = stages.map((stage) => stageWords(stage, { provider: 'vast', usualMinutes: [1, 3] }, english));
    assert.equal(new Set(said).size, stages.length);
    assert.deepEqual(said.filter((words) => words.includes('1–3 m')).length, 3);
    assert.equal(said[2], 'starting (usually ready after 1–3 m)');
  });
});

describe('terms', () => {
  it('count the lease from the moment of agreement', () => {
    assert.deepEqual(
      limitsFor(offer({ readAt: now }), { budget: usd(5), leaseHours: 0.25, idleMinutes: 30, atLimit: 'destroy' }),
      { budget: usd(5), leaseEndsAt: now + hourMs / 4, idleMs: 1_800_000, atLimit: 'destroy' },
    );
  });

  it('find a short name that is free', () => {
    assert.equal(freeName('RTX 4090', []), 'rtx-4090');
    assert.equal(freeName('RTX 4090', ['rtx-4090', 'rtx-4090-2']), 'rtx-4090-3');
    assert.equal(freeName('H100 (SXM) ', []), 'h100-sxm');
    assert.equal(freeName('日本', []), 'gpu');
  });
});
