import { randomBytes } from 'node:crypto';
import type { ProviderId } from '../../src/domain/offer.ts';
import type { Provider } from '../../src/domain/provider.ts';
import type { Store } from '../../src/domain/store.ts';
import type { GuardMemory } from '../../src/domain/protection.ts';
import { Fleet } from '../../src/services/fleet.ts';
import { GuardEnds } from '../../src/services/guardEnds.ts';
import { guardKeeper } from '../../src/services/guardKeeper.ts';
import { HostMemory } from '../../src/services/hostMemory.ts';
import { Meter } from '../../src/services/meter.ts';
import { Protection, viewOf } from '../../src/services/protection.ts';
import { Rentals } from '../../src/services/rentals.ts';
import { createGuardMemory } from '../../src/store/guardMemory.ts';
import { openStore } from '../../src/store/sqliteStore.ts';
import { FakeClock } from './fakeClock.ts';
import { FakeGuardLink } from './fakeGuardLink.ts';
import { FakeLog } from './fakeLog.ts';
import { FakeProvider } from './fakeProvider.ts';
import { FakeSsh } from './fakeSsh.ts';
import { temporaryFolder } from './temporaryFolder.ts';

export interface TestCore extends Disposable {
  readonly clock: FakeClock;
  readonly log: FakeLog;
  readonly provider: FakeProvider;
  readonly ssh: FakeSsh;
  readonly store: Store;
  readonly folder: string;
  readonly meter: Meter;
  readonly fleet: Fleet;
  readonly rentals: Rentals;
  /** Whether sensitive work is done where the rentals are. */
  readonly sensitive: { here: boolean };
  readonly memory: GuardMemory;
  readonly link: FakeGuardLink;
  readonly protection: Protection;
  readonly guardEnds: GuardEnds;
  readonly hosts: HostMemory;
  readonly providers: ReadonlyMap<ProviderId, Provider>;
}

/** The real services and the real store around a fake provider, clock and SSH. `folder` opens an earlier life. */
export async function testCore(earlier?: { folder: string; provider: FakeProvider; clock: FakeClock }): Promise<TestCore> {
  const temporary = earlier ? undefined : temporaryFolder();
  const folder = earlier?.folder ?? temporary?.path ?? '';
  const clock = earlier?.clock ?? new FakeClock();
  const log = new FakeLog();
  const provider = earlier?.provider ?? new FakeProvider(clock);
  const ssh = new FakeSsh();
  const store = await openStore(folder, () => clock.now());
  const providers = new Map<ProviderId, Provider>([[provider.id, provider]]);
  const meter = new Meter(store, clock);
  const owner = randomBytes(4).toString('hex');
  const memory = createGuardMemory(store);
  const fleet = new Fleet({ providers, signedIn: () => true, store, meter, clock, log, owner, guardOf: (launch) => viewOf({ memory, providers, clock }, launch) });
  const link = new FakeGuardLink();
  const protection = new Protection({ fleet, providers, memory, link, clock, log, providerNow: () => meter.providerNow() });
  const guardEnds = new GuardEnds({ fleet, journal: store, providers, memory, clock, log });
  const hosts = new HostMemory({ store, clock, log });
  hosts.watch(fleet, guardEnds);
  const sensitive = { here: false };
  const rentals = new Rentals({
    providers, store, fleet, meter, ssh, clock, log, random: (bytes) => randomBytes(bytes), keeper: guardKeeper(protection, guardEnds), hosts, datacentreOnly: () => sensitive.here,
  });
  return {
    clock, log, provider, ssh, store, folder, meter, fleet, rentals, sensitive, memory, link, protection, guardEnds, hosts, providers,
    [Symbol.dispose]: () => {
      store.close();
      temporary?.[Symbol.dispose]();
    },
  };
}
