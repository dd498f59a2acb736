/** Rents one machine with a guard, by the real adapters: called, or as a process of its own that somebody may kill. */
import type { GuardTerms } from '../../../src/domain/guard.ts';
import type { Provider } from '../../../src/domain/provider.ts';
import { createHttp } from '../../../src/providers/http/http.ts';
import { createRunpod } from '../../../src/providers/runpod/runpod.ts';
import { createVast } from '../../../src/providers/vast/vast.ts';
import { FakeClock } from '../../fakes/fakeClock.ts';
import { FakeLog } from '../../fakes/fakeLog.ts';

export interface Plan {
  readonly provider: 'vast' | 'runpod';
  readonly origin: string;
  readonly key: string;
  readonly terms: GuardTerms;
}

/** Resolves to the machine's key. */
export async function rentWithGuard({ provider, origin, key, terms }: Plan): Promise<string> {
  const [clock, log] = [new FakeClock(), new FakeLog()];
  const http = createHttp({ origin, key: async () => key, clock, log, userAgent: 'gpu-rental/test' });
  const adapter: Provider = provider === 'vast' ? createVast(http, { clock, log, origin }) : createRunpod(http, { signedIn: async () => true, origin });
  for await (const { offers } of adapter.search({ diskGb: 40 }, new AbortController().signal)) {
    const offer = offers.find(({ kind }) => kind === 'on-demand');
    if (offer) return adapter.create({ offer, label: terms.label, image: adapter.traits.defaultImage, publicKey: 'ssh-ed25519 AAAA test', env: {}, guard: terms });
  }
  throw new Error('no offers');
}

if (process.argv[1] === import.meta.filename) {
  console.log(await rentWithGuard(JSON.parse(process.argv[2] ?? '') as Plan));
  // What it would have done next is not the test's: it waits to be killed.
  setInterval(() => undefined, 60_000);
}
