/**
 * One SFTP session: requests are answered one after the other, so a client may send close and
 * rename behind its writes without waiting. Absolute paths are those of this machine.
 */
import type { ServerChannel } from 'ssh2';
import { outlet } from '../flow.ts';
import { readAttributes } from './attributes.ts';
import { extended, EXTENSIONS } from './extended.ts';
import { Handles } from './handles.ts';
import { type Paths, pathsFrom } from './paths.ts';
import { type Answer, BadRequest, encode, encodeVersion, packets, Reader, REQUEST, STATUS, status } from './protocol.ts';

/** OpenSSH's table: version 3 has few codes, and clients decide by them. */
const CODES: Readonly<Record<string, number>> = {
  ENOENT: STATUS.noSuchFile, ENOTDIR: STATUS.noSuchFile, EBADF: STATUS.noSuchFile, ELOOP: STATUS.noSuchFile,
  EPERM: STATUS.permissionDenied, EACCES: STATUS.permissionDenied, EFAULT: STATUS.permissionDenied,
  ENAMETOOLONG: STATUS.badMessage, EINVAL: STATUS.badMessage,
  ENOSYS: STATUS.unsupported,
};

export function statusOf(error: unknown): Answer {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  // Node's own refusals, such as of a name with a zero byte.
  if (code.startsWith('ERR_')) return status(STATUS.badMessage);
  return status(CODES[code] ?? STATUS.failure);
}

function answer(type: number, request: Reader, paths: Paths, handles: Handles): Promise<Answer> {
  switch (type) {
    case REQUEST.open:
      return handles.openFile(paths.at(request.text()), request.u32(), readAttributes(request));
    case REQUEST.close:
      return handles.close(request.text());
    case REQUEST.read:
      return handles.read(request.text(), request.u64(), request.u32());
    case REQUEST.write:
      return handles.write(request.text(), request.u64(), request.bytes());
    case REQUEST.fstat:
      return handles.stat(request.text());
    case REQUEST.fsetstat:
      return handles.setStat(request.text(), readAttributes(request));
    case REQUEST.opendir:
      return handles.openFolder(paths.at(request.text()));
    case REQUEST.readdir:
      return handles.readFolder(request.text());
    case REQUEST.stat:
      return paths.stat(request.text());
    case REQUEST.lstat:
      return paths.lstat(request.text());
    case REQUEST.setstat:
      return paths.setStat(request.text(), readAttributes(request));
    case REQUEST.remove:
      return paths.removeFile(request.text());
    case REQUEST.mkdir:
      return paths.makeFolder(request.text(), readAttributes(request));
    case REQUEST.rmdir:
      return paths.removeFolder(request.text());
    case REQUEST.realpath:
      return paths.resolve(request.text());
    case REQUEST.rename:
      return paths.rename(request.text(), request.text());
    case REQUEST.readlink:
      return paths.readLink(request.text());
    case REQUEST.symlink:
      // OpenSSH has the two the other way round than the draft, and everyone follows it.
      return paths.softLink(request.text(), request.text());
    case REQUEST.extended:
      return extended(request.text(), request, paths, handles);
    default:
      return Promise.resolve(status(STATUS.unsupported));
  }
}

/** Resolves with the exit status of the subsystem when the client is done. */
export async function serveSftp(channel: ServerChannel, home: string, gone: AbortSignal): Promise<number> {
  const { out } = outlet(channel, gone);
  const paths = pathsFrom(home);
  const handles = new Handles();
  try {
    // The channel must outlive the reading: its exit status is still to be sent.
    for await (const packet of packets(channel.iterator({ destroyOnReturn: false }))) {
      const request = new Reader(packet);
      const type = request.u8();
      if (type === REQUEST.init) {
        await out(encodeVersion(EXTENSIONS));
        continue;
      }
      const id = request.u32();
      const reply = await answer(type, request, paths, handles).catch((error: unknown) => statusOf(error));
      await out(encode(id, reply));
    }
    return 0;
  } catch (error) {
    return error instanceof BadRequest ? 255 : 0;
  } finally {
    await handles.closeAll();
  }
}
