import { parseArgs } from 'node:util';
import type { LimitAction } from '../domain/guard.ts';
import { afterwardsKinds, type Afterwards } from '../domain/run.ts';
import { providerIds, type ProviderId } from '../domain/offer.ts';

/** The call itself is wrong: one line says why, and the exit code is 2. */
export class WrongCall extends Error {}

export interface Invocation {
  readonly command: string;
  readonly id: string | undefined;
  readonly json: boolean;
  readonly csv: boolean;
  readonly yes: boolean;
  readonly gpu: string | undefined;
  readonly image: string | undefined;
  readonly provider: ProviderId | undefined;
  readonly count: number | undefined;
  readonly minVramGb: number | undefined;
  readonly maxPrice: number | undefined;
  readonly minReliability: number | undefined;
  readonly diskGb: number | undefined;
  readonly budgetUsd: number | undefined;
  readonly leaseHours: number | undefined;
  readonly idleMinutes: number | undefined;
  readonly atLimit: LimitAction | undefined;
  /** What stands behind the id; of `sync`, behind its direction. */
  readonly more: readonly string[];
  /** Behind `--`: a command, word for word. */
  readonly words: readonly string[];
  /** What becomes of the machine when the run has ended. */
  readonly afterwards: Afterwards;
  /** Of `estimate`: a script first, then what stands beside it. */
  readonly files: readonly string[];
  readonly gpus: number | undefined;
  /** What would stand behind the script's name. */
  readonly args: string | undefined;
  /** A run's own output, or its trainer_state.json. */
  readonly log: string | undefined;
  /** Names that no table knows may be sent to the Hugging Face Hub. */
  readonly hub: boolean;
}

const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;
const options = {
  json: flag, csv: flag, yes: flag, gpu: text, image: text, provider: text, count: text, 'min-vram': text, 'max-price': text,
  'min-reliability': text, disk: text, 'budget-usd': text, 'lease-hours': text, 'idle-minutes': text, 'at-limit': text, gpus: text, args: text, log: text, hub: flag,
  // oxlint-disable-next-line unicorn/no-thenable -- an option's name, and never awaited
  then: text,
} as const;

export function parse(argv: readonly string[], commands: readonly string[]): Invocation {
  const { own, words } = apart(argv);
  const { values, positionals } = split(own);
  const [command, id, ...rest] = positionals;
  if (command === undefined || !commands.includes(command)) {
    throw new WrongCall(`usage: headless ${commands.join('|')} [ID] [--json] …`);
  }
  const takesFiles = command === 'estimate';
  const most = takesFiles ? Infinity : (behindId[command] ?? 0);
  if (rest.length > most) throw new WrongCall(most === 0 ? `one id at most, got also ${rest.join(' ')}` : `too much behind the id: ${rest.slice(most).join(' ')}`);
  if (words.length > 0 && command !== 'run') throw new WrongCall(`${command} takes no command`);
  const provider = providerIds.find((known) => known === values.provider);
  if (values.provider !== undefined && provider === undefined) throw new WrongCall(`--provider is one of ${providerIds.join(', ')}`);
  return {
    command, id: takesFiles ? undefined : id, provider, json: values.json, csv: values.csv, yes: values.yes, gpu: values.gpu, image: values.image,
    count: number('count', values.count, 1),
    minVramGb: number('min-vram', values['min-vram'], 0),
    maxPrice: number('max-price', values['max-price'], 0),
    minReliability: number('min-reliability', values['min-reliability'], 0, 1),
    diskGb: number('disk', values.disk, 1),
    budgetUsd: number('budget-usd', values['budget-usd'], 0),
    leaseHours: number('lease-hours', values['lease-hours'], 0),
    idleMinutes: number('idle-minutes', values['idle-minutes'], 0),
    atLimit: actionOf(values['at-limit']),
    more: takesFiles ? [] : rest,
    words,
    afterwards: afterwardsOf(values.then),
    files: takesFiles ? positionals.slice(1) : [],
    gpus: whole('gpus', values.gpus),
    args: values.args,
    log: values.log,
    hub: values.hub,
  };
}

/** How many words stand behind the id. */
const behindId: Readonly<Record<string, number>> = { sync: 3, run: 1, logs: 1 };

/** A command's own words are not ours to read. A last `--json` is still ours when there was none before, as in every other call. */
function apart(argv: readonly string[]): { own: readonly string[]; words: readonly string[] } {
  const at = argv.indexOf('--');
  if (at < 0) return { own: argv, words: [] };
  const [own, words] = [argv.slice(0, at), argv.slice(at + 1)];
  return words.at(-1) === '--json' && !own.includes('--json') ? { own: [...own, '--json'], words: words.slice(0, -1) } : { own, words };
}

function afterwardsOf(value: string | undefined): Afterwards {
  const kind = afterwardsKinds.find((one) => one === (value ?? 'keep'));
  if (kind === undefined) throw new WrongCall(`--then is one of ${afterwardsKinds.join(', ')}, got ${value}`);
  return kind;
}

function actionOf(value: string | undefined): LimitAction | undefined {
  if (value === undefined || value === 'stop' || value === 'destroy') return value;
  throw new WrongCall(`--at-limit is stop or destroy, got ${value}`);
}

function split(argv: readonly string[]) {
  try {
    return parseArgs({ args: withArgs(argv), options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new WrongCall(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
  }
}

/** What stands behind `--args` begins with a dash itself, which parseArgs takes only as one word. */
function withArgs(argv: readonly string[]): string[] {
  const at = argv.indexOf('--args');
  const value = argv[at + 1];
  return at < 0 || value === undefined ? [...argv] : [...argv.slice(0, at), `--args=${value}`, ...argv.slice(at + 2)];
}

function whole(name: string, value: string | undefined): number | undefined {
  const parsed = number(name, value, 1);
  if (parsed !== undefined && !Number.isInteger(parsed)) throw new WrongCall(`--${name} wants a whole number, got ${value}`);
  return parsed;
}

function number(name: string, value: string | undefined, least: number, most = Infinity): number | undefined {
  if (value === undefined) return undefined;
  const parsed = Number(value);
  if (value.trim() === '' || !Number.isFinite(parsed) || parsed < least || parsed > most) {
    throw new WrongCall(`--${name} wants a number ${most === Infinity ? `of at least ${least}` : `from ${least} to ${most}`}, got ${value}`);
  }
  return parsed;
}

export function required<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new WrongCall(`${name} is missing`);
  return value;
}
