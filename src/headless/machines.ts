import { RentError } from '../domain/errors.ts';
import { defaultFilter } from '../domain/filter.ts';
import type { InstanceId } from '../domain/instance.ts';
import { formatRate, toDollars, usd } from '../domain/money.ts';
import { allIn, offerKey, providerOf, type OfferId } from '../domain/offer.ts';
import type { GuardView } from '../domain/protection.ts';
import { systemClock } from '../services/clock.ts';
import type { FleetInstance } from '../services/fleetInstance.ts';
import type { Told } from '../services/protection.ts';
import type { Core } from '../wiring.ts';
import type { Command } from './command.ts';
import { toJson } from './offers.ts';
import { required, WrongCall, type Invocation } from './parse.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const note = (text: string): void => void process.stderr.write(`${text}\n`);

export const rent: Command = async (core, invocation, signal) => {
  const { id, provider } = idOf<OfferId>(invocation);
  const budget = usd(required(invocation.budgetUsd, '--budget-usd'));
  const leaseHours = required(invocation.leaseHours, '--lease-hours');
  const { idleMinutes = 0 } = invocation;
  const traits = core.providers.get(provider)?.traits;
  const atLimit = traits?.noStop === true ? 'destroy' : (invocation.atLimit ?? 'stop');
  const askedAt = core.store.place(id);
  const offer = await core.providers.get(provider)?.findOffer(id, invocation.diskGb ?? defaultFilter.diskGb, signal);
  if (!offer || !traits) throw new RentError('offerGone', { detail: id });
  const image = invocation.image ?? traits.defaultImage;
  if (!invocation.yes) {
    const answer = { quote: toJson(offer), budgetUsd: toDollars(budget), leaseHours, idleMinutes, atLimit, selfStop: traits.carriesGuard(image), image };
    note('nothing is rented without --yes');
    return { answer, text: `${formatRate(allIn(offer))} with ${offer.diskGb} GB disk, until ${leaseHours} h or $${toDollars(budget)}`, exitCode: 2 };
  }
  const leaseEndsAt = offer.readAt + leaseHours * hourMs;
  const ready = await core.rentals.rent({ offer: { ...offer, askedAt }, image, name: '', limits: { budget, leaseEndsAt, idleMs: idleMinutes * minuteMs, atLimit } }, note, signal);
  const guard = await tellGuard(core, ready.instanceId, signal, greetings);
  return {
    answer: { id: ready.instanceId, provider, sshHost: ready.alias, hostFile: ready.hostFile, label: ready.launch.id, folder: ready.report.folder, guard },
    text: `ssh -F ${ready.hostFile} ${ready.alias}`,
  };
};

export const instances: Command = async (core, _invocation, signal) => {
  // Without a key nothing is known of any account; an empty list would be a lie.
  if (![...core.providers.keys()].some((id) => core.accounts.signedIn(id))) throw new RentError('auth', { detail: 'there is no key for any provider' });
  await core.fleet.refresh(signal, true);
  // What a guard said before may be long over. One that does not answer is given up within half a minute.
  await core.protection.check(signal);
  const errors = core.fleet.errors;
  const [firstError] = errors;
  if (core.fleet.instances.length === 0 && firstError) throw firstError.error;
  return {
    answer: {
      instances: core.fleet.instances.map(instanceJson),
      errors: errors.map(({ provider, error }) => ({ provider, code: error.code, message: error.message })),
    },
    text: core.fleet.instances.map(instanceLine).join('\n'),
  };
};

/** Known while it runs, and of what we rented; null otherwise. */
const guardOf = ({ guard, state }: FleetInstance): GuardView | null => (guard === undefined || state !== 'ready' ? null : guard);

function instanceLine(one: FleetInstance): string {
  const guard = guardOf(one);
  const bare = guard?.protection === 'unprotected' ? `  NOT PROTECTED (${guard.why})` : '';
  return `${one.id}  ${one.state}  ${one.gpuCount}× ${one.gpu}  ${formatRate(one.burn)}${bare}`;
}

function instanceJson(one: FleetInstance): object {
  return {
    id: one.id,
    provider: one.provider,
    ours: one.ours,
    state: one.state,
    gpu: one.gpu,
    gpuCount: one.gpuCount,
    burnUsdPerHour: toDollars(one.burn),
    stoppedUsdPerHour: toDollars(one.rates.stopped),
    spentUsd: toDollars(one.spent),
    leaseEndsAt: one.limits === undefined ? null : new Date(one.limits.leaseEndsAt).toISOString(),
    protection: guardOf(one)?.protection ?? null,
    label: one.launch?.id ?? null,
  };
}

export const stop: Command = (core, invocation) => act(core, invocation, (id) => core.rentals.stop(id));
export const destroy: Command = (core, invocation) => act(core, invocation, (id) => core.rentals.destroy(id));
export const start: Command = (core, invocation, signal) =>
  act(core, invocation, async (id) => {
    await core.rentals.start(id, note, signal);
    await tellGuard(core, id, signal, greetings);
  });

async function act(core: Core, invocation: Invocation, action: (id: InstanceId) => Promise<void>): ReturnType<Command> {
  const { id } = idOf<InstanceId>(invocation);
  if (!invocation.yes) throw new WrongCall(`${invocation.command} wants --yes`);
  await action(id);
  const state = core.fleet.find(id)?.state ?? 'gone';
  return { answer: { id, state }, text: `${id} ${state}` };
}

export const renew: Command = async (core, invocation, signal) => {
  const { id } = idOf<InstanceId>(invocation);
  const leaseEndsAt = core.meter.providerNow() + required(invocation.leaseHours, '--lease-hours') * hourMs;
  core.rentals.renew(id, leaseEndsAt);
  const until = new Date(leaseEndsAt).toISOString();
  await core.fleet.refresh(signal);
  const guard = core.fleet.find(id)?.state === 'stopped' ? null : await tellGuard(core, id, signal, 1);
  return { answer: { id, leaseEndsAt: until, guard }, text: `${id} until ${until}` };
};

/** SSH may be up before the guard is, and a guard that nobody ever greets gives its machine up. */
const greetings = 5;
const betweenGreetingsMs = 3000;

/** The machine hears it before the command ends; where it does not, that is said. */
async function tellGuard(core: Core, id: InstanceId, signal: AbortSignal, most: number): Promise<Told> {
  let told = await core.protection.tell(id, signal);
  for (let tries = 1; told === 'absent' && tries < most; tries++) {
    await systemClock.sleep(betweenGreetingsMs, signal);
    told = await core.protection.tell(id, signal);
  }
  if (told !== 'heard') note(`the guard of ${id} was not told (${told}): it goes by what it knows, or is not there`);
  return told;
}

export function idOf<T extends string>(invocation: Invocation): { id: T; provider: NonNullable<ReturnType<typeof providerOf>> } {
  const id = required(invocation.id, 'an id');
  const provider = providerOf(id);
  if (provider === undefined || offerKey(id) === '') throw new WrongCall(`${id} is not provider:id`);
  return { id: id as T, provider };
}
