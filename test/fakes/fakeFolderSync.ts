import { cpSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { FolderSync, SyncOrder, SyncResult } from '../../src/domain/sync.ts';

/** Copies on this computer, where a fake machine's folders are real ones. */
export class FakeFolderSync implements FolderSync {
  readonly asked: string[] = [];
  /** Instead of copying. */
  fails: Error | undefined;
  /** What happens meanwhile. */
  onDown: () => void = () => undefined;

  up(order: SyncOrder): Promise<SyncResult> {
    return this.#copy('up', order.localFolder, order.remoteFolder, order);
  }

  down(order: SyncOrder): Promise<SyncResult> {
    this.onDown();
    return this.#copy('down', order.remoteFolder, order.localFolder, order);
  }

  async #copy(way: string, from: string, to: string, { signal, onProgress }: SyncOrder): Promise<SyncResult> {
    this.asked.push(`${way} ${from} ${to}`);
    signal.throwIfAborted();
    if (this.fails !== undefined) throw this.fails;
    const files = readdirSync(from, { recursive: true, encoding: 'utf8' }).map((name) => statSync(join(from, name))).filter((one) => one.isFile());
    const bytes = files.reduce((sum, { size }) => sum + size, 0);
    onProgress?.({ filesDone: 0, filesInAll: files.length, bytesDone: 0, bytesInAll: bytes });
    cpSync(from, to, { recursive: true });
    return { files: files.length, bytes, seconds: 0, skipped: [] };
  }
}
