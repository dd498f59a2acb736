import assert from 'node:assert/strict';
import { RentError } from '../../../../src/domain/errors.ts';
import { usd, usdPerHour, type UsdPerHour } from '../../../../src/domain/money.ts';
import type { Offer, OfferId } from '../../../../src/domain/offer.ts';
import type { FleetInstance } from '../../../../src/services/fleetInstance.ts';
import { bidCommands, type BidDeps } from '../../../../src/ui/instances/bidFlow.ts';
import { createSettings } from '../../../../src/ui/settings.ts';
import { FakeLog } from '../../../fakes/fakeLog.ts';
import { offer } from '../../../fakes/offers.ts';
import { english } from '../support/english.ts';
import { foreign, machine, now, purse } from '../support/machines.ts';
import { RecordingEditor } from '../support/recordingEditor.ts';
import { ScriptedDialogs, type Answer } from '../support/scriptedDialogs.ts';

const spot = (id: number, gpuUsd: number): Offer => offer({ id: `vast:${id}-bid` as OfferId, kind: 'interruptible', gpuUsd });
const bidden = (change: Partial<FleetInstance> = {}): FleetInstance => machine({ kind: 'interruptible', floor: usdPerHour(0.2), ...change });
const outbid = bidden({ state: 'stopped', outbid: true, floor: usdPerHour(0.4) });

function bench(instance: FleetInstance, ...answers: Answer[]) {
  const dialogs = new ScriptedDialogs(...answers);
  const editor = new RecordingEditor();
  const calls: string[] = [];
  const faults: { bid?: RentError } = {};
  const own = { hours: 0, times: 0 };
  const traits = { name: 'Vast.ai', defaultImage: '', workspaceFolder: '', keysUrl: '', billingUrl: '', usualStartMinutes: [1, 3], chargesSettleMs: 0, chargeBucketMs: 3_600_000, carriesGuard: () => true } as const;
  const deps: BidDeps & { purse: BidDeps['purse'] } = {
    dialogs, editor, log: new FakeLog(), voice: english, links: { vast: traits, runpod: traits } as never, now: () => now, practice: false, traits: () => traits,
    fleet: { instances: [instance] }, settings: createSettings(() => undefined), purse: () => purse(), offers: () => [spot(1, 0.2), spot(2, 0.3), spot(3, 0.25)], outbids: () => own,
    rentals: {
      changeBid: async (id: string, bid: UsdPerHour) => {
        calls.push(`bid ${id} ${bid}`);
        if (faults.bid) throw faults.bid;
      },
    },
    flows: { startAgreed: async (one, { budget }) => void calls.push(`start ${one.id} ${budget}`) },
  };
  const change = async (changed: Partial<BidDeps> = {}): Promise<void> => bidCommands({ ...deps, ...changed })['gpuRental.instance.changeBid'](instance.id);
  return { dialogs, editor, calls, faults, change };
}

describe('changing a bid', () => {
  it('asks for one with what wins beside it, names what an hour then costs, and bids', async () => {
    const one = bench(bidden(), { type: '0.5' }, { press: 'yes' });
    await one.change();
    const [input] = one.dialogs.asked.flatMap((asked) => (asked.is === 'input' ? [asked.input] : []));
    assert.equal(input?.prompt, 'Dollars an hour for the GPU, its disk not counted. The least that wins now is $0.20/h. The median over the 3 machines like it on show is $0.25/h.');
    assert.equal(input?.value, '0.31');
    const [question] = one.dialogs.questions;
    assert.equal(question?.title, 'Change the bid of sdxl-lora, so that it costs $0.52/h?');
    assert.match(question?.detail ?? '', /A bid of \$0\.50\/h and its disk, \$0\.020\/h\. Until now it costs \$0\.33\/h while it runs\./);
    assert.match(question?.detail ?? '', /It stops by itself at 18:40 or at \$5\.00/);
    assert.match(question?.detail ?? '', /Its guard counts \$0\.33\/h until the editor has reached the machine/);
    assert.deepEqual(one.calls, ['bid vast:77 500000'], 'what runs is not started');
  });

  it('says nothing of the guard when it gets cheaper', async () => {
    const one = bench(bidden(), { type: '0.25' }, { press: 'yes' });
    await one.change();
    assert.doesNotMatch(one.dialogs.questions[0]?.detail ?? '', /Its guard counts/);
  });

  it('takes no bid that would be lost as it is made', async () => {
    const one = bench(bidden(), { type: '0.1' });
    await assert.rejects(one.change(), /0\.1 was refused: A number from 0\.2 to 32/);
  });

  it('starts a machine that was outbid with it, within what is left of its limits', async () => {
    const one = bench(outbid, { type: '0.45' }, { press: 'yes' });
    await one.change();
    assert.equal(one.dialogs.questions[0]?.title, 'Bid for sdxl-lora and start it for $0.47/h?');
    assert.deepEqual(one.calls, ['bid vast:77 450000', `start vast:77 ${usd(5)}`]);
  });

  it('does nothing when the person turns away, and does not start what could not be bid for', async () => {
    for (const answers of [[{ type: undefined }], [{ type: '0.45' }, { press: undefined }]] satisfies Answer[][]) {
      const one = bench(outbid, ...answers);
      await one.change();
      assert.deepEqual(one.calls, []);
    }
    const one = bench(outbid, { type: '0.45' }, { press: 'yes' });
    one.faults.bid = new RentError('bidTooLow');
    await one.change();
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(one.calls, ['bid vast:77 450000']);
    assert.match(one.dialogs.notes[0]?.text ?? '', /Somebody pays more/);
  });

  it('is led to a cap that is used up first', async () => {
    const one = bench(outbid, { press: 'raise' });
    await one.change({ purse: () => purse({ caps: [{ kind: 'month', limit: usd(10), since: 0, counted: usd(10) }] }) });
    assert.deepEqual([one.calls, one.editor.done], [[], ['settings gpuRental.limits.monthUsd']]);
  });

  it('is for machines of ours that have a bid', async () => {
    for (const instance of [machine(), foreign({ kind: 'interruptible' }), bidden({ state: 'ending' })]) {
      const one = bench(instance);
      await one.change();
      assert.equal(one.dialogs.notes[0]?.text, 'No machine allows that now.');
    }
  });
});
