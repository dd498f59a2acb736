import assert from 'node:assert/strict';
import { usd, usdPerHour } from '../../../../src/domain/money.ts';
import type { OfferId } from '../../../../src/domain/offer.ts';
import { askBid } from '../../../../src/ui/rent/bidFlow.ts';
import { bidWords, type Bidding } from '../../../../src/ui/rent/bidWords.ts';
import { rentConsent } from '../../../../src/ui/rent/consent.ts';
import { offer } from '../../../fakes/offers.ts';
import { english } from '../support/english.ts';
import { hourMs, now, purse } from '../support/machines.ts';
import { ScriptedDialogs } from '../support/scriptedDialogs.ts';

const spot = offer({ id: 'vast:1-bid' as OfferId, kind: 'interruptible', gpuUsd: 0.15, reliability: 1 });
const bidding = (change: Partial<Bidding> = {}): Bidding => ({ floor: usdPerHour(0.12), own: { hours: 0, times: 0 }, typical: { rate: usdPerHour(0.16), of: 14 }, ...change });

describe('what is said before one bids', () => {
  it('is what wins, what is usual, and that nobody publishes the risk', () => {
    assert.equal(bidWords(spot, bidding(), english), [
      'Your bid is $0.15/h, and that is what it costs while it runs. The least that wins now is $0.12/h. The median over the 14 machines like it on show is $0.16/h.',
      'How often such machines are taken away is published nowhere; about every 5 h 59 m is assumed.',
      'What runs then ends without notice, its disk goes on costing, and work goes on from the last checkpoint that was copied elsewhere.',
    ].join(' '));
  });

  it('is one’s own history where there is enough of it', () => {
    assert.match(bidWords(spot, bidding({ own: { hours: 60, times: 5 } }), english), /Yours were outbid 5 times in 2 d 12 h; expect it about every 11 h 59 m\./);
    assert.match(bidWords(spot, bidding({ own: { hours: 60, times: 2 } }), english), /published nowhere/);
  });

  it('claims no median of what is not on show, and no floor that nobody told', () => {
    const { typical: _, floor: __, ...bare } = bidding();
    assert.doesNotMatch(bidWords(spot, bare, english), /median|least/);
  });

  it('stands in the consent, whose price is the bid and the disk', () => {
    const input = { offer: spot, limits: { budget: usd(5), leaseEndsAt: now + 2 * hourMs }, selfStop: true, start: { image: 'i', ports: [] }, purse: purse(), now, practice: false };
    const { title, detail } = rentConsent({ ...input, bidding: bidding() }, english);
    assert.equal(title, 'Rent 1× RTX 4090 for $0.17/h?');
    assert.match(detail, /Your bid is \$0\.15\/h.*The least that wins now is \$0\.12\/h/);
    assert.doesNotMatch(rentConsent(input, english).detail, /bid/);
  });
});

describe('a bid', () => {
  it('lies between what wins and what is taken, for all GPUs together', async () => {
    const ask = (type: string | undefined) => askBid(new ScriptedDialogs({ type }), { gpuCount: 2, value: usdPerHour(0.15) }, bidding(), english);
    assert.equal(await ask('0.2'), usdPerHour(0.2));
    assert.equal(await ask(undefined), undefined);
    await assert.rejects(ask('65'), /A number from 0\.12 to 64/);
    await assert.rejects(ask('0.11'), /refused/);
  });
});
