/** What a machine is started with and which disk comes with it: chosen under "Change limits…", and agreed to by name. */
import assert from 'node:assert/strict';
import { RentError } from '../../../../src/domain/errors.ts';
import { zeroRate } from '../../../../src/domain/money.ts';
import type { Offer, OfferId } from '../../../../src/domain/offer.ts';
import type { ProviderTraits } from '../../../../src/domain/provider.ts';
import type { StartTemplate, TemplatePage } from '../../../../src/domain/start.ts';
import { startImages } from '../../../../src/domain/startImages.ts';
import type { Volume } from '../../../../src/domain/volume.ts';
import type { RentRequest } from '../../../../src/services/creating.ts';
import { goBack } from '../../../../src/ui/dialogs.ts';
import { RentFlow } from '../../../../src/ui/rent/rentFlow.ts';
import { StartMemory } from '../../../../src/ui/rent/startMemory.ts';
import { createSettings } from '../../../../src/ui/settings.ts';
import { FakeLog } from '../../../fakes/fakeLog.ts';
import { volume } from '../../../fakes/fakeVolumes.ts';
import { offer } from '../../../fakes/offers.ts';
import { drawer } from '../support/drawer.ts';
import { english } from '../support/english.ts';
import { now, purse, ready } from '../support/machines.ts';
import { RecordingEditor } from '../support/recordingEditor.ts';
import { ScriptedDialogs, type Answer } from '../support/scriptedDialogs.ts';

const secure = (id: string, change: Parameters<typeof offer>[0] = {}): Offer =>
  offer({ id: `runpod:${id}` as OfferId, provider: 'runpod', tier: 'datacentre', place: 'EU-RO-1', ...change });
const template = (change: Partial<StartTemplate> = {}): StartTemplate => ({ image: 'ghcr.io/me/trainer:2', name: 'My trainer', ports: [6006], by: 'you', withoutScript: false, ...change });
const agree: Answer = { press: 'rent' };
const change: Answer = { press: 'limits' };
const goOn: Answer = { choose: /^Go on/ };

class Bench {
  readonly dialogs: ScriptedDialogs;
  readonly log = new FakeLog();
  readonly drawer = drawer();
  readonly rented: RentRequest[] = [];
  volumes: Volume[] = [];
  offers: Offer[] = [secure('1')];
  templates: TemplatePage | RentError = { templates: [], dropped: 0, more: false };
  failures: RentError[] = [];
  lacking: Partial<ProviderTraits> = {};

  constructor(...answers: Answer[]) {
    this.dialogs = new ScriptedDialogs(...answers);
  }

  async rent(wanted = this.offers[0], withVolume?: Volume): Promise<this> {
    const traits = {
      name: 'RunPod', defaultImage: 'runpod/pytorch:1', workspaceFolder: '/workspace', keysUrl: '', billingUrl: '', usualStartMinutes: [1, 3],
      chargesSettleMs: 0, chargeBucketMs: 3_600_000, carriesGuard: (image: string) => image.startsWith('runpod/'), ...this.lacking,
    } as const;
    const flow = new RentFlow({
      dialogs: this.dialogs, editor: new RecordingEditor(), links: { vast: traits, runpod: traits, lambda: traits }, log: this.log, voice: english, practice: false, now: () => now,
      purse: () => purse(), project: () => 'diffusion', accounts: { signedIn: () => true }, fleet: { instances: [] }, settings: createSettings(() => undefined),
      traits: () => traits, insight: () => ({}), offers: () => this.offers, readAgain: () => undefined, askToSignIn: () => Promise.resolve(true), mayRent: () => Promise.resolve(true), onReady: () => undefined,
      rentals: {
        quote: (one, diskGb, _, attached) => Promise.resolve({ ...one, diskGb: one.details.noStop === true ? one.diskGb : diskGb, readAt: now, ...(attached ? { price: { ...one.price, stoppedDisk: zeroRate } } : {}) }),
        rent: (request) => {
          this.rented.push(request);
          const failure = this.failures.shift();
          return failure ? Promise.reject(failure) : Promise.resolve(ready());
        },
      },
      starts: new StartMemory(this.drawer),
      templates: () => (this.templates instanceof RentError ? Promise.reject(this.templates) : Promise.resolve(this.templates)),
      disks: { volumes: this.volumes, refresh: () => Promise.resolve(), folder: () => '/workspace', fits: (one, { site }) => one.place === site },
    });
    assert.ok(wanted);
    await flow.rent(wanted, undefined, withVolume);
    assert.equal(this.dialogs.unused, 0, 'every expected question was asked');
    return this;
  }

  detail = (which: number): string => this.dialogs.questions[which]?.detail ?? '';
}

describe('what can be changed of a machine that is what it is', () => {
  const fixed = (...answers: Answer[]): Bench => {
    const bench = new Bench(...answers);
    bench.offers = [offer({ id: 'lambda:a~b' as OfferId, provider: 'lambda', gpuUsd: 0.75, diskUsd: 0, diskGb: 1503, readAt: now, details: { noStop: true } })];
    bench.lacking = { defaultImage: 'lambda-stack', noStop: true, fixedDisk: true, ownImages: true, carriesGuard: () => false };
    return bench;
  };

  it('is neither its disk nor what a limit does, and it is destroyed at one whatever the settings say', async () => {
    const bench = await fixed(change, goOn, agree).rent();
    assert.deepEqual(bench.dialogs.picks[0]?.choices.map(({ label }) => label), ['Go on', 'Budget', 'Lease', 'Image', 'Volume', 'Name']);
    assert.deepEqual([bench.rented[0]?.limits.atLimit, bench.rented[0]?.image], ['destroy', 'lambda-stack']);
    assert.match(bench.detail(0), /it is destroyed by the editor, disk and all/);
  });

  it('is its image, by the name of a family and with no templates', async () => {
    const bench = await fixed(change, { choose: /^Image/ }, { choose: /^Any image/ }, { type: 'lambda-stack-22-04' }, goOn, agree).rent();
    assert.deepEqual(bench.dialogs.picks[1]?.choices.map(({ label }) => label), ['lambda-stack', 'Any image by its name…']);
    const input = bench.dialogs.asked.find((asked) => asked.is === 'input');
    assert.match(input?.is === 'input' ? input.input.prompt : '', /A family of machine images of Lambda; lambda-stack is the newest/);
    assert.equal(bench.rented[0]?.image, 'lambda-stack-22-04');
  });

  it('leaves its disk behind when another machine takes its place', async () => {
    const bench = fixed(agree, agree);
    bench.failures = [new RentError('noCapacity')];
    bench.offers = [...bench.offers, offer({ id: 'vast:2', gpuUsd: 0.3 })];
    await bench.rent();
    assert.deepEqual(bench.rented.map(({ offer: one }) => [one.provider, one.diskGb]), [['lambda', 1503], ['vast', 40]]);
  });
});

describe('the image of a rental', () => {
  it('is the usual one, named in the consent, without a question more', async () => {
    const bench = await new Bench(agree).rent();
    assert.equal(bench.rented[0]?.image, 'runpod/pytorch:1');
    assert.match(bench.detail(0), /\n\nIt starts the image runpod\/pytorch:1\.\n\n/);
    assert.deepEqual([bench.dialogs.picks.length, bench.drawer.content], [0, {}]);
  });

  it('is one of those that fit, with the disk it wants, and is the project\'s from then on', async () => {
    const bench = await new Bench(change, { choose: /^Image/ }, { choose: /^ComfyUI/ }, goOn, agree).rent();
    assert.deepEqual([bench.rented[0]?.image, bench.rented[0]?.offer.diskGb], ['runpod/comfyui:latest', 80]);
    assert.match(bench.detail(1), /80 GB disk/);
    assert.match(bench.detail(1), /It starts ComfyUI, image runpod\/comfyui:latest\. Once it runs, it listens there at port 8188\./);
    const again = new Bench(agree);
    Object.assign(again.drawer.content, bench.drawer.content);
    await again.rent();
    assert.equal(again.rented[0]?.image, 'runpod/comfyui:latest');
    assert.match(again.detail(0), /It starts ComfyUI/);
  });

  it('offers last time\'s first and marks what is chosen', async () => {
    const bench = new Bench(change, { choose: /^Image/ }, { choose: goBack }, goOn, agree);
    bench.drawer.content['gpuRental.start.runpod'] = { image: 'runpod/comfyui:latest', name: 'ComfyUI', ports: [8188] };
    await bench.rent();
    const choices = bench.dialogs.picks[1]?.choices ?? [];
    assert.deepEqual([choices[0]?.section, choices[0]?.label, choices[0]?.current], ['Last time in this project', 'ComfyUI', true]);
    assert.deepEqual([choices[1]?.section, choices[1]?.label], ['Usual', 'runpod/pytorch:1']);
  });

  it('shows none that needs more memory than the offer has, and says that there are', async () => {
    const bench = new Bench(change, { choose: /^Image/ }, { choose: undefined }, goOn, agree);
    bench.offers = [secure('1', { vramGb: 9 })];
    await bench.rent();
    const pick = bench.dialogs.picks[1];
    const tooLarge = startImages.filter((image) => image.on.runpod !== undefined && image.vramGb > 9);
    assert.ok(tooLarge.length > 0);
    assert.match(pick?.placeholder ?? '', new RegExp(`^What should it start\\? ${tooLarge.length} more need a GPU with more than 9 GB$`));
    for (const { name } of tooLarge) assert.ok(!pick?.choices.some(({ label }) => label === name), name);
  });

  it('can be any by its name, warns where it carries no guard, and takes no nonsense', async () => {
    const bench = await new Bench(change, { choose: /^Image/ }, { choose: /^Any image/ }, { type: ' pytorch/pytorch:2.4.0 ' }, goOn, agree).rent();
    assert.equal(bench.rented[0]?.image, 'pytorch/pytorch:2.4.0');
    assert.match(bench.detail(1), /It starts the image pytorch\/pytorch:2\.4\.0\.[^]*Not protected: at RunPod a machine of this image cannot stop itself/);
    const asked = bench.dialogs.asked.find((one) => one.is === 'input');
    assert.ok(asked?.is === 'input');
    for (const nonsense of ['', 'two words', 'UPPER/case', '$(reboot)', 'a'.repeat(300)]) assert.equal(asked.input.refuse(nonsense), 'Not the name of an image', nonsense);
  });

  it('can be a template of the provider\'s: yours first, with its variables, which are kept nowhere', async () => {
    const bench = new Bench(change, { choose: /^Image/ }, { choose: /^Templates of RunPod/ }, { choose: /^My trainer/ }, goOn, agree);
    bench.templates = {
      templates: [template({ env: { TOKEN: 'hush' }, private: true, diskGb: 60, command: 'python serve.py' }), template({ name: 'PyTorch', image: 'runpod/pytorch:9', by: 'provider' })], dropped: 1, more: true,
    };
    await bench.rent();
    const [request] = bench.rented;
    assert.deepEqual([request?.image, request?.env, request?.command, request?.offer.diskGb], ['ghcr.io/me/trainer:2', { TOKEN: 'hush' }, 'python serve.py', 60]);
    assert.match(bench.detail(1), /Its template sets 1 variable\./);
    assert.doesNotMatch(bench.detail(1), /hush/);
    const pick = bench.dialogs.picks[2];
    assert.deepEqual(pick?.choices.map(({ section }) => section), ['Yours', 'RunPod']);
    assert.match(pick?.choices[0]?.detail ?? '', /No guard/);
    assert.equal(pick?.placeholder, 'Which one? There are more than are shown');
    assert.deepEqual(bench.drawer.content, {});
  });

  it('goes back to the other ways when the templates cannot be read', async () => {
    const bench = new Bench(change, { choose: /^Image/ }, { choose: /^Templates/ }, { choose: /^Ollama/ }, goOn, agree);
    bench.templates = new RentError('forbidden');
    await bench.rent();
    assert.match(bench.dialogs.notes[0]?.text ?? '', /lacks the right/);
    assert.match(bench.detail(1), /Ollama is not in that image; this installs it there: curl -fsSL https:\/\/ollama\.com\/install\.sh \| sh/);
  });

  it('says so when there is no template', async () => {
    const bench = await new Bench(change, { choose: /^Image/ }, { choose: /^Templates/ }, { choose: undefined }, goOn, agree).rent();
    assert.equal(bench.dialogs.notes[0]?.text, 'RunPod lists no template that can be started.');
  });

  it('is forgotten where what was remembered is no image any more', async () => {
    for (const remembered of [{ image: 'not an image', ports: [] }, { image: 'a/b', ports: [0] }, 'text', null]) {
      const bench = new Bench(agree);
      bench.drawer.content['gpuRental.start.runpod'] = remembered;
      await bench.rent();
      assert.equal(bench.rented[0]?.image, 'runpod/pytorch:1');
    }
  });

  it('is another provider\'s usual one when the next best offer is there', async () => {
    const bench = new Bench(change, { choose: /^Image/ }, { choose: /^ComfyUI/ }, goOn, agree, agree);
    bench.offers = [secure('1'), offer({ id: 'vast:7' as OfferId, gpuUsd: 0.2, tier: 'datacentre' })];
    bench.failures = [new RentError('offerGone')];
    await bench.rent();
    assert.deepEqual(bench.rented.map(({ image }) => image), ['runpod/comfyui:latest', 'runpod/pytorch:1']);
  });
});

describe('the volume of a rental', () => {
  it('is chosen among those that the offer can have, and agreed to with its price', async () => {
    const bench = new Bench(change, { choose: /^Volume/ }, { choose: /^datasets/ }, goOn, agree);
    bench.volumes = [volume(), volume({ id: 'runpod:2', key: '2', name: 'elsewhere', site: 'US-KS-2' })];
    await bench.rent();
    const pick = bench.dialogs.picks[1];
    assert.deepEqual(pick?.choices.map(({ label }) => label), ['No volume', 'datasets']);
    assert.match(pick?.placeholder ?? '', /1 others lie where this offer is not$/);
    assert.match(pick?.choices[1]?.description ?? '', /^100 GB · EU-RO-1 · \$7\.00 a month$/);
    assert.match(pick?.choices[1]?.detail ?? '', /only be attached when a machine is rented, in EU-RO-1 and in the Secure cloud/);
    assert.match(bench.detail(1), /The volume datasets, 100 GB · EU-RO-1 · \$7\.00 a month, is found there at \/workspace\. It costs that until you destroy it, with or without this machine\./);
    assert.match(bench.detail(1), /Stopped, it costs nothing and keeps only the volume\./);
    assert.deepEqual([bench.rented[0]?.volume?.name, bench.rented[0]?.offer.price.stoppedDisk], ['datasets', 0]);
  });

  it('can be taken away again', async () => {
    const bench = new Bench(change, { choose: /^Volume/ }, { choose: /^No volume/ }, goOn, agree);
    bench.volumes = [volume()];
    await bench.rent(bench.offers[0], volume());
    assert.match(bench.detail(0), /The volume datasets/);
    assert.doesNotMatch(bench.detail(1), /volume/);
    assert.ok(!('volume' in (bench.rented[0] ?? {})));
  });

  it('keeps the next best where it lies', async () => {
    const bench = new Bench(agree, agree);
    bench.offers = [secure('1'), secure('2', { place: 'US-KS-2', gpuUsd: 0.1 }), secure('3', { gpuUsd: 0.3 })];
    bench.failures = [new RentError('noCapacity')];
    await bench.rent(bench.offers[0], volume());
    assert.deepEqual(bench.rented.map((request) => [request.offer.id, request.volume?.name]), [['runpod:1', 'datasets'], ['runpod:3', 'datasets']]);
  });
});
