import type { InstanceId, SeenInstance } from './instance.ts';
import { isOurLabel, type Launch } from './launch.ts';
import type { InstanceListing } from './provider.ts';

/**
 * What to do when the journal and one provider's list are laid side by side. Pure, so that every
 * combination can be tested. A list that is not complete proves presence, never absence; nothing
 * that does not carry our label is ever touched.
 */
export type Decision =
  | { readonly do: 'adopt'; readonly launch: Launch; readonly instanceId: InstanceId }
  | { readonly do: 'end'; readonly instanceId: InstanceId; readonly launch?: Launch }
  | { readonly do: 'gone'; readonly launch: Launch }
  | { readonly do: 'notCreated'; readonly launch: Launch }
  | { readonly do: 'uncertain'; readonly launch: Launch };

export interface Evidence {
  readonly install: string;
  /** Of this provider only. */
  readonly launches: readonly Launch[];
  readonly listing: InstanceListing;
  /** Complete listings in a row without this launch's machine, this one included. */
  readonly absences: (launchId: string) => number;
  /** Launches that a running task of this process is looking after. */
  readonly busy: ReadonlySet<string>;
  readonly now: number;
}

/** A provider's list can lag a create by minutes: absence within this time means nothing. */
export const listLagMs = 10 * 60_000;
const answerMs = 5 * 60_000;
const giveUpMs = 15 * 60_000;
const goneAfter = 2;
const giveUpAfter = 5;

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

function decide(launch: Launch, machines: readonly SeenInstance[], evidence: Evidence): Decision[] {
  const mine = machines.find((machine) => machine.id === launch.instanceId) ?? machines[0];
  if (mine === undefined) return decideAbsent(launch, evidence);
  const extras = machines.filter((machine) => machine !== mine).map(extra);
  switch (launch.state) {
    case 'intent':
    case 'sent':
    case 'uncertain':
      return [{ do: 'adopt', launch, instanceId: mine.id }, ...extras];
    case 'created':
    case 'ready':
      return extras;
    // We ended it, or told the person that it never came to be: whatever shows up late is ended.
    case 'ending':
    case 'gone':
    case 'refused':
    case 'notCreated':
      return [{ do: 'end', launch, instanceId: mine.id }, ...extras];
  }
}

function decideAbsent(launch: Launch, { listing, absences, busy, now }: Evidence): Decision[] {
  const age = now - launch.changedAt;
  const absent = listing.complete ? absences(launch.id) : 0;
  switch (launch.state) {
    case 'intent': // written, never sent
      return age > answerMs && !busy.has(launch.id) ? [{ do: 'notCreated', launch }] : [];
    case 'sent':
      return age > answerMs && !busy.has(launch.id) ? [{ do: 'uncertain', launch }] : [];
    case 'uncertain':
      return absent >= giveUpAfter && age > giveUpMs ? [{ do: 'notCreated', launch }] : [];
    case 'created':
    case 'ready':
      return absent >= goneAfter && now - launch.createdAt > listLagMs ? [{ do: 'gone', launch }] : [];
    case 'ending':
      if (launch.instanceId === undefined) return absent >= giveUpAfter && age > giveUpMs ? [{ do: 'notCreated', launch }] : [];
      return absent >= goneAfter ? [{ do: 'gone', launch }] : [];
    case 'gone':
    case 'refused':
    case 'notCreated':
      return [];
  }
}
