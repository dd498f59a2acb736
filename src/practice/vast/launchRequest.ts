// Reads and checks the body of a create call.
import type { HttpAnswer } from '../httpServer.ts';
import { fail, invalidArgs, isRecord } from './answers.ts';
import { numberOf, textOf } from './plain.ts';
import type { Template } from './templates.ts';
import { readVolumeWish, type VolumeWish } from './volumes.ts';

export interface LaunchRequest {
  readonly image: string;
  readonly label: string | null;
  readonly diskGb: number;
  /** As given, port mappings and volumes ("-p 80:80") included. */
  readonly env: readonly (readonly [string, string])[];
  readonly onstart: string | null;
  readonly args: readonly string[];
  readonly runtype: string;
  /** Present: interruptible. Dollars per hour. */
  readonly priceUsd: number | null;
  readonly cancelUnavailable: boolean;
  readonly targetState: 'running' | 'stopped';
  readonly template: Template | null;
  readonly volume: VolumeWish | null;
}

const limits = { image: 1024, label: 256, envText: 256, envTotal: 32_768, ports: 64, args: 4096, minDiskGb: 8 };

const runtypes = new Set([
  'ssh',
  'ssh_direct',
  'ssh_direc',
  'ssh_proxy',
  'jupyter',
  'jupyter_direct',
  'jupyter_direc',
  'jupyter_proxy',
  'args',
]);

const hasText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const absent = (value: unknown) => value === undefined || value === null;

function readEnv(given: unknown): [string, string][] | string {
  // A string of docker flags is documented, accepted, and has no effect.
  if (absent(given) || typeof given === 'string') return [];
  if (!isRecord(given)) return 'env must be an object';
  const env: [string, string][] = [];
  for (const [name, value] of Object.entries(given)) {
    if (!['string', 'number', 'boolean'].includes(typeof value)) return `env ${name} must be a string`;
    const text = textOf(value);
    if (name.length > limits.envText || text.length > limits.envText) return `env ${name}: key or value is longer than ${limits.envText}`;
    env.push([name, text]);
  }
  if (env.reduce((sum, [name, text]) => sum + name.length + text.length, 0) > limits.envTotal)
    return `env is longer than ${limits.envTotal}`;
  if (env.filter(([name]) => name.startsWith('-p ')).length > limits.ports) return `more than ${limits.ports} open ports`;
  return env;
}

/** The request, or the answer that refuses it. */
export function readLaunch(
  body: unknown,
  askId: number,
  template: (hash: string) => Template | undefined,
  hasKeys: boolean,
): LaunchRequest | HttpAnswer {
  const bad = (msg: string) => invalidArgs(msg, askId);
  if (!isRecord(body)) return bad('body must be a JSON object');

  const hash = body['template_hash_id'];
  const base = hasText(hash) ? template(hash) : undefined;
  if (hasText(hash) && base === undefined) return bad(`template ${hash} not found`);
  const image = hasText(body['image']) ? body['image'] : (base?.image ?? '');
  if (image === '') return bad('image is required');
  if (image.length > limits.image) return bad('image is too long');

  const label = body['label'];
  if (!absent(label) && typeof label !== 'string') return bad('label must be a string');
  if (typeof label === 'string' && label.length > limits.label)
    return fail(400, 'label_too_long', `error 400/3467: label is longer than ${limits.label}`, { ask_id: askId });

  const disk = absent(body['disk']) ? (base?.diskGb ?? limits.minDiskGb) : numberOf(body['disk']);
  if (!(disk >= limits.minDiskGb)) return bad(`disk must be at least ${limits.minDiskGb}`);

  const given = readEnv(body['env']);
  if (typeof given === 'string') return bad(given);
  const env = [...new Map([...(base?.env ?? []), ...given])];

  const onstart = hasText(body['onstart']) ? body['onstart'] : (base?.onstart ?? null);
  const list = Array.isArray(body['args']) ? body['args'].map(textOf) : [];
  const argsText = hasText(body['args_str']) ? body['args_str'] : '';
  const length = (onstart?.length ?? 0) + argsText.length + list.join('').length;
  if (length > limits.args) return fail(400, 'invalid_args', `error 400/3471: Invalid args: len(args) > ${limits.args}`, { ask_id: askId });

  const runtype = hasText(body['runtype']) ? body['runtype'] : (base?.runtype ?? 'ssh');
  if (!runtype.split(' ').every((word) => runtypes.has(word))) return bad(`unknown runtype ${runtype}`);

  const price = absent(body['price']) ? null : numberOf(body['price']);
  if (price !== null && !(price >= 0.001 && price <= 128))
    return fail(400, 'invalid_price', 'error 400/3470: Invalid price', { ask_id: askId });
  if (body['vm'] === true && !hasKeys)
    return fail(400, 'no_ssh_key_for_vm', 'error 400/3468: a VM needs an SSH key on the account', { ask_id: askId });

  const volume = readVolumeWish(body['volume_info'], env);
  if (typeof volume === 'string') return bad(volume);

  const targetState = body['target_state'] === 'stopped' ? 'stopped' : 'running';
  return {
    image,
    label: typeof label === 'string' ? label : null,
    diskGb: disk,
    env,
    onstart,
    args: argsText === '' ? list : argsText.split(' '),
    runtype,
    priceUsd: price,
    // Documented defaults; the official CLI sends an explicit false.
    cancelUnavailable: typeof body['cancel_unavail'] === 'boolean' ? body['cancel_unavail'] : price === null && targetState === 'running',
    targetState,
    template: base ?? null,
    volume,
  };
}

export function isAnswer(value: LaunchRequest | HttpAnswer): value is HttpAnswer {
  return 'status' in value;
}
