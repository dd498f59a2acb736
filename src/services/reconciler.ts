/**
 * Keeps the journal and the providers' lists in agreement, one provider at a time, in the one window that holds the
 * right to it. It is asked for the right again after every wait: a window that slept has lost it to another.
 */
import { isAbort, isRentError, type ErrorCode } from '../domain/errors.ts';
import { isAtRest } from '../domain/instance.ts';
import { mayBill, type Launch } from '../domain/launch.ts';
import type { InstanceListing, Provider } from '../domain/provider.ts';
import { reconcile, type Decision } from '../domain/reconcile.ts';
import type { Errand, Holding } from '../domain/store.ts';
import { endStep } from './ending.ts';
import type { Fleet, FleetDeps } from './fleet.ts';
import { keepAccount, outOfSight } from './whose.ts';

type ReconcilerDeps = FleetDeps & { readonly fleet: Fleet };

/** Launches settled longer ago than this are not held against the list any more. */
const rememberMs = 7 * 24 * 3_600_000;

export async function lookAfter(deps: ReconcilerDeps, provider: Provider, insist: boolean, signal: AbortSignal): Promise<void> {
  const mayAct = takeTurn(deps, provider, insist);
  if (mayAct === undefined) return;
  const listing = await heard(deps, provider, signal);
  if (listing === undefined || !mayAct()) return;
  for (const seen of listing.instances) deps.fleet.see(seen, listing.at);
  const launches = await inSight(deps, provider, listing, signal);
  if (!mayAct()) return;
  countAbsences(deps, launches, listing);
  const wasSeen = new Set(deps.store.sightings().map(({ seen }) => seen.id));
  const decisions = reconcile({
    install: deps.store.install, launches, listing, now: deps.clock.now(),
    absence: (id) => deps.store.absence(id),
    wasSeen: (id) => wasSeen.has(id),
  });
  for (const decision of decisions) {
    if (!mayAct()) return;
    await carryOut(deps, provider, decision).catch((error: unknown) => deps.log.warn(`could not ${decision.do}, will try again`, error));
  }
  for (const errand of deps.store.errands()) {
    if (!mayAct()) return;
    if (errand.instanceId.startsWith(`${provider.id}:`)) {
      await runErrand(deps, provider, errand, listing).catch((error: unknown) => deps.log.warn(`could not ${errand.wish} ${errand.instanceId}, will try again`, error));
    }
  }
  if (listing.complete) dropVanished(deps, provider, listing);
}

/** What a person asked of somebody else's machine is asked for until it is done. */
async function runErrand(deps: ReconcilerDeps, provider: Provider, { instanceId, wish }: Errand, listing: InstanceListing): Promise<void> {
  if (wish === 'end') return void (await endStep(deps, provider, undefined, instanceId));
  const seen = listing.instances.find(({ id }) => id === instanceId);
  if (seen === undefined ? listing.complete : isAtRest(seen)) deps.store.setErrand(instanceId, undefined);
  else if (seen?.state !== 'stopping') await provider.stop(instanceId.slice(provider.id.length + 1));
}

/** Undefined when another window looks after this provider; else whether it is still ours to act, at any later moment. */
function takeTurn({ store, owner, log }: ReconcilerDeps, provider: Provider, insist: boolean): (() => boolean) | undefined {
  let holding: Holding | undefined;
  try {
    holding = store.hold(provider.id, owner, insist);
  } catch (error) {
    // Ending what costs money matters more than who does it: with a full disk every window goes on alone.
    log.error('the store cannot be written', error);
    return () => true;
  }
  return holding && (() => store.stillHeld(holding));
}

async function heard(deps: ReconcilerDeps, provider: Provider, signal: AbortSignal): Promise<InstanceListing | undefined> {
  try {
    return await provider.list(signal);
  } catch (error) {
    if (isAbort(error)) return undefined;
    // Not heard is not gone: everything stays as it was last seen.
    hear(deps, provider, isRentError(error) ? error.code : 'badResponse');
    deps.log.warn(`list of ${provider.id} failed`, error);
    return undefined;
  }
}

/** A full disk must not keep anybody from holding machines to their limits. */
function hear({ store, clock, log }: ReconcilerDeps, provider: Provider, problem: ErrorCode | undefined): void {
  try {
    store.hear({ provider: provider.id, at: clock.now(), ...(problem === undefined ? {} : { problem }) });
  } catch (error) {
    log.warn(`that ${provider.id} was asked cannot be kept`, error);
  }
}

function launchesOf({ store, clock }: ReconcilerDeps, provider: Provider): Launch[] {
  const now = clock.now();
  return store.launches().filter((launch) => launch.provider === provider.id &&
    (mayBill.includes(launch.state) || launch.state === 'intent' || now - launch.changedAt < rememberMs));
}

/** Those that the list speaks about: another account's key shows nothing of our machines, and they go on costing. */
async function inSight(deps: ReconcilerDeps, provider: Provider, listing: InstanceListing, signal: AbortSignal): Promise<Launch[]> {
  const launches = launchesOf(deps, provider);
  const live = launches.filter(({ state }) => mayBill.includes(state));
  const shown = live.filter((launch) => isShown(launch, listing));
  await keepAccount(deps, provider, shown.map(({ id }) => id), signal);
  const absent = listing.complete ? live.filter((launch) => !shown.includes(launch)) : [];
  const { launchIds, sure } = await outOfSight(deps, provider, absent.map(({ id }) => id), signal);
  hear(deps, provider, launchIds.size > 0 && sure ? 'otherAccount' : undefined);
  return launches.filter(({ id }) => !launchIds.has(id));
}

const isShown = ({ id, instanceId }: Launch, { instances }: InstanceListing): boolean =>
  instances.some((seen) => seen.label === id || seen.id === instanceId);

function countAbsences({ store }: ReconcilerDeps, launches: readonly Launch[], listing: InstanceListing): void {
  const labels = new Set(listing.instances.map((seen) => seen.label));
  const ids = new Set<string>(listing.instances.map((seen) => seen.id));
  const seenSince = new Set(store.sightings().filter(({ at }) => at >= listing.at).map(({ seen }) => seen.id));
  for (const { id, instanceId, state } of launches) {
    if (!mayBill.includes(state)) continue;
    const before = store.absence(id);
    if (labels.has(id) || (instanceId !== undefined && ids.has(instanceId))) {
      if (before !== undefined) store.setAbsence(id, undefined);
    } else if (listing.complete && (instanceId === undefined || (state !== 'ending' && !seenSince.has(instanceId)))) {
      // What is being ended is asked for by its id instead; and a list that took long proves nothing about what was seen since.
      store.setAbsence(id, { looks: (before?.looks ?? 0) + 1, since: before?.since ?? listing.at, last: listing.at });
    }
  }
}

async function carryOut(deps: ReconcilerDeps, provider: Provider, decision: Decision): Promise<void> {
  const { store, fleet, log } = deps;
  log.info(`reconcile ${provider.id}: ${decision.do}`, 'launch' in decision ? decision.launch?.id : undefined);
  switch (decision.do) {
    case 'adopt':
      store.mark(decision.launch.id, 'created', decision.instanceId);
      return;
    case 'uncertain':
      store.mark(decision.launch.id, 'uncertain');
      return;
    case 'notCreated':
      store.mark(decision.launch.id, 'notCreated');
      return;
    case 'stopped':
      store.mark(decision.launch.id, 'stopped');
      return;
    case 'stop':
      await provider.stop(decision.instanceId.slice(provider.id.length + 1));
      deps.meter.turned(decision.instanceId, deps.meter.providerNow());
      return;
    case 'gone':
      return confirmGone(deps, provider, decision);
    case 'end':
      // A second machine of one launch has nobody else to remember that it must go.
      if (decision.launch === undefined) return store.setErrand(decision.instanceId, 'end');
      store.mark(decision.launch.id, 'ending', decision.instanceId);
      fleet.announce();
      await endStep(deps, provider, decision.launch.id, decision.instanceId);
  }
}

/** Lists have been wrong before: the machine itself is asked for once more. */
async function confirmGone({ store, fleet }: ReconcilerDeps, provider: Provider, { launch, instanceId }: Extract<Decision, { do: 'gone' }>): Promise<void> {
  const found = await provider.get(instanceId.slice(provider.id.length + 1), new AbortController().signal);
  const since = store.absence(launch.id)?.since;
  if (found === undefined && since !== undefined) return fleet.forget(instanceId, since);
  store.setAbsence(launch.id, undefined);
  if (found) fleet.see(found.instance, found.at);
}

/** Others' machines leave when the provider stops naming them; ours only by decision. */
function dropVanished({ store, fleet }: ReconcilerDeps, provider: Provider, listing: InstanceListing): void {
  const listed = new Set(listing.instances.map((seen) => seen.id));
  for (const { seen } of store.sightings()) {
    if (seen.provider === provider.id && !listed.has(seen.id) && !fleet.isOurs(seen)) fleet.forget(seen.id, listing.at);
  }
}
