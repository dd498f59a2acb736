/**
 * Strikes secrets out of everything that is logged or shown. Known secrets go by their value,
 * the rest by shape: providers put tokens of machines and accounts into ordinary answers.
 */
import { isAbort, isRentError } from '../../domain/errors.ts';
import type { Log } from '../../domain/ports.ts';

export type Redact = (text: string) => string;

export const struck = '•••';

/** No word boundaries: a secret stays one whatever it is glued to. */
const shapes: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z0-9 ]+-----[\s\S]*?(?:-----END [A-Z0-9 ]+-----|$)/g, struck],
  [/(Bearer|Basic)(\s+)[^\s"',;\\]+/gi, `$1$2${struck}`],
  [/(api[_-]?key|_token|session_key|password|secret)(\\*["']?\s*[:=]\s*\\*["']?)[^\s"'&,;<>}\\]+/gi, `$1$2${struck}`],
  [/rpa_[A-Za-z0-9]{6,}/g, struck],
  [/secret_[\w-]+\.[A-Za-z0-9]{6,}/g, struck],
  [/[0-9a-f]{64,}/gi, struck],
];

/** By shape only, for code that does not know the key. */
export const strike: Redact = (text) => shapes.reduce((rest, [shape, mark]) => rest.replace(shape, mark), text);

/** `secrets` is asked each time, because keys come and go. */
export function createRedactor(secrets: () => Iterable<string>): Redact {
  let known: readonly string[] = [];
  let forms: readonly string[] = [];
  return (text) => {
    const now = [...secrets()];
    if (now.length !== known.length || now.some((secret, index) => secret !== known[index])) {
      known = now;
      // The longest first: a secret can be a part of another.
      forms = now.filter((secret) => secret.length >= 4).flatMap(formsOf).toSorted((a, b) => b.length - a.length);
    }
    return strike(forms.reduce((rest, form) => rest.replaceAll(form, struck), text));
  };
}

function formsOf(secret: string): string[] {
  // The last group of base64 depends on what follows the secret, so only the whole groups are looked for.
  const base64 = Buffer.from(secret).toString('base64').slice(0, Math.floor(Buffer.byteLength(secret) / 3) * 4);
  const forms = new Set([secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]);
  if (base64.length >= 8) forms.add(base64).add(base64.replaceAll('+', '-').replaceAll('/', '_'));
  return [...forms];
}

/** The same log, with nothing secret in it. Objects arrive as JSON, errors as their name and message; ours needs no stack. */
export function redactingLog(log: Log, redact: Redact): Log {
  const safe = (value: unknown): string => redact(printed(value));
  return {
    debug: (message, ...data) => log.debug(redact(message), ...data.map(safe)),
    info: (message, ...data) => log.info(redact(message), ...data.map(safe)),
    warn: (message, ...data) => log.warn(redact(message), ...data.map(safe)),
    error: (message, ...data) => log.error(safe(message), ...data.map(safe)),
  };
}

function printed(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Error) {
    const text = isRentError(value) || isAbort(value) ? String(value) : (value.stack ?? String(value));
    return value.cause === undefined ? text : `${text} (${printed(value.cause)})`;
  }
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}
