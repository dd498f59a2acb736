/** The renting flow over the real services and a provider that misbehaves: what a person reads must be what is so. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { RentError, type ErrorCode } from '../../../../src/domain/errors.ts';
import { formatRate } from '../../../../src/domain/money.ts';
import { allIn, type Offer, type OfferId } from '../../../../src/domain/offer.ts';
import type { Ready } from '../../../../src/services/readiness.ts';
import { Disks } from '../../../../src/services/disks.ts';
import { RentFlow } from '../../../../src/ui/rent/rentFlow.ts';
import { StartMemory } from '../../../../src/ui/rent/startMemory.ts';
import { createSettings } from '../../../../src/ui/settings.ts';
import { testCore, type TestCore } from '../../../fakes/core.ts';
import { offer } from '../../../fakes/offers.ts';
import { english } from '../support/english.ts';
import { purse } from '../support/machines.ts';
import { RecordingEditor } from '../support/recordingEditor.ts';
import { drawer } from '../support/drawer.ts';
import { ScriptedDialogs } from '../support/scriptedDialogs.ts';

/** Agrees to everything, and presses Cancel at one stage. */
class AgreeablePerson extends ScriptedDialogs {
  override confirm = (<B extends string>(question: { title: string; buttons: readonly { id: B }[] }) => {
    this.agreed.push(question.title);
    return Promise.resolve(question.buttons[0]?.id);
  }) as ScriptedDialogs['confirm'];
  readonly agreed: string[] = [];
}

const offers: readonly Offer[] = [1, 2, 3].map((n) => offer({ id: `vast:${1000 + n}` as OfferId, gpuUsd: 0.34 - n / 100 }));
const refusals: readonly ErrorCode[] = ['auth', 'noCredit', 'offerGone', 'noCapacity', 'bidTooLow', 'rateLimited', 'badRequest'];
const failure = (codes: readonly ErrorCode[]) => fc.constantFrom(...codes).map((code) => new RentError(code));
const weather = fc.record({
  create: fc.array(fc.oneof(fc.constantFrom('ok' as const, 'lost' as const, 'lostAfter' as const), failure(refusals)), { maxLength: 3 }),
  list: fc.array(fc.oneof(fc.constantFrom('ok' as const, 'partial' as const, 'empty' as const), failure(['network', 'serverError'])), { maxLength: 4 }),
  destroy: fc.array(fc.oneof(fc.constantFrom('ok' as const, 'lie' as const), failure(['network', 'serverError', 'auth'])), { maxLength: 12 }),
  get: fc.array(fc.oneof(fc.constant('ok' as const), failure(['network', 'rateLimited'])), { maxLength: 4 }),
  ssh: fc.constantFrom<ErrorCode | undefined>(undefined, undefined, 'sshUnreachable', 'sshRefused'),
  cancelAt: fc.constantFrom(undefined, undefined, /asking Vast/, /starting/, /no clear answer/, /waiting for SSH/, /host key/),
});

interface End {
  readonly core: TestCore;
  readonly person: AgreeablePerson;
  readonly readied: readonly Ready[];
}

async function rentIn(core: TestCore, cancelAt?: RegExp): Promise<End> {
  const { clock, fleet, log, meter, provider, rentals } = core;
  const person = new AgreeablePerson();
  person.cancelAt = cancelAt;
  provider.offers = [...offers];
  const readied: Ready[] = [];
  const links = { vast: provider.traits, runpod: provider.traits, lambda: provider.traits };
  const flow = new RentFlow({
    dialogs: person, editor: new RecordingEditor(), links, log, voice: english, rentals, fleet, purse: () => purse(), project: () => '', practice: false, now: () => Math.max(clock.now(), meter.providerNow()),
    accounts: { signedIn: () => true }, settings: createSettings(() => undefined), traits: () => provider.traits, insight: () => ({}), offers: () => offers, readAgain: () => undefined,
    askToSignIn: () => Promise.resolve(true), mayRent: () => Promise.resolve(true), onReady: (ready) => void readied.push(ready),
    starts: new StartMemory(drawer()), templates: () => provider.templates(), disks: new Disks({ providers: core.providers, signedIn: () => true, clock, log }),
  });
  const [first] = offers;
  assert.ok(first);
  await flow.rent(first);
  return { core, person, readied };
}

describe('what a person reads about a rental', function () {
  this.timeout(120_000);

  it('is the truth, whatever the provider does and whenever they cancel', async () => {
    await fc.assert(fc.asyncProperty(weather, async ({ create, list, destroy, get, ssh, cancelAt }) => {
      using core = await testCore();
      const { scripts } = core.provider;
      scripts.create.push(...create.map((outcome) => () => outcome));
      scripts.list.push(...list.map((outcome) => () => outcome));
      scripts.destroy.push(...destroy.map((outcome) => () => outcome));
      scripts.get.push(...get.map((outcome) => () => outcome));
      if (ssh !== undefined) core.ssh.fail = new RentError(ssh);
      const { person, readied } = await rentIn(core, cancelAt);
      const billing = core.provider.machines.size;
      const said = [...person.agreed, ...person.notes.map(({ text }) => text)].join(' | ');

      assert.ok(core.provider.orders.length <= person.agreed.length, 'nothing is rented without a question of its own');
      assert.equal(readied.length + person.notes.length, 1, `exactly one end is told: ${said}`);
      if (/nothing is billed|no machine was made/.test(person.notes[0]?.text ?? '')) assert.ok(billing === 0, said);
      if (billing > readied.length) assert.match(said, /may still bill|may have been made/, `${billing} bill`);
      for (const ready of readied) assert.ok([...core.provider.machines.values()].some(({ seen }) => seen.id === ready.instanceId));
    }), { numRuns: 40 });
  });

  it('names in every question the price of the offer that is rented for it', async () => {
    using core = await testCore();
    core.provider.scripts.create.push(() => new RentError('offerGone'), () => new RentError('noCapacity'));
    const { person, readied } = await rentIn(core);
    assert.equal(readied.length, 1);
    assert.deepEqual(person.agreed, [
      `Rent 1× RTX 4090 for ${formatRate(allIn(offers[0] as Offer))}?`,
      `That offer was taken while we asked. The next best is ${formatRate(allIn(offers[2] as Offer))}, 99.5 %, Norway.`,
      `Vast.ai has no free machine for this offer now. The next best is ${formatRate(allIn(offers[1] as Offer))}, 99.5 %, Norway.`,
    ]);
  });
});
