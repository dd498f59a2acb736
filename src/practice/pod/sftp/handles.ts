/** Open files and folders of one SFTP session. */
import { constants, type Dir } from 'node:fs';
import { type FileHandle, lstat, open, opendir } from 'node:fs/promises';
import { applyTo, encodeStats, longName, type Wanted } from './attributes.ts';
import { type Answer, attributes, data, handle, MAX_DATA, names, OPEN, STATUS, status, u32 } from './protocol.ts';

interface OpenFile {
  readonly file: FileHandle;
  readonly append: boolean;
}

interface OpenFolder {
  readonly folder: Dir;
  readonly path: Buffer;
  /** The two entries that Node leaves out and that clients expect. */
  dots: string[];
}

/** As many entries an answer as OpenSSH gives. */
const ENTRIES = 100;

export function openFlags(flags: number): number {
  const { O_RDONLY, O_WRONLY, O_RDWR, O_APPEND, O_CREAT, O_TRUNC, O_EXCL } = constants;
  const access = flags & OPEN.write ? (flags & OPEN.read ? O_RDWR : O_WRONLY) : O_RDONLY;
  return (
    access |
    (flags & OPEN.append ? O_APPEND : 0) |
    (flags & OPEN.create ? O_CREAT : 0) |
    (flags & OPEN.truncate ? O_TRUNC : 0) |
    (flags & OPEN.exclusive ? O_EXCL : 0)
  );
}

export class Handles {
  readonly #open = new Map<string, OpenFile | OpenFolder>();
  #next = 0;

  #keep(entry: OpenFile | OpenFolder): Answer {
    const id = u32(this.#next++);
    this.#open.set(id.toString('latin1'), entry);
    return handle(id);
  }

  #file(id: string): OpenFile | undefined {
    const entry = this.#open.get(id);
    return entry !== undefined && 'file' in entry ? entry : undefined;
  }

  async openFile(path: Buffer, flags: number, wanted: Wanted): Promise<Answer> {
    const file = await open(path, openFlags(flags), (wanted.mode ?? 0o666) & 0o7777);
    return this.#keep({ file, append: (flags & OPEN.append) !== 0 });
  }

  async openFolder(path: Buffer): Promise<Answer> {
    const folder = await opendir(path, { encoding: 'latin1' });
    return this.#keep({ folder, path, dots: ['.', '..'] });
  }

  async close(id: string): Promise<Answer> {
    const entry = this.#open.get(id);
    if (entry === undefined) return status(STATUS.noSuchFile);
    this.#open.delete(id);
    await ('file' in entry ? entry.file.close() : entry.folder.close());
    return status(STATUS.ok);
  }

  async read(id: string, offset: number, length: number): Promise<Answer> {
    const entry = this.#file(id);
    if (entry === undefined) return status(STATUS.noSuchFile);
    const buffer = Buffer.allocUnsafe(Math.min(length, MAX_DATA));
    const { bytesRead } = await entry.file.read(buffer, 0, buffer.length, offset);
    return bytesRead === 0 ? status(STATUS.eof) : data(buffer.subarray(0, bytesRead));
  }

  async write(id: string, offset: number, bytes: Buffer): Promise<Answer> {
    const entry = this.#file(id);
    if (entry === undefined) return status(STATUS.noSuchFile);
    for (let done = 0; done < bytes.length; ) {
      const at = entry.append ? null : offset + done;
      done += (await entry.file.write(bytes, done, bytes.length - done, at)).bytesWritten;
    }
    return status(STATUS.ok);
  }

  async stat(id: string): Promise<Answer> {
    const entry = this.#file(id);
    return entry === undefined ? status(STATUS.noSuchFile) : attributes(encodeStats(await entry.file.stat()));
  }

  async setStat(id: string, wanted: Wanted): Promise<Answer> {
    const entry = this.#file(id);
    if (entry === undefined) return status(STATUS.noSuchFile);
    await applyTo(entry.file, wanted);
    return status(STATUS.ok);
  }

  async sync(id: string): Promise<Answer> {
    const entry = this.#file(id);
    if (entry === undefined) return status(STATUS.noSuchFile);
    await entry.file.sync();
    return status(STATUS.ok);
  }

  async readFolder(id: string): Promise<Answer> {
    const entry = this.#open.get(id);
    if (entry === undefined || !('folder' in entry)) return status(STATUS.noSuchFile);
    const found = entry.dots.splice(0);
    while (found.length < ENTRIES) {
      const next = await entry.folder.read();
      if (next === null) break;
      found.push(next.name);
    }
    if (found.length === 0) return status(STATUS.eof);
    const listed = await Promise.all(
      found.map(async (name) => {
        const stats = await lstat(Buffer.concat([entry.path, Buffer.from(`/${name}`, 'latin1')])).catch(() => undefined);
        return stats === undefined ? [] : [{ name, long: longName(name, stats), attributes: encodeStats(stats) }];
      }),
    );
    return names(listed.flat());
  }

  async closeAll(): Promise<void> {
    await Promise.allSettled([...this.#open.keys()].map((id) => this.close(id)));
  }
}
