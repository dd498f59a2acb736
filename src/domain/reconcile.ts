import { isAtRest, type InstanceId, type SeenInstance } from './instance.ts';
import { isOurLabel, type Launch } from './launch.ts';
import type { InstanceListing } from './provider.ts';
import type { Absence } from './store.ts';

/**
 * What to do when the journal and one provider's list are laid side by side. Pure, so that every
 * combination can be tested. A list that is not complete proves presence, never absence; nothing
 * that does not carry our label is ever touched. Times of absence are the provider's clock.
 */
export type Decision =
  | { readonly do: 'adopt'; readonly launch: Launch; readonly instanceId: InstanceId }
  | { readonly do: 'end'; readonly instanceId: InstanceId; readonly launch?: Launch }
  | { readonly do: 'stop'; readonly launch: Launch; readonly instanceId: InstanceId }
  | { readonly do: 'stopped'; readonly launch: Launch }
  | { readonly do: 'gone'; readonly launch: Launch; readonly instanceId: InstanceId }
  | { readonly do: 'notCreated'; readonly launch: Launch }
  | { readonly do: 'uncertain'; readonly launch: Launch };

export interface Evidence {
  readonly install: string;
  /** Of this provider only. */
  readonly launches: readonly Launch[];
  readonly listing: InstanceListing;
  /** Of this launch's machine from complete listings, this one included. */
  readonly absence: (launchId: string) => Absence | undefined;
  /** Whether the machine was ever seen: one that never was may be a list's lag. */
  readonly wasSeen: (instanceId: InstanceId) => boolean;
  readonly now: number;
}

/** A provider's list can lag a create by minutes: absence within this time means nothing. */
export const listLagMs = 10 * 60_000;
/** No create takes longer to be answered; whoever sent it is asleep or dead. */
const answerMs = 5 * 60_000;
const giveUpMs = 15 * 60_000;
const giveUpAfter = 5;
const goneAfter = 2;
const askAgainMs = 60_000;
/** Two looks in the same moment are one. */
export const goneMs = 10_000;

export function reconcile(evidence: Evidence): Decision[] {
  const found = byLabel(evidence);
  return evidence.launches.flatMap((launch) => decide(launch, found.get(launch.id) ?? [], evidence));
}

/** Machines with our label, the oldest first. */
function byLabel({ listing, install }: Evidence): Map<string, SeenInstance[]> {
  const found = new Map<string, SeenInstance[]>();
  for (const machine of listing.instances) {
    if (isOurLabel(machine.label, install)) found.set(machine.label, [...(found.get(machine.label) ?? []), machine]);
  }
  for (const machines of found.values()) machines.sort((a, b) => (a.createdAt ?? Infinity) - (b.createdAt ?? Infinity));
  return found;
}

const extra = (machine: SeenInstance): Decision => ({ do: 'end', instanceId: machine.id });

function decide(launch: Launch, labelled: readonly SeenInstance[], evidence: Evidence): Decision[] {
  // A label can be changed at the provider's console; the id stays.
  const known = evidence.listing.instances.find((machine) => machine.id === launch.instanceId);
  const mine = known ?? labelled[0];
  if (mine === undefined) return decideAbsent(launch, evidence);
  const extras = labelled.filter((machine) => machine !== mine).map(extra);
  return [...decidePresent(launch, mine), ...extras];
}

function decidePresent(launch: Launch, mine: SeenInstance): Decision[] {
  switch (launch.state) {
    case 'intent':
    case 'sent':
    case 'uncertain':
      return [{ do: 'adopt', launch, instanceId: mine.id }];
    case 'created':
    case 'ready':
    case 'stopped':
      return [];
    case 'stopping':
      if (isAtRest(mine)) return [{ do: 'stopped', launch }];
      return mine.state === 'stopping' ? [] : [{ do: 'stop', launch, instanceId: mine.id }];
    // We ended it, or told the person that it never came to be: whatever shows up late is ended.
    case 'ending':
    case 'gone':
    case 'refused':
    case 'notCreated':
      return [{ do: 'end', launch, instanceId: mine.id }];
  }
}

function decideAbsent(launch: Launch, { listing, absence, wasSeen, now }: Evidence): Decision[] {
  const sinceChange = now - launch.changedAt;
  const absent = listing.complete ? absence(launch.id) : undefined;
  const gone = absent !== undefined && absent.looks >= goneAfter && absent.last - absent.since >= goneMs;
  const neverMade = absent !== undefined && absent.looks >= giveUpAfter && absent.last - absent.since >= giveUpMs;
  switch (launch.state) {
    case 'intent': // Written, never sent: the journal lets nobody send it any more.
      return sinceChange > answerMs ? [{ do: 'notCreated', launch }] : [];
    case 'sent':
      return sinceChange > answerMs ? [{ do: 'uncertain', launch }] : [];
    case 'uncertain':
      return neverMade ? [{ do: 'notCreated', launch }] : [];
    case 'created':
    case 'ready':
    case 'stopping':
    case 'stopped': {
      const { instanceId } = launch;
      if (!gone || instanceId === undefined) return [];
      const late = !wasSeen(instanceId) && absent.last - absent.since < listLagMs;
      return late ? [] : [{ do: 'gone', launch, instanceId }];
    }
    case 'ending':
      if (launch.instanceId === undefined) return neverMade ? [{ do: 'notCreated', launch }] : [];
      // Absent is not ended: the request may never have left. But what no list ever showed need not be asked for at every look.
      return !wasSeen(launch.instanceId) && absent !== undefined && listing.at - absent.last < askAgainMs
        ? []
        : [{ do: 'end', launch, instanceId: launch.instanceId }];
    case 'gone':
    case 'refused':
    case 'notCreated':
      return [];
  }
}
