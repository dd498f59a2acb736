/**
 * Five columns describe an instance, overlap, and contradict each other. What matters is money and
 * whether it can be used: where they leave it open, it is `unknown`, which counts at the full rate.
 */
import type { InstanceState, StartStage } from '../../domain/instance.ts';

export interface StatusColumns {
  /** Null until there is a container. */
  readonly actual: string | null | undefined;
  readonly intended: string | null | undefined;
  readonly cur: string | null | undefined;
  readonly next: string | null | undefined;
  readonly message: string;
  readonly isBid: boolean;
}

export interface SeenState {
  readonly state: InstanceState;
  readonly stage?: StartStage;
  readonly outbid: boolean;
}

/** What a registry or the container runtime says when there will never be a container. */
const hopeless =
  /manifest unknown|failed to resolve reference|pull access denied|repository does not exist|unauthorized: authentication required|oci runtime create failed|invalid reference format/i;
const ending = /^(?:destroy|terminat|delet)/;

export function stateOf(columns: StatusColumns): SeenState {
  const { actual, intended, cur, next } = normal(columns);
  const on = (state: InstanceState, stage?: StartStage): SeenState => ({ state, outbid: false, ...(stage === undefined ? {} : { stage }) });
  const byMarket = (state: InstanceState): SeenState => ({ state, outbid: columns.isBid });
  const broken = hopeless.test(columns.message);
  const neverRan = actual === '' || actual === 'created' || actual === 'loading';

  if ([actual, intended, cur].some((word) => ending.test(word))) return on('ending');
  if (intended === 'stopped') {
    if (actual === 'running' || cur === 'running') return on('stopping');
    if (broken) return on('failed');
    // Stopped before it ever ran, which nobody asked for; or Vast says so itself.
    return neverRan || /outbid/i.test(columns.message) ? byMarket('stopped') : on('stopped');
  }
  if (intended !== 'running') return on('unknown');
  switch (actual) {
    case 'running':
      return on(cur === 'running' || cur === '' ? 'ready' : 'unknown');
    case '':
    case 'created':
    case 'loading':
      if (broken) return on('failed');
      return next === 'stopped' ? byMarket('stopping') : on('starting', stageOf(actual, columns.message));
    case 'rebooting':
    case 'restarting':
    case 'recycling':
      return on('starting', 'booting');
    case 'exited':
    case 'stopped':
      // On its own a crashed container: its GPU is still ours, and billed.
      if (cur !== 'stopped') return on('unknown');
      return columns.isBid && next !== 'running' ? byMarket('stopped') : on('starting', 'scheduling');
    default:
      return on('unknown');
  }
}

const normal = ({ actual, intended, cur, next }: StatusColumns) => ({
  actual: word(actual), intended: word(intended), cur: word(cur), next: word(next),
});

const word = (column: string | null | undefined): string => column?.trim().toLowerCase() ?? '';

function stageOf(actual: string, message: string): StartStage {
  if (actual === '') return 'scheduling';
  return /^success/i.test(message) ? 'booting' : 'pulling';
}
