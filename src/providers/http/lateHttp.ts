import type { Http } from '../../domain/http.ts';
import type { HttpOptions } from './http.ts';
import { parseOrigin } from './origin.ts';

/** The door of `createHttp`, which is read with the first call; an origin that it may not lead to throws here and now. */
export function lateHttp(options: HttpOptions): Http {
  parseOrigin(options.origin);
  let opening: Promise<Http> | undefined;
  const open = async (): Promise<Http> => (await import('./http.ts')).createHttp(options);
  return { send: async (call, signal) => (await (opening ??= open())).send(call, signal) };
}
