/** What is said of, and can be done with, a machine that cannot be stopped. */
import assert from 'node:assert/strict';
import { usd, usdPerHour, zeroRate } from '../../../src/domain/money.ts';
import type { OfferId } from '../../../src/domain/offer.ts';
import type { CapEvent } from '../../../src/services/guard.ts';
import { destroyConsent } from '../../../src/ui/instances/confirmations.ts';
import { capNote, endNote, warnNote } from '../../../src/ui/instances/guardNotes.ts';
import { guardLine, whyWords } from '../../../src/ui/instances/guardWords.ts';
import { canDo, contextOf } from '../../../src/ui/instances/instanceContext.ts';
import { instanceDetails } from '../../../src/ui/instances/instanceDetails.ts';
import { instanceRow } from '../../../src/ui/instances/instanceRow.ts';
import { lossNote } from '../../../src/ui/instances/protectionNotes.ts';
import { offerTooltip } from '../../../src/ui/offers/offerTooltip.ts';
import { rentConsent, type ConsentInput } from '../../../src/ui/rent/consent.ts';
import { limitsFor } from '../../../src/ui/rent/terms.ts';
import { alarmOf } from '../../../src/ui/spend/alarm.ts';
import { awayNote } from '../../../src/ui/spend/awayNote.ts';
import { closingWords } from '../../../src/ui/spend/closing.ts';
import { offer } from '../../fakes/offers.ts';
import { english } from './support/english.ts';
import { hourMs, machine, now, purse } from './support/machines.ts';

const wanted = offer({
  id: 'lambda:gpu_1x_a10~us-south-1' as OfferId, provider: 'lambda', gpu: 'A10', price: { gpu: usdPerHour(0.75), disk: zeroRate, stoppedDisk: zeroRate }, diskGb: 1503,
  tier: 'datacentre', place: 'Texas, US', readAt: now, details: { noStop: true, billedEveryMs: 60_000 },
});
const terms = { budget: usd(5), leaseHours: 2, idleMinutes: 30, atLimit: 'stop' } as const;
const limits = limitsFor(wanted, terms);
const rented = machine({
  provider: 'lambda', id: 'lambda:77', gpu: 'A10', diskGb: 1503, place: 'Texas, US', rates: { running: usdPerHour(0.75), starting: zeroRate, stopped: zeroRate }, limits,
  guard: { protection: 'unprotected', why: 'noSelfStop' }, lacks: ['stop', 'logs'],
});
const buttons = ({ buttons: all }: { readonly buttons: readonly { readonly id: string }[] }): string[] => all.map(({ id }) => id);

describe('a machine that cannot be stopped', () => {
  it('is agreed to as what it is: destroyed at its limit by an editor that is open, or by nobody', () => {
    const input: ConsentInput = { offer: wanted, limits, selfStop: false, start: { image: 'lambda-stack', ports: [] }, purse: purse(), now, practice: false };
    assert.deepEqual(rentConsent(input, english), {
      title: 'Rent 1× A10 for $0.75/h?',
      detail: [
        '$0.75/h for the whole machine, its disk of 1503 GB included. A minute that has begun is charged whole.',
        'Lambda datacentre in Texas, US, 99.5 % reliable.',
        'It starts the image lambda-stack.',
        'Not protected: machines of Lambda cannot be stopped, and cannot end themselves. At its limit, 18:30 or $5.00, whichever comes first, it is destroyed by the editor, disk and all, but only while a window is open in which GPU Rental is in use. Until then, and with the editor closed, it costs until you destroy it.',
      ].join('\n\n'),
    });
  });

  it('has limits that destroy, whatever was chosen for others', () => {
    assert.equal(limits.atLimit, 'destroy');
    assert.equal(limitsFor(offer({ readAt: now }), terms).atLimit, 'stop');
  });

  it('offers neither stop nor start nor logs, in any state', () => {
    for (const state of ['ready', 'starting', 'stopped', 'failed', 'unknown'] as const) {
      const one = { ...rented, state };
      assert.deepEqual((['stop', 'start', 'logs'] as const).filter((deed) => canDo(one, deed)), [], state);
      assert.ok(canDo(one, 'destroy'));
    }
    assert.equal(contextOf(rented), 'instance ready can-open can-reboot can-destroy can-limits can-copySsh can-console');
    assert.match(contextOf(machine()), /can-stop .*can-logs/);
  });

  it('is told of without a stop anywhere', () => {
    assert.equal(instanceRow(rented, now, english).description, 'NOT PROTECTED · $0.75/h · $1.24 · 2 h 10 m · ends 18:30');
    assert.match(instanceRow(machine(), now, english).description ?? '', /stops 18:40/);
    const details = new Map(instanceDetails(rented, now, english).map(({ key, figure }) => [key, figure]));
    assert.deepEqual([details.get('price'), details.get('disk')], ['$0.75/h running; it cannot be stopped', '1503 GB']);
    assert.equal(guardLine(rented, now, english)?.figure, 'not protected: machines of Lambda cannot end themselves; the editor destroys it at 18:30 or at $5.00, while GPU Rental is in use');
    assert.match(offerTooltip(wanted, now, english), /Disk of 1503 GB \| included[\s\S]*While stopped \| it cannot be stopped/);
    assert.doesNotMatch(destroyConsent(rented, canDo(rented, 'stop'), english).detail, /[Ss]top/);
  });

  it('is never blamed on its image', () => {
    assert.equal(whyWords(rented, now, english), 'machines of Lambda cannot end themselves');
    assert.equal(whyWords({ ...rented, lacks: [] }, now, english), 'at Lambda a machine of this image cannot stop itself');
    const note = lossNote({ instance: rented, why: 'noSelfStop' }, now, english);
    assert.match(note.text, /is not protected: machines of Lambda cannot end themselves\. It costs \$0\.75\/h, and only this editor ends it\./);
    assert.deepEqual(buttons(note), ['instances', 'destroy']);
    assert.match(alarmOf({ instances: [rented], balances: new Map(), caps: [], now }, english).reasons.join(), /machines of Lambda cannot end themselves/);
  });

  it('is warned of as what will be destroyed, and told of as what was', () => {
    const near = { instance: rented, counted: usd(4), judgement: { verdict: 'warn', because: 'budget', step: 80 } } as const;
    const lease = { ...near, judgement: { ...near.judgement, because: 'lease' } } as const;
    assert.match(warnNote(near, now, english).text, /has used \$4\.00 of its \$5\.00\. The rest lasts 1 h 20 m; then it is destroyed\./);
    assert.match(warnNote(lease, now, english).text, /is destroyed at 18:30, when its lease ends\./);
    assert.deepEqual([buttons(warnNote(near, now, english)), buttons(warnNote(lease, now, english))], [['raise', 'destroy'], ['extend', 'destroy']]);
    const over = { ...near, judgement: { verdict: 'end', because: 'budget', step: 100 } } as const;
    assert.deepEqual([endNote(over, english).text, buttons(endNote(over, english))], ['sdxl-lora was destroyed because its budget is used up.', []]);
    assert.match(endNote({ ...over, judgement: { ...over.judgement, because: 'lease' } }, english).text, /was destroyed because its lease ended\./);
  });

  it('is named apart from what a cap has stopped', () => {
    const use = { kind: 'month', limit: usd(50), since: 0, counted: usd(50) } as const;
    const event: CapEvent = { use, step: 100, stopped: [rented, machine({ name: 'other' })], failed: [] };
    assert.match(capNote(event, zeroRate, english).text, /Destroyed because of it: sdxl-lora\. Stopped because of it: other\. Stopped, they go on costing \$0\.020\/h/);
    assert.doesNotMatch(capNote({ ...event, stopped: [rented] }, zeroRate, english).text, /[Ss]topped/);
  });

  it('goes on when the editor closes, and is offered no stop on coming back', () => {
    assert.match(closingWords([rented], now, () => false, english).join(), /Closing the editor does not stop what runs/);
    const spent = [{ instanceId: rented.id, spent: usd(1), ms: hourMs }];
    const note = (instances: readonly (typeof rented)[]) => awayNote({ spent, instances, nameOf: () => 'x', now }, english);
    assert.deepEqual([note([rented])?.level, note([rented])?.buttons.map(({ id }) => id)], ['warning', ['spend']]);
    assert.deepEqual(note([{ ...machine(), id: rented.id }])?.buttons.map(({ id }) => id), ['spend', 'stop']);
  });
});
