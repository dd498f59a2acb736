/**
 * Items by the million. Held as objects they would take a gigabyte; written into one string for every thousand they
 * take little more than their names.
 */
import type { Item } from './item.ts';

const groupSize = 1024;

export class Packed implements Iterable<Item> {
  readonly #groups: string[] = [];
  #open: string[] = [];
  #length = 0;
  #bytes = 0;
  #files = 0;

  get length(): number {
    return this.#length;
  }

  /** What counts as one that arrived: files and links. */
  get files(): number {
    return this.#files;
  }

  /** Of all files. */
  get bytes(): number {
    return this.#bytes;
  }

  add(item: Item): void {
    this.#length++;
    if (item.kind === 'file') this.#bytes += item.bytes;
    if (item.kind !== 'folder') this.#files++;
    this.#open.push(pack(item));
    if (this.#open.length < groupSize) return;
    this.#groups.push(this.#open.join('\0'));
    this.#open = [];
  }

  *[Symbol.iterator](): Generator<Item, void, undefined> {
    for (const group of this.#groups) for (const packed of group.split('\0')) yield unpack(packed);
    for (const packed of this.#open) yield unpack(packed);
  }

  *paths(): Generator<string, void, undefined> {
    for (const { path, kind } of this) if (kind === 'file') yield path;
  }
}

// A path holds no zero byte on any system, and stands last because it may hold everything else.
const pack = ({ kind, path, bytes, modified, mode }: Item): string => `${kind} ${bytes} ${modified} ${mode} ${path}`;

function unpack(packed: string): Item {
  const [, kind = '', bytes, modified, mode, path = ''] = /^(\w+) (\d+) (-?\d+) (\d+) (.*)$/s.exec(packed) ?? [];
  return { kind: kind as Item['kind'], path, bytes: Number(bytes), modified: Number(modified), mode: Number(mode) };
}
