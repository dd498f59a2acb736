/** The machine's side of one transfer: questions, and programs that are fed and read. Nothing it says is trusted. */
import { isUtf8 } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { RentError } from '../../domain/errors.ts';
import type { MachineLink, RemoteProcess } from '../../domain/machineLink.ts';
import type { Clock } from '../../domain/ports.ts';
import {
  hashScript, linksScript, listScript, partsScript, readHashes, readLinks, readLook, readLooks, readParts, readTools, type RemoteLook, stampScript, statScript, type Tools, toolsScript,
} from '../../scripts/syncLook.ts';
import { tidyScript, touchScript } from '../../scripts/syncPut.ts';
import { ByteSource } from './byteSource.ts';
import { incomingName } from './item.ts';
import { patiently } from './lanes.ts';
import { pieceBlocks } from './pieces.ts';
import { shownName } from './safePath.ts';

const mostSaid = 64 * 1024;
/** A listing longer than this is no folder. */
const mostListed = 20_000_000;

export interface MachineParts {
  readonly link: MachineLink;
  readonly folder: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

export class Machine {
  readonly folder: string;
  /** Nobody knows it before, so nothing that is printed by chance or by design of a file's name looks like ours. */
  readonly mark = `gpu-rental-${randomBytes(8).toString('hex')}:`;
  readonly #link: MachineLink;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  #roundTripMs = Infinity;

  constructor({ link, folder, clock, signal }: MachineParts) {
    this.folder = folder;
    this.#link = link;
    this.#clock = clock;
    this.#signal = signal;
  }

  /** The shortest that an answer took. */
  get roundTripMs(): number {
    return this.#roundTripMs;
  }

  async tools(stamp: string, make: boolean): Promise<Tools> {
    const { stdout, stderr } = await this.#run(toolsScript(this.folder, incomingName, stamp, this.mark, make));
    const tools = readTools(stdout, this.mark);
    if (tools === undefined) throw refusal(stderr);
    return tools;
  }

  async looks(paths: readonly string[]): Promise<Map<string, RemoteLook>> {
    if (paths.length === 0) return new Map();
    const began = this.#clock.elapsed();
    const { stdout } = await this.#run(statScript(this.folder, this.mark), paths);
    this.#roundTripMs = Math.min(this.#roundTripMs, this.#clock.elapsed() - began);
    return new Map(readLooks(stdout, this.mark).map((look) => [look.path, look]));
  }

  async links(paths: readonly string[]): Promise<Map<string, string>> {
    if (paths.length === 0) return new Map();
    const { stdout } = await this.#run(linksScript(this.folder, this.mark), paths);
    const targets = readLinks(stdout, this.mark);
    return new Map(paths.flatMap((path, at) => (targets[at] === undefined ? [] : [[path, targets[at]]])));
  }

  async hashes(paths: readonly string[]): Promise<Map<string, string>> {
    return paths.length === 0 ? new Map() : readHashes((await this.#run(hashScript(this.folder), paths)).stdout);
  }

  /** Of the first `count` pieces of a file, as far as there are any. `path` is absolute. */
  parts = async (path: string, count: number): Promise<string[]> => readParts((await this.#run(partsScript(path, pieceBlocks, count))).stdout);

  touch = async (modified: number, mode: number | undefined, paths: readonly string[]): Promise<unknown> => this.#run(touchScript(this.folder, modified, mode), paths);
  stamp = async (name: string, seconds: number): Promise<unknown> => this.#run(stampScript(name, seconds));
  tidy = async (): Promise<unknown> => this.#run(tidyScript(this.folder, incomingName));

  /** Everything in the folder. Names that are no UTF-8 cannot be asked for, and are told to `unreadable`. */
  async *list(unreadable: (path: string) => void): AsyncGenerator<RemoteLook, void, undefined> {
    using told = await this.read(listScript(this.folder, incomingName, this.mark), []);
    const mark = Buffer.from(this.mark);
    let kept: Buffer = Buffer.alloc(0);
    let count = 0;
    for await (const piece of told.source.all()) {
      kept = kept.length === 0 ? piece : Buffer.concat([kept, piece]);
      for (let at = kept.indexOf(mark, 1); at > 0; at = kept.indexOf(mark, 1)) {
        const answer = kept.subarray(mark.length, at);
        const look = readLook(answer.toString('utf8'));
        kept = kept.subarray(at);
        if (look !== undefined && isUtf8(answer)) yield look;
        else unreadable(look?.path ?? '');
        if (++count > mostListed) throw new RentError('badResponse', { detail: 'the machine lists more than a folder can hold' });
      }
      if (kept.length > mostSaid) throw new RentError('badResponse', { detail: 'the machine names what no file can be called' });
    }
    if (kept.toString('utf8', mark.length).trim() === 'end') return;
    await told.exit;
    throw refusal(await told.stderr);
  }

  /** Runs `script` and lets `write` feed it; it has done its part when it said `done` behind the mark. */
  async feed(script: string, done: string, write: (to: (chunk: Uint8Array) => Promise<void>) => Promise<void>): Promise<void> {
    const process = await this.#start(script);
    const said = Promise.all([text(process.stdout), text(process.stderr), process.exit]);
    said.catch(() => undefined);
    // A channel whose line is lost may never say that there is no more room on it.
    const over = process.exit.then(() => Promise.reject(new RentError('sshUnreachable', { detail: 'the program no longer reads' })));
    over.catch(() => undefined);
    let failed: { readonly error: unknown } | undefined;
    try {
      await write((chunk) => Promise.race([process.write(chunk), over]));
      process.end();
    } catch (error) {
      failed = { error };
      // A program that ended by itself says why; one that still waits is not to take what it has for the whole.
      process.kill();
    }
    const [stdout, stderr] = await said.catch((error: unknown) => {
      this.#signal.throwIfAborted();
      throw failed === undefined || failed.error instanceof RentError ? error : failed.error;
    });
    this.#signal.throwIfAborted();
    if (stdout.includes(`${this.mark}${done}`) && failed === undefined) return;
    throw failed !== undefined && stderr.trim() === '' ? failed.error : refusal(stderr);
  }

  /** What `script` sends behind its first mark. The program is gone when the scope ends. */
  async read(script: string, names: Iterable<string>, most?: number): Promise<Reading> {
    const process = await this.#start(script);
    const stderr = text(process.stderr);
    stderr.catch(() => undefined);
    try {
      await process.write(list(names));
      process.end();
      const source = new ByteSource(process.stdout, most);
      await source.after(`${this.mark}begin\n`).catch(async () => {
        await process.exit;
        throw refusal(await stderr);
      });
      return {
        source,
        stderr,
        exit: process.exit,
        [Symbol.dispose]() {
          process.kill();
          void source.rest(0).catch(() => undefined); // what is not read holds the channel
        },
      };
    } catch (error) {
      process.kill();
      this.#signal.throwIfAborted();
      throw error;
    }
  }

  /** The script goes first on standard input: a command line is read by whatever shell the user has, and by all others. */
  async #start(script: string): Promise<RemoteProcess> {
    const bytes = Buffer.from(script);
    const process = await this.#link.start(`exec sh -c 'eval "$(dd bs=1 count=${bytes.length} 2>/dev/null)"'`, this.#signal);
    await process.write(bytes);
    return process;
  }

  /** All of them may run twice. How long one takes depends on how much it has to read, so nothing here is too slow. */
  #run(script: string, names: readonly string[] = []): ReturnType<MachineLink['run']> {
    const mostBytes = 2 ** 20 + names.reduce((sum, name) => sum + 4 * name.length + 256, 0);
    return patiently((signal) => this.#link.run(script, { input: list(names), signal, mostBytes }), this.#clock, this.#signal);
  }
}

export interface Reading extends Disposable {
  readonly source: ByteSource;
  readonly stderr: Promise<string>;
  /** Rejects when the line was lost before the end. */
  readonly exit: Promise<number | null>;
}

/** `./` keeps a leading dash from being an option. */
const list = (names: Iterable<string>): Buffer => Buffer.from(Array.from(names, (name) => `./${name}\0`).join(''));

const text = async (stream: AsyncIterable<Uint8Array>): Promise<string> => (await new ByteSource(stream).rest(mostSaid)).toString();

/** What a machine's own tools say when they cannot. */
export function refusal(stderr: string): RentError {
  const detail = shownName(stderr.trim().split('\n').at(-1) ?? '') || 'the machine did not do its part';
  return new RentError(/No space left|quota exceeded/i.test(stderr) ? 'diskFull' : 'folderRefused', { detail });
}
