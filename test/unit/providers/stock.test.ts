/** Templates and volumes through the real door against both practice markets: what is listed, made, mounted, charged and gone. */
import assert from 'node:assert/strict';
import { isRentError } from '../../../src/domain/errors.ts';
import { toDollars } from '../../../src/domain/money.ts';
import type { Offer } from '../../../src/domain/offer.ts';
import type { Provider } from '../../../src/domain/provider.ts';
import type { Volume, VolumeSite } from '../../../src/domain/volume.ts';
import type { LedgerReport } from '../../../src/practice/ledgerServer.ts';
import { startMarket, type Market } from '../../../src/practice/market.ts';
import type { PodMaker } from '../../../src/practice/podKeeper.ts';
import { createHttp } from '../../../src/providers/http/http.ts';
import { createRunpod } from '../../../src/providers/runpod/runpod.ts';
import { createVast } from '../../../src/providers/vast/vast.ts';
import { Disks } from '../../../src/services/disks.ts';
import { FakeClock } from '../../fakes/fakeClock.ts';
import { FakeLog } from '../../fakes/fakeLog.ts';

const noMachines: PodMaker = { startPod: async () => ({ port: 9, hostKeyFingerprint: 'SHA256:none', stop: async () => {} }), removePod: async () => {} };
const never = (): AbortSignal => new AbortController().signal;
const names = { vast: 'Vast', runpod: 'RunPod' } as const;

interface Session {
  readonly market: Market;
  readonly provider: Provider;
  readonly disks: Disks;
}

for (const id of ['vast', 'runpod'] as const) {
  describe(`stock of ${names[id]}'s on the practice market`, () => {
    let session: Session;
    beforeEach(async () => {
      const market = await startMarket({ seed: 11, offers: 120, startAt: Date.UTC(2026, 10, 22, 12), bootScale: 0, rateLimits: false, credit: 500, podMaker: noMachines });
      const clock = new FakeClock();
      const log = new FakeLog();
      const http = createHttp({ origin: market[id].url, key: async () => market[id].apiKey, clock, log, userAgent: 'gpu-rental/test', random: () => 0 });
      const provider = id === 'vast' ? createVast(http, { clock, log }) : createRunpod(http, { signedIn: async () => true });
      session = { market, provider, disks: new Disks({ providers: new Map([[id, provider]]), signedIn: () => true, clock, log }) };
    });
    afterEach(() => session.market.close());

    const offers = async (): Promise<Offer[]> => {
      const all: Offer[] = [];
      for await (const page of session.provider.search({ diskGb: 40, count: 1, kind: 'on-demand' }, never())) all.push(...page.offers);
      return all;
    };
    /** Where there is both a GPU and a volume to rent. */
    const place = async (): Promise<{ offer: Offer; site: VolumeSite }> => {
      const all = await offers();
      const machines = [...new Set(all.flatMap(({ details }) => details.machineId ?? []))];
      const sites = await session.disks.sites(id, machines, never());
      for (const site of sites) {
        const offer = all.find((one) => session.disks.fits(one, probe(site)));
        if (offer !== undefined) return { offer, site };
      }
      return assert.fail('no place for both');
    };
    const probe = ({ site, place: where }: VolumeSite): Volume => ({ id: `${id}:1`, provider: id, key: '1', name: 'p', sizeGb: 10, site, place: where, usedBy: [] });
    const ledger = async (): Promise<LedgerReport> => (await fetch(session.market.ledger.url)).json() as Promise<LedgerReport>;

    it('lists templates, one\'s own first, without one that cannot be started', async () => {
      const { templates, provider: { traits } } = { ...session, templates: await session.provider.templates?.('', never()) };
      assert.ok(templates && templates.templates.length >= 3 && templates.dropped === 0);
      assert.deepEqual([templates.templates[0]?.by, templates.templates[0]?.name, templates.templates[0]?.private], ['you', 'My trainer', true]);
      assert.ok(templates.templates.some(({ image, by }) => by === 'provider' && traits.carriesGuard(image)));
      assert.ok(!templates.templates.some(({ name }) => name === 'vLLM worker'), 'a serverless worker is no machine');
      assert.deepEqual((await session.provider.templates?.('my TRAINER', never()))?.templates.map(({ name }) => name), ['My trainer']);
    });

    it('makes a volume, rents with it, and destroys both in the only order there is', async () => {
      const { offer, site } = await place();
      const volume = await session.disks.create({ site, name: 'datasets', sizeGb: 20 }, never());
      assert.deepEqual([volume.name, volume.sizeGb, volume.site], ['datasets', 20, site.site]);
      assert.equal(volume.rate, site.rateFor(20), 'it costs what was named');
      const [billed, ...more] = (await ledger()).volumes;
      assert.equal(more.length, 0);
      assert.ok(Math.abs((billed?.usdPerHour ?? 0) - toDollars(site.rateFor(20))) < 2e-6);

      const found = await session.provider.findOffer(offer.id, 40, never());
      const attached = found && session.provider.volumes?.attach(found, volume);
      assert.ok(attached);
      const key = await session.provider.create({ offer: attached, label: 'gpu-rental-test00-1', image: session.provider.traits.defaultImage, publicKey: 'ssh-ed25519 AAAA test', env: {}, volume });
      const machine = await session.provider.get(key, never());
      assert.ok(machine);
      assert.equal(machine.instance.diskGb, attached.diskGb, 'the disk that was priced');
      assert.ok(Math.abs(machine.instance.rates.stopped - attached.price.stoppedDisk) <= 1, 'stopped, it costs what was agreed');

      await assert.rejects(session.disks.remove(volume), (error) => isRentError(error, 'notAllowed'));
      await session.provider.destroy(key);
      await session.disks.remove(volume);
      await session.disks.refresh(never());
      assert.deepEqual([session.disks.volumes, session.disks.problems], [[], []]);
      assert.equal((await ledger()).volumes[0]?.usdPerHour, 0);
    });

    it('finds a volume again whose answer was lost, and makes no second one', async () => {
      const { site } = await place();
      for (const [fault, name] of [['create-timeout-after', 'lost_once'], ['create-500-after', 'lost_twice']] as const) {
        session.market.faults.force(fault);
        assert.equal((await session.disks.create({ site, name, sizeGb: 10 }, never())).name, name);
      }
      await session.disks.refresh(never());
      assert.deepEqual(session.disks.volumes.map(({ name }) => name).toSorted(), ['lost_once', 'lost_twice']);
    });

    it('says that there is none when the request never arrived', async () => {
      const { site } = await place();
      session.market.faults.force('create-timeout-before');
      await assert.rejects(session.disks.create({ site, name: 'never', sizeGb: 10 }, never()), (error) => isRentError(error, 'notCreated'));
      assert.deepEqual((await ledger()).volumes, []);
    });

    it('mounts none that lies elsewhere', async () => {
      const { site } = await place();
      const volume = await session.disks.create({ site, name: 'datasets', sizeGb: 10 }, never());
      const elsewhere = (await offers()).filter((one) => !session.disks.fits(one, volume));
      assert.ok(elsewhere.length > 0);
      const [other] = elsewhere;
      assert.ok(other);
      await assert.rejects(session.provider.create({ offer: other, label: 'gpu-rental-test00-2', image: session.provider.traits.defaultImage, publicKey: 'ssh-ed25519 AAAA test', env: {}, volume }), (error) => isRentError(error, 'badRequest', 'noCapacity'));
      assert.equal((await ledger()).createsAccepted, 0);
    });
  });
}
