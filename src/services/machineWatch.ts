/** What machines are doing, asked every two seconds for as long as somebody looks, and not at all otherwise. */
import { createEmitter } from '../domain/emitter.ts';
import { isAbort, RentError } from '../domain/errors.ts';
import type { MachineLinks, RemoteProcess } from '../domain/machineLink.ts';
import type { MachineSample } from '../domain/machineSample.ts';
import type { Clock, Disposable, Log } from '../domain/ports.ts';
import { readSample, type CpuCount } from '../scripts/readSample.ts';
import { greeting, sampleEnd, sampleProgram } from '../scripts/sample.ts';
import { linesOf } from './linesOf.ts';

export interface Watched {
  /** Oldest first, of the last ten minutes. There are gaps where nobody looked. */
  readonly samples: readonly MachineSample[];
  /** Why there are no figures now; undefined while they come. */
  readonly trouble?: Error;
}

export interface MachineWatchDeps {
  readonly links: MachineLinks;
  /** Usual work folders: the disk of the first that is there is told. */
  readonly folders: readonly string[];
  readonly clock: Clock;
  readonly log: Log;
}

export const everyMs = 2000;
export const keptMs = 10 * 60_000;
const againMs = 5000;
/** Of one answer: a machine that says more than this is making fun of us. */
const mostLines = 400;

export class MachineWatch {
  readonly #deps: MachineWatchDeps;
  readonly #watched = new Map<string, Watched>();
  readonly #watching = new Map<string, { lookers: number; readonly stop: AbortController }>();
  readonly #changed = createEmitter<string>();
  /** With the alias of the machine; also once for each time that it was asked and has not answered. */
  readonly onDidChange = this.#changed.event;

  constructor(deps: MachineWatchDeps) {
    this.#deps = deps;
  }

  of(alias: string): Watched {
    return this.#watched.get(alias) ?? { samples: [] };
  }

  /** Somebody looks at it until this is disposed. */
  look(alias: string): Disposable {
    const watching = this.#watching.get(alias) ?? this.#start(alias);
    watching.lookers++;
    let looking = true;
    return {
      dispose: () => {
        if (!looking) return;
        looking = false;
        watching.lookers--;
        if (watching.lookers > 0) return;
        watching.stop.abort();
        this.#watching.delete(alias);
      },
    };
  }

  dispose(): void {
    for (const { stop } of this.#watching.values()) stop.abort();
    this.#watching.clear();
  }

  #start(alias: string) {
    const watching = { lookers: 0, stop: new AbortController() };
    this.#watching.set(alias, watching);
    void this.#follow(alias, watching.stop.signal);
    return watching;
  }

  /** Never rejects. */
  async #follow(alias: string, signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#deps;
    while (!signal.aborted) {
      try {
        await this.#ask(alias, signal);
      } catch (error) {
        if (signal.aborted || isAbort(error)) return;
        log.debug(`${alias} does not say what it is doing`, error);
        this.#note(alias, { ...this.of(alias), trouble: error instanceof Error ? error : new Error(String(error)) });
      }
      await clock.sleep(againMs, signal).catch(() => undefined);
    }
  }

  /** One run of the program on the machine, until it or the looking ends. */
  async #ask(alias: string, signal: AbortSignal): Promise<void> {
    const { links, folders, clock } = this.#deps;
    // Whatever the login shell is, it can start this one.
    const program = await links.of(alias).start('exec sh -s', signal);
    const over = new AbortController();
    const done = AbortSignal.any([signal, over.signal]);
    const hangUp = (): void => program.kill();
    signal.addEventListener('abort', hangUp, { once: true });
    program.exit.catch(() => undefined);
    try {
      await program.write(text.encode(sampleProgram(folders)));
      const answers = answersOf(program);
      const hello = await answers.next();
      if (hello.done === true) throw new RentError('sshUnreachable', { detail: 'the machine lets us in and runs no commands' });
      let asked = false;
      const asking = (async () => {
        for (;;) {
          if (asked) this.#changed.fire(alias);
          else {
            asked = true;
            await program.write(newLine);
          }
          await clock.sleep(everyMs, done);
        }
      })();
      const reading = (async () => {
        let counted: CpuCount | undefined;
        for await (const lines of answers) {
          asked = false;
          const raw = readSample(lines, counted);
          counted = raw.counted;
          this.#heard(alias, { at: clock.now(), ...raw.sample });
        }
      })();
      await Promise.race([asking, reading]);
      await program.exit;
      throw new RentError('sshUnreachable', { detail: 'the machine stopped telling what it is doing' });
    } finally {
      over.abort();
      signal.removeEventListener('abort', hangUp);
      hangUp();
    }
  }

  #heard(alias: string, sample: MachineSample): void {
    const samples = this.of(alias).samples.filter(({ at }) => at > sample.at - keptMs);
    this.#note(alias, { samples: [...samples, sample] });
  }

  #note(alias: string, watched: Watched): void {
    this.#watched.set(alias, watched);
    this.#changed.fire(alias);
  }
}

const text = new TextEncoder();
const newLine = text.encode('\n');

/** The greeting first, without lines, then one answer after the other. What a banner says before it is dropped. */
async function* answersOf(program: RemoteProcess): AsyncGenerator<readonly string[]> {
  let lines: string[] | undefined;
  for await (const line of linesOf(program.stdout)) {
    if (lines === undefined) {
      if (line !== greeting) continue;
      lines = [];
      yield lines;
    } else if (line === sampleEnd) {
      yield lines;
      lines = [];
    } else if (lines.length < mostLines) lines.push(line);
  }
}
