/**
 * The guard as text that a create call can carry: terms, and the program packed. Loaded when a machine is
 * rented, and not before. What is made here stands in the machine's listing for every holder of an API
 * key: nothing secret is in it.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { RentError } from '../domain/errors.ts';
import type { GuardTerms } from '../domain/guard.ts';
import { minify } from './minify.ts';
import { guardConfig } from './model.ts';

export interface Packed {
  /** The program: letters, digits, `+`, `/` and `=`. */
  readonly program: string;
  /** Runs in the background of any POSIX shell where `$(...)` of `source` prints the program; no single quotes. */
  start(source: string): string;
}

/** `origin` is where we ourselves speak with the provider; the guard calls there too. */
export function packGuard(provider: 'vast' | 'runpod', terms: GuardTerms, origin: string): Packed {
  const home = URL.canParse(origin) ? new URL(origin).origin : '';
  const [, scheme, host = ''] = /^(https?):\/\/([a-z0-9.-]+(?::\d{1,5})?)$/.exec(home) ?? [];
  if (scheme !== 'http' && scheme !== 'https') throw unfit('an origin that a guard could not call');
  const { rate, off, budget, use, deadline, idle, action } = guardConfig(terms);
  const limits = [budget, use, deadline, idle].map((limit) => whole(limit, 1));
  const words = [label(terms.label), whole(rate, 0), whole(off, 0), ...limits, action, host].join(' ');
  return {
    program: programFor(provider, scheme),
    start: (source) => `(G=$(${source}|base64 -d|gzip -dc);export G;sh -c "$G" g start ${words})&`,
  };
}

const programs = new Map<string, string>();

/** The program is the same for every machine of a provider. */
function programFor(provider: 'vast' | 'runpod', scheme: 'http' | 'https'): string {
  const name = `${provider} ${scheme}`;
  const program = programs.get(name) ?? gzipSync(minify(guardScript(), [provider, scheme]), { level: 9 }).toString('base64');
  programs.set(name, program);
  return program;
}

/** Beside this file, and beside the bundle, whose chunks lie one folder deeper. */
export function guardScript(): string {
  const folder = [import.meta.dirname, dirname(import.meta.dirname)].find((each) => existsSync(join(each, 'guard.sh')));
  if (folder === undefined) throw unfit('guard.sh is missing');
  return readFileSync(join(folder, 'guard.sh'), 'utf8');
}

function label(text: string): string {
  if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(text)) throw unfit('not a label');
  return text;
}

/** The guard takes no longer numbers, and a limit of nothing would end the machine at once. */
function whole(value: number, least: number): string {
  if (!Number.isSafeInteger(value) || value < least || value > 999_999_999_999) throw unfit('terms that no guard can keep');
  return String(value);
}

/** Thrown before anything is sent: what cannot be guarded is not rented. */
const unfit = (detail: string): RentError => new RentError('badRequest', { detail });
