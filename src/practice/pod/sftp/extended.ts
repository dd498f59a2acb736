/** OpenSSH's extensions of SFTP 3: what today's clients use when a server offers it. */
import { statfs } from 'node:fs/promises';
import { readAttributes } from './attributes.ts';
import type { Handles } from './handles.ts';
import type { Paths } from './paths.ts';
import { type Answer, extendedReply, MAX_DATA, MAX_PACKET, type Reader, STATUS, status, u64 } from './protocol.ts';

/** Names and versions as announced in the first packet. */
export const EXTENSIONS = {
  'posix-rename@openssh.com': '1',
  'statvfs@openssh.com': '2',
  'hardlink@openssh.com': '1',
  'fsync@openssh.com': '1',
  'lsetstat@openssh.com': '1',
  'limits@openssh.com': '1',
  'expand-path@openssh.com': '1',
} as const;

async function freeSpace(path: Buffer): Promise<Answer> {
  const { bsize, blocks, bfree, bavail, files, ffree } = await statfs(path);
  const [fsid, flags, longestName] = [0, 0, 255];
  return extendedReply(...[bsize, bsize, blocks, bfree, bavail, files, ffree, ffree, fsid, flags, longestName].map(u64));
}

export function extended(name: string, request: Reader, paths: Paths, handles: Handles): Promise<Answer> {
  switch (name) {
    case 'posix-rename@openssh.com':
      return paths.replace(request.text(), request.text());
    case 'hardlink@openssh.com':
      return paths.hardLink(request.text(), request.text());
    case 'fsync@openssh.com':
      return handles.sync(request.text());
    case 'lsetstat@openssh.com':
      return paths.setLinkStat(request.text(), readAttributes(request));
    case 'statvfs@openssh.com':
      return freeSpace(paths.at(request.text()));
    case 'expand-path@openssh.com':
      return paths.expand(request.text());
    case 'limits@openssh.com':
      // The last is the number of open handles: none set.
      return Promise.resolve(extendedReply(u64(MAX_PACKET), u64(MAX_DATA), u64(MAX_DATA), u64(0)));
    default:
      return Promise.resolve(status(STATUS.unsupported));
  }
}
