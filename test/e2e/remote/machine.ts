// A machine rented without any editor, and the computer's own `ssh` with nothing but the host file to go by.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { usd } from '../../../src/domain/money.ts';
import type { ProviderId } from '../../../src/domain/offer.ts';
import { startMarket } from '../../../src/practice/market.ts';
import type { Rental } from '../../../src/practice/rental.ts';
import { systemClock } from '../../../src/services/clock.ts';
import type { Ready } from '../../../src/services/readiness.ts';
import { type Core, createCore } from '../../../src/wiring.ts';
import { FakeLog } from '../../fakes/fakeLog.ts';
import { temporaryFolder } from '../../host/temporary.ts';

export interface Machine extends AsyncDisposable {
  readonly core: Core;
  readonly ready: Ready;
  /** The market's own view of it. */
  readonly rental: Rental;
  /** A folder for what the test makes. */
  readonly scratch: string;
}

export async function rentMachine(provider: ProviderId): Promise<Machine> {
  await using stack = new AsyncDisposableStack();
  const { path: scratch } = stack.use(await temporaryFolder('hookup'));
  const market = await startMarket({ seed: 3, clockRate: 20, bootScale: 0, dir: scratch });
  stack.defer(() => market.close());
  const core = await createCore({
    stateFolder: scratch,
    origins: { vast: market.vast.url, runpod: market.runpod.url, lambda: market.lambda.url },
    keys: { get: (id) => Promise.resolve(market[id].apiKey), set: () => Promise.resolve(), delete: () => Promise.resolve() },
    clock: systemClock, log: new FakeLog(), version: 'test',
  });
  stack.defer(() => core.dispose());
  await core.accounts.load();
  await core.market.refresh({ diskGb: 20, provider, kind: 'on-demand', count: 1 });
  // A community pod may have no public address, and then nobody can sign in to it.
  const offer = core.market.view.offers.find(({ tier }) => tier === 'datacentre') ?? core.market.view.offers[0];
  if (!offer) throw new Error(`${provider} offers nothing.`);
  const ready = await core.rentals.rent({
    offer, name: '', image: core.providers.get(provider)?.traits.defaultImage ?? '',
    limits: { budget: usd(5), leaseEndsAt: offer.readAt + 24 * 3_600_000 },
  }, () => undefined, new AbortController().signal);
  const rental = market.world.rentals.all().at(-1);
  if (!rental) throw new Error('The market knows of no rental.');
  const everything = stack.move();
  return { core, ready, rental, scratch, [Symbol.asyncDispose]: () => everything.disposeAsync() };
}

/** Without the agent of whoever runs the tests: its keys might let in where ours does not. */
export const sshEnvironment: NodeJS.ProcessEnv = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => name !== 'SSH_AUTH_SOCK'),
);

export interface Answer {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs ssh, or another program of its family, with our host file and no other. */
export async function withHostFile({ ready }: Machine, program: 'ssh' | 'scp', args: readonly string[], input = ''): Promise<Answer> {
  const child = spawn(program, ['-F', ready.hostFile, ...args], { env: sshEnvironment });
  // A program that ends without reading its input is judged by its status.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const ended = new Promise<number | null>((resolve, reject) => child.once('close', resolve).once('error', reject));
  const [status, out, err] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { status, out, err };
}

/** What a command on the machine prints; throws when it fails. */
export async function onMachine(machine: Machine, command: string): Promise<string> {
  const { status, out, err } = await withHostFile(machine, 'ssh', [machine.ready.alias, command]);
  if (status !== 0) throw new Error(`"${command}" ended with ${status} on the machine: ${err}`);
  return out;
}

/** ssh cannot choose the port of `-D` by itself. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('A TCP server has a port.');
  return address.port;
}
