/** The list of machines as plain data; nodes are strings, as in the list of offers. */
import type { PinnedBy } from '../../domain/ssh.ts';
import type { RunRecord } from '../../domain/run.ts';
import type { FleetInstance } from '../../services/fleetInstance.ts';
import type { ProviderProblem } from '../../services/market.ts';
import type { Row } from '../row.ts';
import type { Voice } from '../voice.ts';
import { line } from '../words.ts';
import { contextOf } from './instanceContext.ts';
import { instanceDetails, type InstanceExtras } from './instanceDetails.ts';
import { instanceRow } from './instanceRow.ts';
import { problemRow } from '../problemRow.ts';
import { runNodes } from '../runs/runNodes.ts';

export interface InstancesInput {
  readonly instances: readonly FleetInstance[];
  readonly errors: readonly ProviderProblem[];
  readonly now: number;
  readonly pinnedBy?: (instance: FleetInstance) => PinnedBy | undefined;
  /** It should answer, and does not. */
  readonly lost?: (instance: FleetInstance) => boolean;
  /** What other areas have to say about it. */
  readonly extras?: InstanceExtras['rows'];
  readonly runsOf?: (launchId: string) => readonly RunRecord[];
}

export interface InstancesModel {
  readonly roots: readonly string[];
  readonly rows: ReadonlyMap<string, Row>;
  readonly children: ReadonlyMap<string, readonly string[]>;
  readonly instanceById: ReadonlyMap<string, FleetInstance>;
  /** What can be done to a run, by its node. */
}

export const instanceNode = (instance: Pick<FleetInstance, 'id'>): string => `instance/${instance.id}`;

/** Machines are few, so their rows are made at once: comparing them says what to draw again. */
export function buildInstances({ instances, errors, now, pinnedBy, lost, extras, runsOf }: InstancesInput, voice: Voice): InstancesModel {
  const rows = new Map<string, Row>();
  const children = new Map<string, readonly string[]>();
  const ordered = instances.toSorted((a, b) => Number(b.ours) - Number(a.ours) || (b.since ?? Infinity) - (a.since ?? Infinity) || (a.id < b.id ? -1 : 1));
  for (const instance of ordered) {
    const node = instanceNode(instance);
    const row = instanceRow(instance, now, voice);
    rows.set(node, lost?.(instance) === true ? lostRow(row, voice) : row);
    const details = [...(extras?.(instance) ?? []), ...instanceDetails(instance, now, voice, pinnedBy?.(instance))];
    for (const { key, name, figure, ...rest } of details) rows.set(`${node}/${key}`, { label: name, description: figure, spoken: `${name}: ${figure}`, ...rest });
    const runs = runNodes(instance, node, (instance.alias !== undefined && runsOf?.(instance.alias)) || [], now, voice);
    for (const run of runs) rows.set(run.node, { ...run.row, context: run.context });
    children.set(node, [...runs.map((run) => run.node), ...details.map(({ key }) => `${node}/${key}`)]);
  }
  for (const problem of errors) rows.set(`problem/${problem.provider}`, problemRow(problem, voice));
  return {
    rows,
    children,
    roots: [...errors.map(({ provider }) => `problem/${provider}`), ...ordered.map(instanceNode)],
    instanceById: new Map(ordered.map((instance) => [instanceNode(instance), instance])),
  };
}

const lostRow = (row: Row, { t }: Voice): Row => {
  const description = line(t('does not answer'), row.description);
  return { ...row, description, spoken: `${row.label}, ${description}` };
};

/** The smallest set of nodes to draw again; undefined means everything. */
export function changedInstances(before: InstancesModel, after: InstancesModel): string[] | undefined {
  if (before.roots.join('\n') !== after.roots.join('\n')) return undefined;
  const same = (node: string): boolean => sameRow(before.rows.get(node), after.rows.get(node));
  const deeds = ({ instanceById }: InstancesModel, node: string): string => {
    const instance = instanceById.get(node);
    return instance ? contextOf(instance) : '';
  };
  return after.roots.filter((node) => {
    const parts = after.children.get(node) ?? [];
    return !same(node) || deeds(before, node) !== deeds(after, node) || parts.length !== (before.children.get(node) ?? []).length || parts.some((part) => !same(part));
  });
}

const sameRow = (a: Row | undefined, b: Row | undefined): boolean =>
  a?.label === b?.label && a?.description === b?.description && a?.icon?.codicon === b?.icon?.codicon;
