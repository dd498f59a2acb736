/**
 * Vast does not answer with a log but with a public address where it will be, in a store of its
 * own: minutes after a boot, seconds later on. Our key has no business there.
 */
import { RentError } from '../../domain/errors.ts';
import type { Answer, Call, Http } from '../../domain/http.ts';
import type { Clock } from '../../domain/ports.ts';
import { misleading } from '../http/plainText.ts';
import { parseWith } from '../http/read.ts';
import { strike } from '../http/redact.ts';
import { idOf } from './instanceCalls.ts';
import { accepted } from './problems.ts';
import { logAddress } from './schemas/logs.ts';

const lines = 1_000;
const mostCharacters = 256 * 1024;
/** A minute in all. */
const waitsMs = [500, 1_000, 1_500, 2_000, 3_000, 4_000, 6_000, 8_000, 10_000, 12_000, 12_000];

export async function logs(http: Http, clock: Clock, key: string, signal: AbortSignal): Promise<string> {
  const address = await http.send(requestLogs(key), signal);
  let last: string | undefined;
  for (const waitMs of waitsMs) {
    await clock.sleep(waitMs, signal);
    const text = await http.send(readLog(address), signal);
    if (text !== undefined && !isPlaceholder(text)) return text;
    last = text ?? last;
  }
  if (last !== undefined) return last;
  throw new RentError('badResponse', { detail: 'Vast did not publish the log within a minute' });
}

export const requestLogs = (key: string): Call<URL> => ({
  method: 'PUT',
  path: `/api/v0/instances/request_logs/${idOf(key)}/`,
  body: { tail: String(lines) },
  key: 'required',
  pace: { name: 'vast.logs', gapMs: 1_600 },
  retry: 'safe',
  read: (answer) => {
    const { result_url: address } = parseWith(logAddress, accepted(answer));
    if (!URL.canParse(address)) throw new RentError('badResponse', { detail: 'the log has no address' });
    return new URL(address);
  },
});

/** Undefined until it is there. */
export const readLog = (address: URL): Call<string | undefined> => ({
  method: 'GET',
  origin: address.origin,
  path: address.pathname + address.search,
  accept: 'text/plain, */*',
  key: 'none',
  pace: { name: 'vast.logFile' },
  retry: 'safe',
  read: (answer) => (answer.status === 200 ? readable(answer) : undefined),
});

/** What programs print for a terminal: colours go, lines and tabs stay, and so do no secrets. */
const readable = ({ text }: Answer): string =>
  strike(text.slice(-mostCharacters).replace(/\p{Cc}\[[0-9;?]*[A-Za-z]/gu, '').replace(/\r\n?/g, '\n').replace(/[^\P{Cc}\n\t]/gu, '').replace(misleading, ''));

/** The daemon answers for a container that it has not made yet. */
const isPlaceholder = (text: string): boolean => text.trim() === '' || (text.length < 200 && /no such container|waiting/i.test(text));
