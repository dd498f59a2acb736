// What the market's core has to know to run an instance: how long it boots, who may log in, and its bill.
import { chanceAt } from '../random.ts';
import type { BootDelays, RentalSpec } from '../rental.ts';
import type { ChargeLine } from '../ledger.ts';
import type { Instance, Lambda } from './state.ts';

const second = 1000;
const minute = 60 * second;

export function rentalSpecOf(lambda: Lambda, instance: Instance): RentalSpec {
  const { type, site } = instance;
  return {
    provider: 'lambda',
    id: instance.id,
    label: instance.name ?? null,
    image: 'lambda-stack',
    gpu: { name: type.card, count: type.gpus, memoryMib: Math.round((type.vramGb * 1000 ** 3) / 1024 ** 2), driver: '570.148.08', cuda: '12.8' },
    seat: lambda.stock.occupancy.seat(site, 1),
    delays: delaysOf(lambda.world.seed, instance.id),
    charges: (rental): readonly ChargeLine[] => {
      // From when it has booted until it is terminated, restarts included.
      instance.billed ||= rental.state === 'running';
      return instance.billed ? [{ kind: type.gpus === 0 ? 'cpu' : 'gpu', usdPerHour: instance.cents / 100 }] : [];
    },
    pod: {
      user: 'ubuntu',
      env: () => ({}),
      authorizedKeys: () => [instance.sshKey.publicKey],
    },
  };
}

function delaysOf(seed: number, id: string): BootDelays {
  const draw = (what: string, low: number, high: number) => Math.round((low + (high - low) * chanceAt(seed, id, what)) * second);
  return {
    scheduling: draw('scheduling', 4, 12),
    loading: draw('loading', 30, 90),
    ssh: draw('ssh', 1, 6),
    stopping: draw('stopping', 15, 40),
    reloading: draw('reloading', 20, 40),
  };
}

/** Goes away by itself in a while; until then it is billed, and a minute that was begun is billed whole. */
export function terminate(lambda: Lambda, instance: Instance): void {
  const { agenda, bootScale } = lambda.world;
  const { rental } = instance;
  if (rental === null || instance.terminating) return;
  instance.terminating = true;
  const now = agenda.settle();
  lambda.audit.note('instance', 'terminated', instance.id);
  rental.stop('user', now);
  agenda.at(now + Math.round(rental.spec.delays.stopping * bootScale), (time) => end(lambda, instance, time));
  agenda.settle();
}

function end({ world: { ledger }, instances }: Lambda, { id, cents, rental }: Instance, at: number): void {
  rental?.destroy(at);
  instances.delete(id);
  const billedMs = (ledger.bill('lambda', id)?.stretches ?? []).reduce((sum, { from, to }) => sum + (to ?? at) - from, 0);
  const restMs = (minute - (billedMs % minute)) % minute;
  if (restMs > 0) ledger.chargeOnce('lambda', id, 'gpu', (cents / 100) * (restMs / (60 * minute)), at, 'the rest of the last minute');
}
