import { randomBytes } from 'node:crypto';
import type { ProviderId } from '../../src/domain/offer.ts';
import type { Provider } from '../../src/domain/provider.ts';
import type { Store } from '../../src/domain/store.ts';
import { Fleet } from '../../src/services/fleet.ts';
import { Meter } from '../../src/services/meter.ts';
import { Rentals } from '../../src/services/rentals.ts';
import { openStore } from '../../src/store/sqliteStore.ts';
import { FakeClock } from './fakeClock.ts';
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
  const fleet = new Fleet({ providers, signedIn: () => true, store, meter, clock, log, owner });
  const rentals = new Rentals({ providers, store, fleet, meter, ssh, clock, log, random: (bytes) => randomBytes(bytes) });
  return {
    clock, log, provider, ssh, store, folder, meter, fleet, rentals, providers,
    [Symbol.dispose]: () => {
      store.close();
      temporary?.[Symbol.dispose]();
    },
  };
}
