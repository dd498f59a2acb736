/**
 * Where a door may lead. A key leaves this machine only over TLS; plain http is for the practice
 * market, which is on this machine.
 */
import { RentError } from '../../domain/errors.ts';

const loopback = /^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])$/;

export const isLoopback = (url: URL): boolean => loopback.test(url.hostname);

export const isAllowed = (url: URL): boolean =>
  url.username === '' && url.password === '' && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url)));

/** The origin of a configured address. Throws `badRequest` for one that no key may be sent to. */
export function parseOrigin(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !isAllowed(url) || url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw new RentError('badRequest', { detail: 'a provider address is an https origin, or an http one on this machine' });
  }
  return url.origin;
}

/** A provider's answer must not lead an https door to the services of this machine. */
export const mayLeadTo = (from: URL, to: URL): boolean => isAllowed(to) && (to.protocol === 'https:' || isLoopback(from));
