import assert from 'node:assert/strict';
import { RentError } from '../../../../src/domain/errors.ts';
import { usdPerHour } from '../../../../src/domain/money.ts';
import type { Offer, OfferId, ProviderId } from '../../../../src/domain/offer.ts';
import type { Provider } from '../../../../src/domain/provider.ts';
import type { Volume } from '../../../../src/domain/volume.ts';
import { Disks } from '../../../../src/services/disks.ts';
import { goBack } from '../../../../src/ui/dialogs.ts';
import { volumeCosts, volumeLine, whereWords } from '../../../../src/ui/rent/volumeWords.ts';
import { newVolumeConsent } from '../../../../src/ui/volumes/newVolume.ts';
import { destroyVolumeConsent, volumeCommands } from '../../../../src/ui/volumes/volumeCommands.ts';
import { FakeClock } from '../../../fakes/fakeClock.ts';
import { FakeLog } from '../../../fakes/fakeLog.ts';
import { FakeProvider } from '../../../fakes/fakeProvider.ts';
import { site, volume } from '../../../fakes/fakeVolumes.ts';
import { offer } from '../../../fakes/offers.ts';
import { english } from '../support/english.ts';
import { RecordingEditor } from '../support/recordingEditor.ts';
import { ScriptedDialogs, type Answer } from '../support/scriptedDialogs.ts';

function unpriced(one: Volume): Volume {
  const { rate, ...rest } = one;
  assert.ok(rate !== undefined);
  return rest;
}

class Bench {
  readonly dialogs: ScriptedDialogs;
  readonly editor = new RecordingEditor();
  readonly clock = new FakeClock();
  readonly runpod = new FakeProvider(this.clock, 'runpod');
  readonly vast = new FakeProvider(this.clock, 'vast');
  readonly rented: [string, string][] = [];
  readonly asked: ProviderId[] = [];
  offers: Offer[] = [offer({ id: 'runpod:1' as OfferId, provider: 'runpod', tier: 'datacentre', place: 'EU-RO-1' }), offer({ details: { machineId: '36683' } })];
  signedIn = true;

  constructor(...answers: Answer[]) {
    this.dialogs = new ScriptedDialogs(...answers);
  }

  async show(): Promise<this> {
    const log = new FakeLog();
    const providers = new Map<ProviderId, Provider>([['vast', this.vast], ['runpod', this.runpod]]);
    await volumeCommands({
      dialogs: this.dialogs, editor: this.editor, links: { vast: this.vast.traits, runpod: this.runpod.traits, lambda: this.vast.traits }, log, voice: english, practice: true,
      disks: new Disks({ providers, signedIn: () => true, clock: this.clock, log }),
      accounts: { signedIn: () => this.signedIn },
      offers: () => this.offers,
      rent: (one, { name }) => {
        this.rented.push([one.id, name]);
        return Promise.resolve();
      },
      askToSignIn: (provider) => {
        this.asked.push(provider);
        return Promise.resolve(false);
      },
    })['gpuRental.volumes.show']();
    assert.equal(this.dialogs.unused, 0, 'every expected question was asked');
    return this;
  }

  made = (): string[] => this.runpod.volumes.calls.filter((call) => call.startsWith('create'));
}

const newOne: Answer[] = [{ choose: /^New volume/ }, { choose: /^RunPod/ }, { choose: /^EU-RO-1/ }, { type: 'datasets' }, { type: '99,5' }];

describe('the list of volumes', () => {
  it('says what each costs a month, where it lies and who uses it', async () => {
    const bench = new Bench({ choose: undefined });
    bench.runpod.volumes.volumes = [volume({ usedBy: ['1', '2'] }), unpriced(volume({ id: 'runpod:2', key: '2', name: 'fast' }))];
    bench.vast.volumes.volumes = [volume({ id: 'vast:3', key: '3', provider: 'vast', name: 'local\u202e$(bug)', site: '36683', place: 'Norway' })];
    await bench.show();
    const choices = bench.dialogs.picks[0]?.choices ?? [];
    assert.deepEqual(choices.map(({ label, description }) => [label, description]), [
      ['local $ (bug)', '100 GB · Norway · $7.00 a month · Vast.ai'],
      ['datasets', '100 GB · EU-RO-1 · $7.00 a month · RunPod · attached to 2 machines'],
      ['fast', '100 GB · EU-RO-1 · price not published by RunPod · RunPod'],
      ['New volume…', undefined],
    ]);
    assert.match(choices[0]?.detail ?? '', /lies on machine 36683 of Vast\.ai for ever/);
  });

  it('says first that it is not whole, and reads again', async () => {
    const bench = new Bench({ choose: /RunPod/ }, { choose: undefined });
    bench.runpod.volumes.lists.push(new RentError('network'));
    await bench.show();
    assert.match(bench.dialogs.picks[0]?.choices[0]?.description ?? '', /RunPod could not be reached/);
    assert.deepEqual(bench.dialogs.picks[1]?.choices.map(({ label }) => label), ['New volume…']);
  });

  it('comes back from one volume to all', async () => {
    const bench = new Bench({ choose: /^datasets/ }, { choose: goBack }, { choose: undefined });
    bench.runpod.volumes.volumes = [volume()];
    await bench.show();
    assert.equal(bench.dialogs.picks.length, 3);
  });
});

describe('a new volume', () => {
  it('is made after a modal that names what it costs a month, and where it stays', async () => {
    const bench = await new Bench(...newOne, { press: 'create' }).show();
    const [question] = bench.dialogs.questions;
    assert.equal(question?.title, 'Create the volume datasets for $7.00 a month?');
    assert.match(question?.detail ?? '', /practice market[^]*100 GB at RunPod, in EU-RO-1\. It costs that from now on, with or without a machine, until you destroy it\.\n\nIt can only be attached/);
    assert.deepEqual(bench.made(), ['create datasets']);
    assert.equal(bench.runpod.volumes.volumes[0]?.sizeGb, 100);
    assert.equal(bench.dialogs.notes[0]?.text, 'The volume datasets is there.');
  });

  it('is not made by anybody who turns away, at any question', async () => {
    for (let i = 1; i <= newOne.length; i++) {
      const last = newOne[i];
      const away: Answer = i === newOne.length ? { press: undefined } : last !== undefined && 'type' in last ? { type: undefined } : { choose: undefined };
      assert.deepEqual((await new Bench(...newOne.slice(0, i), away).show()).made(), [], String(i));
    }
  });

  it('has a name of its own that both providers take', async () => {
    const bench = new Bench(...newOne, { press: undefined });
    bench.runpod.volumes.volumes = [volume({ name: 'taken' })];
    await bench.show();
    const asked = bench.dialogs.asked.find((one) => one.is === 'input');
    assert.ok(asked?.is === 'input');
    assert.equal(asked.input.refuse('taken'), 'There is a volume of that name already');
    assert.equal(asked.input.refuse('two words'), 'Letters, digits and underscores, 64 at most');
    assert.equal(asked.input.refuse('fine_1'), undefined);
  });

  it('says plainly what is not known after a lost answer, and what is', async () => {
    const lost = new Bench(...newOne, { press: 'create' });
    lost.runpod.volumes.creates.push('lost');
    await lost.show();
    assert.equal(lost.dialogs.notes[0]?.text, 'RunPod gave no clear answer, and no volume datasets was made.');
    const unknown = new Bench(...newOne, { press: 'create' });
    unknown.runpod.volumes.creates.push('lost');
    unknown.runpod.volumes.lists.push('ok', 'ok', ...Array.from({ length: 6 }, () => 'partial' as const));
    unknown.dialogs.onNotes.push({ text: /may have been made, and would cost \$7\.00 a month/, press: 'volumes' });
    await unknown.show();
    assert.deepEqual(unknown.editor.done, ['run gpuRental.volumes.show']);
    assert.deepEqual([lost.made().length, unknown.made().length], [1, 1]);
  });

  it('is asked for at Vast only on machines that have an offer', async () => {
    const bench = new Bench({ choose: /^New volume/ }, { choose: /^Vast/ }, { choose: /machine 36683/ }, { type: 'datasets' }, { type: '20' }, { press: 'create' });
    bench.vast.volumes.sitesToTell = [site({ provider: 'vast', key: '9', site: '36683', place: 'Norway', leastGb: 1, mostGb: 50, rateFor: (gb) => usdPerHour((gb * 0.2) / 720) })];
    await bench.show();
    assert.ok(bench.vast.volumes.calls.includes('sites 36683'));
    const pick = bench.dialogs.picks[2];
    assert.match(pick?.choices[0]?.description ?? '', /^\$20\.28 for 100 GB a month · RTX 4090$/);
    assert.match(bench.dialogs.questions[0]?.detail ?? '', /lies on machine 36683 of Vast\.ai for ever, and only what is rented on that machine can use it/);
    const none = new Bench({ choose: /^New volume/ }, { choose: /^Vast/ });
    none.vast.volumes.sitesToTell = [];
    await none.show();
    assert.match(none.dialogs.notes[0]?.text ?? '', /None of the machines whose offers are on show sells volumes/);
  });

  it('wants an account first', async () => {
    const bench = new Bench({ choose: /^New volume/ }, { choose: /^RunPod/ });
    bench.signedIn = false;
    await bench.show();
    assert.deepEqual([bench.asked, bench.made()], [['runpod'], []]);
  });
});

describe('a volume', () => {
  it('goes after a modal that names what is lost', async () => {
    const bench = new Bench({ choose: /^datasets/ }, { choose: /^Destroy/ }, { press: 'destroy' });
    bench.runpod.volumes.volumes = [volume()];
    await bench.show();
    const [question] = bench.dialogs.questions;
    assert.deepEqual([question?.title, question?.detail, question?.grave], [
      'Destroy the volume datasets?',
      'All that lies on its 100 GB in EU-RO-1 at RunPod is lost for good; nobody can bring it back. It costs $7.00 a month until then.',
      true,
    ]);
    assert.deepEqual(bench.runpod.volumes.calls.filter((call) => call.startsWith('remove')), ['remove vol1']);
  });

  it('stays when the person turns away, or a machine uses it', async () => {
    for (const [answers, usedBy] of [[[{ press: undefined }], []], [[], ['1']]] as const) {
      const bench = new Bench({ choose: /^datasets/ }, { choose: /^Destroy/ }, ...answers);
      bench.runpod.volumes.volumes = [volume({ usedBy })];
      await bench.show();
      assert.deepEqual(bench.runpod.volumes.calls.filter((call) => call.startsWith('remove')), []);
      if (usedBy.length > 0) assert.match(bench.dialogs.notes[0]?.text ?? '', /attached to a machine, which must be destroyed first/);
    }
  });

  it('is not called gone before it is', async () => {
    const bench = new Bench({ choose: /^datasets/ }, { choose: /^Destroy/ }, { press: 'destroy' });
    bench.runpod.volumes.volumes = [volume()];
    bench.runpod.volumes.lingers = 99;
    await bench.show();
    assert.match(bench.dialogs.notes[0]?.text ?? '', /has not confirmed that the volume datasets is gone: it may still cost money/);
  });

  it('is rented with among the offers that can have it', async () => {
    const bench = new Bench({ choose: /^datasets/ }, { choose: /^Rent/ }, { choose: /^RTX 4090/ }, { choose: /EU-RO-1/ });
    bench.runpod.volumes.volumes = [volume()];
    await bench.show();
    assert.deepEqual(bench.rented, [['runpod:1', 'datasets']]);
    assert.equal(bench.dialogs.picks[3]?.choices.length, 1);
  });

  it('says when no offer on show can have it', async () => {
    const bench = new Bench({ choose: /^datasets/ }, { choose: /^Rent/ });
    bench.runpod.volumes.volumes = [volume({ site: 'US-KS-2', place: 'US-KS-2' })];
    bench.dialogs.onNotes.push({ text: /No offer on show can have the volume datasets\. It can only be attached when a machine is rented, in US-KS-2/, press: 'filter' });
    await bench.show();
    assert.deepEqual([bench.rented, bench.editor.done], [[], ['run gpuRental.offers.filter']]);
  });
});

describe('words about volumes', () => {
  it('name what they cost together, for where spend is shown', () => {
    assert.deepEqual(volumeCosts([], english), []);
    assert.deepEqual(volumeCosts([volume(), volume(), unpriced(volume())], english), [
      'Volumes cost $14.00 a month, whatever runs, until you destroy them. They are not in the figures above.',
      '1 volume more costs what its provider does not publish.',
    ]);
  });

  it('say nothing of a price that nobody publishes', () => {
    assert.doesNotMatch(destroyVolumeConsent(unpriced(volume()), english).detail, /\$|costs/);
    assert.match(volumeLine(unpriced(volume()), english), /price not published by RunPod$/);
  });

  it('cannot be rewritten by a host', () => {
    const strange = 'Oslo\u202e\n\nfree of charge';
    for (const text of [whereWords({ provider: 'runpod', place: strange, site: 'x' }, english), newVolumeConsent({ site: site({ place: strange }), name: 'a', sizeGb: 10 }, false, english).detail, destroyVolumeConsent(volume({ place: strange, name: strange }), english).title]) {
      assert.doesNotMatch(text, /\u202e|\n\nfree/);
    }
  });
});
