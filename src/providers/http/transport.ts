/**
 * The only place that knows axios. It sends one request and gives back what came, whatever its
 * status: no redirect, no parsing, no repeat. Its errors carry headers and so the key; none leaves.
 */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Readable } from 'node:stream';
import type { AxiosInstance, AxiosRequestConfig } from 'axios';
import { RentError } from '../../domain/errors.ts';
import type { Call } from '../../domain/http.ts';
import { collect } from './openEnded.ts';
import { isLoopback } from './origin.ts';
import { aborted } from './pacer.ts';

export interface Request {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
  readonly openEnded?: NonNullable<Call<unknown>['openEnded']>;
  readonly bytes?: true;
  /**
   * On a connection of its own: a kept one can die just as the request leaves, and then nobody knows
   * whether it arrived. Worth it for calls that must not be sent twice.
   */
  readonly ownConnection: boolean;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Throws `network` when no whole answer came, `badResponse` for one too large, and AbortError. */
export type Transport = (request: Request, signal?: AbortSignal) => Promise<RawAnswer>;

const mostBytes = 32 * 1024 * 1024;

export function createTransport(): Transport {
  let client: Promise<AxiosInstance> | undefined;
  // Loaded with the first request: it would be the slowest part of the extension's start.
  const load = async (): Promise<AxiosInstance> => (await import('axios')).default.create(fixed);

  return async (request, signal) => {
    if (signal?.aborted) throw aborted();
    const axios = await (client ??= load());
    // axios counts silence, not time; a server that drips would hold a call for ever.
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(), request.timeoutMs + (request.openEnded?.maxMs ?? 0));
    const either = signal === undefined ? deadline.signal : AbortSignal.any([signal, deadline.signal]);
    try {
      const answer = await axios.request<unknown>({ ...configOf(request), signal: either });
      return { status: answer.status, headers: flat(answer.headers), text: await textOf(answer.data, request) };
    } catch (error) {
      if (signal?.aborted) throw aborted();
      if (deadline.signal.aborted) throw new RentError('network', { detail: `no whole answer within ${request.timeoutMs / 1000} s` });
      throw withoutRequest(error);
    } finally {
      clearTimeout(timer);
    }
  };
}

const fixed: AxiosRequestConfig = {
  adapter: 'http',
  maxRedirects: 0,
  allowAbsoluteUrls: false,
  maxContentLength: mostBytes,
  maxBodyLength: mostBytes,
  transformRequest: [],
  transformResponse: [],
  validateStatus: () => true,
};

const configOf = (request: Request): AxiosRequestConfig => ({
  method: request.method,
  baseURL: request.url.origin,
  url: request.url.pathname + request.url.search,
  headers: { ...request.headers },
  responseType: request.openEnded === undefined ? 'text' : 'stream',
  ...(request.bytes === undefined ? {} : { responseEncoding: 'latin1' }),
  ...(request.body === undefined ? {} : { data: request.body }),
  // A proxy cannot reach our own machine, and has no business with what goes there.
  ...(isLoopback(request.url) ? { proxy: false } : {}),
  ...(request.ownConnection ? { httpAgent: new HttpAgent({ keepAlive: false }), httpsAgent: new HttpsAgent({ keepAlive: false }) } : {}),
});

async function textOf(data: unknown, { openEnded }: Request): Promise<string> {
  if (data instanceof Readable && openEnded !== undefined) return collect(data, { ...openEnded, mostBytes });
  return typeof data === 'string' ? data : '';
}

function flat(headers: object): Record<string, string> {
  const entries: [string, string][] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && value !== null) entries.push([name.toLowerCase(), Array.isArray(value) ? value.join(', ') : String(value)]);
  }
  return Object.fromEntries(entries);
}

function withoutRequest(error: unknown): RentError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  const message = error instanceof Error ? error.message : '';
  if (message.startsWith('maxContentLength')) return new RentError('badResponse', { detail: 'the answer is too large' });
  return new RentError('network', { detail: message.includes(code) ? message : `${code} ${message}`.trim() });
}
