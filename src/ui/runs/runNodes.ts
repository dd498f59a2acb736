/** Runs as lines below their machine. */
import { isLive, type RunId, type RunRecord } from '../../domain/run.ts';
import type { FleetInstance } from '../../services/fleetInstance.ts';
import type { Row } from '../row.ts';
import type { Voice } from '../voice.ts';
import { runRow } from './runWords.ts';

export interface RunNode {
  readonly node: string;
  readonly row: Row;
  /** `run live`, `run over`, with `can-reach` while its machine runs. */
  readonly context: string;
}

/** What has ended stands there for a while; more are found by the command that shows them all. */
const mostEnded = 4;

export function runNodes(instance: FleetInstance, parent: string, records: readonly RunRecord[], now: number, voice: Voice): RunNode[] {
  const ended = records.filter(({ run }) => !isLive(run)).slice(0, mostEnded);
  const shown = [...records.filter(({ run }) => isLive(run)), ...ended];
  return shown.map((record) => ({ node: `${parent}/run/${record.run.id}`, row: runRow(record, instance, now, voice), context: contextOf(record, instance) }));
}

const contextOf = ({ run }: RunRecord, { state }: FleetInstance): string =>
  ['run', isLive(run) ? 'live' : 'over', ...(state === 'ready' ? ['can-reach'] : [])].join(' ');

/** `instance/vast:77/run/r0abc-12` names both. */
export function runOfNode(argument: unknown): { readonly instance: string; readonly run: RunId } | undefined {
  const [, instance, run] = /^instance\/([^/]+)\/run\/([a-z0-9-]+)$/.exec(typeof argument === 'string' ? argument : '') ?? [];
  return instance === undefined || run === undefined ? undefined : { instance, run };
}
