import assert from 'node:assert/strict';
import { RentError } from '../../../../src/domain/errors.ts';
import { incidentAt, type HostIncident } from '../../../../src/domain/hostMemory.ts';
import type { Standing } from '../../../../src/domain/insight.ts';
import { formatRate, usd, usdPerHour } from '../../../../src/domain/money.ts';
import { allIn, type Offer, type OfferId } from '../../../../src/domain/offer.ts';
import type { FleetInstance } from '../../../../src/services/fleetInstance.ts';
import type { Ready } from '../../../../src/services/readiness.ts';
import type { OnStage, RentRequest } from '../../../../src/services/creating.ts';
import type { TemplatePage } from '../../../../src/domain/start.ts';
import type { Volume } from '../../../../src/domain/volume.ts';
import { RentFlow } from '../../../../src/ui/rent/rentFlow.ts';
import { StartMemory } from '../../../../src/ui/rent/startMemory.ts';
import type { RentDeps } from '../../../../src/ui/rent/rentDeps.ts';
import { createSettings } from '../../../../src/ui/settings.ts';
import { FakeLog } from '../../../fakes/fakeLog.ts';
import { offer } from '../../../fakes/offers.ts';
import { drawer } from '../support/drawer.ts';
import { english } from '../support/english.ts';
import { hourMs, launch, machine, now, purse, ready } from '../support/machines.ts';
import { RecordingEditor } from '../support/recordingEditor.ts';
import { ScriptedDialogs, type Answer } from '../support/scriptedDialogs.ts';

const at = (id: string, gpuUsd: number, change: Partial<Offer> = {}): Offer => offer({ id: `vast:${id}` as OfferId, gpuUsd, ...change });
const agree: Answer = { press: 'rent' };

/** A market and its rentals by hand: what is asked for is kept, and what is answered is decided by the test. */
class Bench {
  readonly dialogs: ScriptedDialogs;
  readonly editor = new RecordingEditor();
  readonly log = new FakeLog();
  readonly rented: RentRequest[] = [];
  readonly readied: Ready[] = [];
  readonly quoted: string[] = [];
  readAgain = 0;
  standing: Standing | undefined;
  incident: HostIncident | undefined;
  readonly instances: FleetInstance[] = [];
  offers: Offer[] = [at('1', 0.31), at('2', 0.3), at('3', 0.25, { gpuCount: 2 }), at('4', 0.32)];
  quote = (wanted: Offer, diskGb: number): Promise<Offer | undefined> => Promise.resolve({ ...wanted, diskGb, readAt: now });
  create: (request: RentRequest, onStage: OnStage, signal: AbortSignal) => Promise<Ready> = () => Promise.resolve(ready());
  signedIn = true;
  mayRent: (one: Offer) => boolean = () => true;
  purse = purse();
  readonly drawer = drawer();
  readonly volumes: Volume[] = [];
  templates: TemplatePage = { templates: [], dropped: 0, more: false };
  readonly flow: RentFlow;

  constructor(...answers: Answer[]) {
    this.dialogs = new ScriptedDialogs(...answers);
    const traits = {
      name: 'Vast.ai', defaultImage: 'usual/image', workspaceFolder: '/workspace', keysUrl: '', billingUrl: '', usualStartMinutes: [1, 3], chargesSettleMs: 0, chargeBucketMs: 3_600_000, carriesGuard: (image: string) => !image.startsWith('bare/'),
    } as const;
    const links = { vast: traits, runpod: traits, lambda: traits };
    const deps: RentDeps = {
      dialogs: this.dialogs, editor: this.editor, links, log: this.log, voice: english, practice: false, now: () => now, purse: () => this.purse, project: () => 'diffusion',
      rentals: {
        quote: (wanted, diskGb, _, volume) => {
          this.quoted.push(volume === undefined ? wanted.id : `${wanted.id} with ${volume.name}`);
          return this.quote(wanted, diskGb);
        },
        rent: (request, onStage, signal) => {
          this.rented.push(request);
          return this.create(request, onStage, signal);
        },
      },
      accounts: { signedIn: () => this.signedIn },
      fleet: { instances: this.instances },
      settings: createSettings((id) => (id === 'gpuRental.limits.budgetUsd' ? 7 : undefined)),
      traits: () => traits,
      offers: () => this.offers,
      insight: () => ({ ...(this.standing && { standing: this.standing }), ...(this.incident && { incident: this.incident }) }),
      readAgain: () => void this.readAgain++,
      askToSignIn: () => Promise.resolve(this.signedIn),
      mayRent: (one) => Promise.resolve(this.mayRent(one)),
      onReady: (one) => void this.readied.push(one),
      starts: new StartMemory(this.drawer),
      templates: () => Promise.resolve(this.templates),
      disks: {
        volumes: this.volumes,
        refresh: () => Promise.resolve(),
        folder: () => '/data',
        fits: (one, { site }) => one.place === site,
      },
    };
    this.flow = new RentFlow(deps);
  }

  async rent(which = 0): Promise<this> {
    const wanted = this.offers[which];
    assert.ok(wanted);
    await this.flow.rent(wanted);
    assert.equal(this.dialogs.unused, 0, 'every expected question was asked');
    assert.equal(this.flow.busy, false);
    return this;
  }
}

const failing = (...errors: (RentError | DOMException)[]) => (): Promise<Ready> => {
  const error = errors.shift();
  return error ? Promise.reject(error) : Promise.resolve(ready());
};

describe('renting', () => {
  it('asks no price and nobody where the workspace may not rent it', async () => {
    const bench = new Bench();
    bench.mayRent = ({ tier }) => tier === 'datacentre';
    await bench.rent();
    assert.deepEqual([bench.quoted, bench.rented, bench.dialogs.asked], [[], [], []]);
    const allowed = new Bench(agree);
    allowed.mayRent = bench.mayRent;
    allowed.offers = [at('1', 0.31, { tier: 'datacentre' })];
    assert.equal((await allowed.rent()).rented.length, 1);
  });

  it('rents an interruptible machine at the bid that was agreed to, and bids no more than that for the next best', async () => {
    const spot = (id: string, gpuUsd: number): Offer => at(`${id}-bid`, gpuUsd, { kind: 'interruptible' });
    const bench = new Bench({ press: 'bid' }, { type: '0.2' }, agree, { press: 'rent' });
    bench.offers = [spot('1', 0.1), spot('2', 0.12), spot('3', 0.14), spot('4', 0.5)];
    bench.create = failing(new RentError('offerGone'));
    await bench.rent();
    assert.deepEqual(bench.dialogs.questions.map(({ title }) => title.replace(/^.*next best is/, 'next')), ['Rent 1× RTX 4090 for $0.12/h?', 'Rent 1× RTX 4090 for $0.22/h?', 'next $0.22/h, 99.5 %, Norway.']);
    assert.match(bench.dialogs.questions[1]?.detail ?? '', /Your bid is \$0\.20\/h.*The least that wins now is \$0\.10\/h\. The median over the 4 machines like it on show is \$0\.13\/h/);
    assert.doesNotMatch(bench.dialogs.questions[1]?.detail ?? '', /The list said/);
    assert.deepEqual(bench.rented.map(({ offer: one }) => [one.id, one.price.gpu]), [['vast:1-bid', usdPerHour(0.2)], ['vast:2-bid', usdPerHour(0.2)]]);
  });

  it('asks the price, asks the person once, rents what was agreed and says that it is ready', async () => {
    const bench = await new Bench(agree).rent();
    assert.deepEqual(bench.quoted, ['vast:1']);
    assert.equal(bench.dialogs.questions.length, 1);
    const [request] = bench.rented;
    assert.ok(request);
    assert.deepEqual([request.offer.id, request.image, request.name], ['vast:1', 'usual/image', 'rtx-4090']);
    assert.deepEqual(request.limits, { budget: usd(7), leaseEndsAt: now + 8 * hourMs, idleMs: 1_800_000, atLimit: 'stop' });
    assert.deepEqual([bench.readied.length, bench.readAgain], [1, 0]);
    assert.deepEqual(bench.dialogs.titles, ['Asking Vast.ai for the price now', 'Renting 1× RTX 4090 for $0.33/h']);
  });

  it('rents nothing past a cap, and leads to where it is raised', async () => {
    for (const [press, done] of [['raise', ['settings gpuRental.limits.monthUsd']], [undefined, []]] as const) {
      const bench = new Bench({ press });
      bench.purse = purse({ caps: [{ kind: 'month', limit: usd(20), since: 0, counted: usd(20.1) }] });
      await bench.rent();
      assert.deepEqual([bench.quoted, bench.rented, bench.editor.done], [[], [], done]);
      assert.equal(bench.dialogs.questions[0]?.title, 'This month’s $20.00 is used up');
    }
  });

  it('says that a budget does not fit into what is left of a cap, and rents for the folder that is open', async () => {
    const bench = new Bench(agree);
    bench.purse = purse({ caps: [{ kind: 'month', limit: usd(20), since: 0, counted: usd(17.9) }] });
    await bench.rent();
    assert.match(bench.dialogs.questions[0]?.detail ?? '', /\$2\.10 of this month’s \$20\.00 is left; this machine’s budget leaves it \$7\.00\./);
    assert.equal(bench.rented[0]?.project, 'diffusion');
  });

  it('rents nothing when the person turns away', async () => {
    const bench = await new Bench({ press: undefined }).rent();
    assert.deepEqual([bench.rented.length, bench.readied.length, bench.dialogs.notes.length], [0, 0, 0]);
  });

  it('rents nothing without an account, and goes on after signing in', async () => {
    const bench = new Bench();
    bench.signedIn = false;
    await bench.rent();
    assert.deepEqual([bench.quoted.length, bench.rented.length], [0, 0]);
  });

  it('shows the price of now, not of the list', async () => {
    const bench = new Bench({ press: undefined });
    bench.quote = (wanted) => Promise.resolve({ ...wanted, price: { ...wanted.price, gpu: usdPerHour(0.4) } });
    await bench.rent();
    const [question] = bench.dialogs.questions;
    assert.match(question?.title ?? '', /\$0\.42\/h/);
    assert.match(question?.detail ?? '', /The list said \$0\.33\/h/);
  });

  it('changes limits and prices the changed disk again', async () => {
    const bench = new Bench(
      { press: 'limits' },
      { choose: /^Budget/ }, { type: '12.5' }, { choose: /^Lease/ }, { type: '1,5' }, { choose: /^Idle ends after 30 m without use/ }, { type: '0' }, { choose: /^At a limit stop: the disk is kept/ }, { choose: /^destroy/ }, { choose: /^Disk/ }, { type: '100' }, { choose: /^Name/ }, { type: 'sdxl $(x)' }, { choose: /Go on/ },
      agree,
    );
    bench.quote = (wanted, diskGb) => Promise.resolve({ ...wanted, diskGb, readAt: now, price: { ...wanted.price, disk: usdPerHour(diskGb / 2000) } });
    await bench.rent();
    const [request] = bench.rented;
    assert.ok(request);
    assert.deepEqual([request.offer.diskGb, request.name], [100, 'sdxl $ (x)']);
    assert.deepEqual(request.limits, { budget: usd(12.5), leaseEndsAt: now + 1.5 * hourMs, idleMs: 0, atLimit: 'destroy' });
    assert.match(bench.dialogs.questions[1]?.detail ?? '', /100 GB disk \$0\.050\/h.*It destroys itself, disk and all, at 18:00 or at \$12\.50\. A guard/s);
    assert.doesNotMatch(bench.dialogs.questions[1]?.detail ?? '', /list said/, 'the list assumed another disk');
  });

  it('keeps the limits when changing them is given up', async () => {
    const bench = await new Bench({ press: 'limits' }, { choose: /^Budget/ }, { type: '99' }, { choose: undefined }, agree).rent();
    assert.equal(bench.rented[0]?.limits.budget, usd(7));
  });

  it('rents once however often it is clicked', async () => {
    const bench = new Bench(agree);
    const { promise, resolve } = Promise.withResolvers<Ready>();
    bench.create = () => promise;
    const [wanted] = bench.offers;
    assert.ok(wanted);
    const first = bench.flow.rent(wanted);
    await bench.flow.rent(wanted);
    await bench.flow.rent({ ...wanted });
    resolve(ready());
    await first;
    assert.equal(bench.rented.length, 1);
    assert.equal(bench.dialogs.questions.length, 1);
  });

  it('lets the offer go before its notification is answered', async () => {
    const bench = new Bench(agree, agree);
    bench.create = failing(new RentError('noCredit'), new RentError('noCredit'));
    const { promise } = Promise.withResolvers<undefined>();
    bench.dialogs.notify = () => promise;
    const [wanted] = bench.offers;
    assert.ok(wanted);
    void bench.flow.rent(wanted);
    while (bench.flow.busy) await Promise.resolve();
    void bench.flow.rent(wanted);
    while (bench.flow.busy) await Promise.resolve();
    assert.equal(bench.rented.length, 2);
  });
});

describe('cancelling a rental', () => {
  const cancelled = new Bench(agree);

  it('says that nothing is billed when nothing is', async () => {
    cancelled.dialogs.cancelAt = /pulling/;
    cancelled.create = (_, onStage, signal) => {
      for (const stage of ['asking', 'starting', 'pulling', 'cancelling'] as const) onStage(stage);
      assert.ok(signal.aborted);
      return Promise.reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    };
    await cancelled.rent();
    assert.deepEqual(cancelled.dialogs.notes.map(({ level, text }) => [level, text]), [['info', 'The rental was cancelled, and nothing is billed for it.']]);
    assert.match(cancelled.dialogs.stages.at(-1) ?? '', /ending it, until Vast\.ai confirms/);
  });

  it('says that it may still bill until the provider confirms', async () => {
    const bench = new Bench(agree);
    bench.create = failing(new DOMException('stop', 'AbortError'));
    bench.instances.push(machine({ state: 'ending', launch: launch({ offerId: 'vast:1' as OfferId }) }));
    bench.dialogs.onNotes.push({ text: /not confirmed/, press: 'instances' });
    await bench.rent();
    assert.match(bench.dialogs.notes[0]?.text ?? '', /may still bill/);
    assert.deepEqual(bench.editor.done, ['view gpuRental.instances']);
  });
});

describe('the next best offer', () => {
  it('is asked about in the same way when the offer was taken', async () => {
    const bench = new Bench(agree, agree);
    bench.create = failing(new RentError('offerGone'));
    await bench.rent();
    assert.deepEqual(bench.rented.map((request) => request.offer.id), ['vast:1', 'vast:2']);
    assert.equal(bench.dialogs.questions[1]?.title, 'That offer was taken while we asked. The next best is $0.32/h, 99.5 %, Norway.');
    assert.deepEqual([bench.readied.length, bench.readAgain], [1, 1], 'the list is read again, because it was wrong');
  });

  it('is offered for an offer that was gone before the first question', async () => {
    const bench = new Bench(agree);
    bench.quote = (wanted) => Promise.resolve(wanted.id === 'vast:1' ? undefined : wanted);
    await bench.rent();
    assert.deepEqual(bench.rented.map((request) => request.offer.id), ['vast:2']);
  });

  it('is said to be cheap when it is, and its standing is not spoken of otherwise', async () => {
    for (const [standing, end] of [['cheap', 'Norway, cheap today.'], ['usual', 'Norway.'], ['dear', 'Norway.'], [undefined, 'Norway.']] as const) {
      const bench = new Bench(agree);
      bench.standing = standing;
      bench.quote = (wanted) => Promise.resolve(wanted.id === 'vast:1' ? undefined : wanted);
      await bench.rent();
      assert.equal(bench.dialogs.questions[0]?.title, `That offer was taken while we asked. The next best is $0.32/h, 99.5 %, ${end}`);
    }
  });

  it('of a host that failed before is never agreed to without that being said', async () => {
    const bench = new Bench(agree);
    await bench.rent();
    const failed = new Bench(agree);
    failed.incident = incidentAt('noSsh', now);
    await failed.rent();
    const [before, after] = [bench, failed].map(({ dialogs }) => dialogs.questions[0]?.detail.split('\n\n') ?? []);
    assert.deepEqual(after?.filter((part) => !before?.includes(part)), ['On 2026-11-22 a machine there ran and let nobody in.']);
  });

  it('is none of a host that has just failed', async () => {
    const bench = new Bench(agree, agree);
    const host = { details: { machineId: '7' } };
    const other = { details: { machineId: '8' } };
    bench.offers = [at('1', 0.31, host), at('2', 0.29, host), at('5', 0.3, other)];
    bench.create = () => {
      // What fails is remembered before anybody is asked again, and the list is another one then.
      bench.offers = bench.offers.filter(({ details }) => details.machineId !== '7');
      return Promise.reject(new RentError('dud'));
    };
    await bench.rent();
    assert.deepEqual(bench.rented.map((request) => request.offer.id), ['vast:1', 'vast:5']);
  });

  it('may be dearer only while nothing is agreed', async () => {
    const bench = new Bench(agree);
    bench.offers = [at('1', 0.2), at('2', 0.29)];
    bench.quote = (wanted) => Promise.resolve(wanted.id === 'vast:1' ? undefined : wanted);
    await bench.rent();
    assert.deepEqual(bench.rented.map((request) => request.offer.id), ['vast:2']);
  });

  it('is never dearer than what was agreed, also at the price of now', async () => {
    const bench = new Bench(agree);
    bench.create = failing(new RentError('dud'));
    bench.quote = (wanted) => Promise.resolve(wanted.id === 'vast:2' ? { ...wanted, price: { ...wanted.price, gpu: usdPerHour(0.9) } } : wanted);
    await bench.rent();
    assert.deepEqual(bench.quoted, ['vast:1', 'vast:2'], 'two cards, or a dearer one, are not even priced');
    assert.equal(bench.dialogs.questions.length, 1);
    assert.equal(bench.dialogs.notes[0]?.text, 'The machine never became usable.');
  });

  it('skips candidates that cannot be priced', async () => {
    const bench = new Bench(agree, agree);
    bench.offers = [at('1', 0.31), at('2', 0.29), at('5', 0.3)];
    bench.create = failing(new RentError('noCapacity'));
    bench.quote = (wanted) => (wanted.id === 'vast:2' ? Promise.reject(new RentError('network')) : Promise.resolve(wanted));
    await bench.rent();
    assert.deepEqual(bench.rented.map((request) => request.offer.id), ['vast:1', 'vast:5']);
  });

  it('is tried once each', async () => {
    const bench = new Bench(agree, agree);
    bench.create = failing(new RentError('offerGone'), new RentError('offerGone'));
    await bench.rent();
    assert.deepEqual(bench.rented.map((request) => request.offer.id), ['vast:1', 'vast:2']);
    assert.equal(bench.dialogs.notes[0]?.text, 'That offer was taken while we asked.');
  });

  it('shows the list when that is chosen, and nothing when the person turns away', async () => {
    const shown = new Bench(agree, { press: 'offers' });
    shown.create = failing(new RentError('offerGone'));
    assert.deepEqual((await shown.rent()).editor.done, ['view gpuRental.offers']);
    const left = new Bench(agree, { press: undefined });
    left.create = failing(new RentError('offerGone'));
    await left.rent();
    assert.deepEqual([left.rented.length, left.dialogs.notes.length], [1, 0]);
  });

  it('is not sought when trying again would be wrong', async () => {
    for (const code of ['uncertain', 'network', 'serverError', 'auth', 'noCredit', 'inFlight', 'noJournal', 'badImage'] as const) {
      const bench = new Bench(agree);
      bench.create = failing(new RentError(code));
      await bench.rent();
      assert.deepEqual([code, bench.rented.length, bench.dialogs.questions.length, bench.dialogs.notes.length], [code, 1, 1, 1]);
    }
  });

  it('says with its price that the failed one may still bill', async () => {
    const bench = new Bench(agree, { press: undefined });
    bench.create = failing(new RentError('dud'));
    bench.instances.push(machine({ state: 'ending', launch: launch({ offerId: 'vast:1' as OfferId }) }));
    await bench.rent();
    assert.match(bench.dialogs.questions[1]?.title ?? '', /^The machine never became usable\. Vast\.ai has not confirmed yet .* The next best is/);
  });

  it('keeps every consent under the price it names', async () => {
    const bench = new Bench(agree, agree);
    bench.create = failing(new RentError('bidTooLow'));
    await bench.rent();
    for (const [i, request] of bench.rented.entries()) assert.ok(bench.dialogs.questions[i]?.title.includes(formatRate(allIn(request.offer))));
  });

  it('begins with the limits that a job is expected to need, within what may be asked', async () => {
    for (const [limits, budget, leaseHours] of [[{ budget: usd(1.25), leaseHours: 4 }, 1.25, 4], [{ budget: usd(99_999), leaseHours: 5000 }, 10_000, 720], [{ budget: usd(0), leaseHours: 0 }, 0.1, 0.25]] as const) {
      const bench = new Bench(agree);
      const [wanted] = bench.offers;
      assert.ok(wanted);
      await bench.flow.rent(wanted, limits);
      assert.deepEqual(bench.rented[0]?.limits, { budget: usd(budget), leaseEndsAt: now + leaseHours * hourMs, idleMs: 1_800_000, atLimit: 'stop' });
      assert.match(bench.dialogs.questions[0]?.detail ?? '', new RegExp(`\\$${budget.toFixed(2).replace('.', '\\.')}`), 'and the person agrees to them');
    }
  });
});
