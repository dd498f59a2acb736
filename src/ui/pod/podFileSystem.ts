import * as vscode from 'vscode';
import { RentError } from '../../domain/errors.ts';
import type { Disposable } from '../../domain/ports.ts';
import type { PodChange, PodStat } from '../../services/pod/podFiles.ts';
import type { Pod, Pods } from '../../services/pod/pods.ts';
import type { Voice } from '../voice.ts';
import { podProblem } from './podProblem.ts';
import { podAlias, podScheme } from './podUri.ts';

export interface PodFileSystemDeps {
  readonly pods: () => Promise<Pods>;
  readonly voice: Voice;
  readonly nameOf: (alias: string) => string;
  /** Names that are no UTF-8 are not shown. */
  readonly onUnreadable: (alias: string, count: number) => void;
  /** Something that somebody looks at could not be read, because its machine is not there. */
  readonly onUnavailable: (alias: string) => void;
}

/** The machines' files in the editor's own terms, and nothing more. */
export class PodFileSystem implements vscode.FileSystemProvider, Disposable {
  readonly #deps: PodFileSystemDeps;
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changed.event;
  #listening: Disposable | undefined;
  #over = false;

  constructor(deps: PodFileSystemDeps) {
    this.#deps = deps;
  }

  /** A tree cannot be watched; its root is, and whatever of it is open. */
  watch(uri: vscode.Uri): vscode.Disposable {
    let watched: Disposable | undefined;
    let over = false;
    const begin = async (): Promise<void> => {
      const { watch } = await this.#pod(uri);
      if (!over) watched = watch.watch(uri.path);
    };
    // One that is not there now is looked at as soon as it is asked for anything.
    begin().catch(() => undefined);
    return new vscode.Disposable(() => {
      over = true;
      watched?.dispose();
    });
  }

  stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    return this.#on(uri, async ({ files }) => toStat(await files.stat(uri.path)));
  }

  readDirectory(uri: vscode.Uri): Promise<[string, vscode.FileType][]> {
    return this.#on(uri, async ({ files, watch }) => {
      const { entries, unreadable } = await files.list(uri.path);
      watch.listed(uri.path, entries.map(({ name }) => name));
      if (unreadable > 0) this.#deps.onUnreadable(uri.authority, unreadable);
      return entries.map(({ name, stat }) => [name, typeOf(stat)]);
    });
  }

  readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return this.#on(uri, ({ files }) => files.read(uri.path));
  }

  writeFile(uri: vscode.Uri, content: Uint8Array, options: { readonly create: boolean; readonly overwrite: boolean }): Promise<void> {
    return this.#on(uri, ({ files }) => files.write(uri.path, content, options));
  }

  createDirectory(uri: vscode.Uri): Promise<void> {
    return this.#on(uri, ({ files }) => files.makeFolder(uri.path));
  }

  delete(uri: vscode.Uri, options: { readonly recursive: boolean }): Promise<void> {
    return this.#on(uri, ({ files }) => files.remove(uri.path, options));
  }

  rename(from: vscode.Uri, to: vscode.Uri, options: { readonly overwrite: boolean }): Promise<void> {
    return this.#onBoth(from, to, ({ files }) => files.rename(from.path, to.path, options));
  }

  copy(from: vscode.Uri, to: vscode.Uri, options: { readonly overwrite: boolean }): Promise<void> {
    return this.#onBoth(from, to, ({ files }) => files.copy(from.path, to.path, options));
  }

  dispose(): void {
    this.#over = true;
    this.#listening?.dispose();
    this.#changed.dispose();
  }

  async #pod(uri: vscode.Uri): Promise<Pod> {
    const alias = podAlias(uri);
    if (alias === undefined) throw new RentError('gone');
    const pods = await this.#deps.pods();
    if (!this.#over) this.#listening ??= pods.onDidChange((change) => this.#changed.fire(change.changes.map((one) => toEvent(change.alias, one))));
    return pods.at(alias);
  }

  async #onBoth(from: vscode.Uri, to: vscode.Uri, work: (pod: Pod) => Promise<void>): Promise<void> {
    // The editor reads and writes instead.
    if (from.authority !== to.authority) throw vscode.FileSystemError.Unavailable(to);
    return this.#on(from, work);
  }

  async #on<T>(uri: vscode.Uri, work: (pod: Pod) => Promise<T>): Promise<T> {
    try {
      return await work(await this.#pod(uri));
    } catch (error) {
      const { kind, text } = podProblem(error, this.#deps.nameOf(uri.authority), this.#deps.voice);
      if (kind === 'Unavailable') this.#deps.onUnavailable(uri.authority);
      throw kind === 'Unknown' ? new vscode.FileSystemError(text) : vscode.FileSystemError[kind](text);
    }
  }
}

function typeOf({ kind, link }: PodStat): vscode.FileType {
  const target = { file: vscode.FileType.File, folder: vscode.FileType.Directory, other: vscode.FileType.Unknown }[kind];
  return link ? target | vscode.FileType.SymbolicLink : target;
}

const writable = 0o222;
const toStat = (stat: PodStat): vscode.FileStat => ({
  type: typeOf(stat),
  ctime: stat.modifiedAt, // SFTP knows no other
  mtime: stat.modifiedAt,
  size: stat.bytes,
  ...(stat.kind === 'file' && (stat.mode & writable) === 0 ? { permissions: vscode.FilePermission.Readonly } : {}),
});

const types = { created: vscode.FileChangeType.Created, changed: vscode.FileChangeType.Changed, removed: vscode.FileChangeType.Deleted };
const toEvent = (authority: string, { path, how }: PodChange): vscode.FileChangeEvent => ({ type: types[how], uri: vscode.Uri.from({ scheme: podScheme, authority, path }) });
