/** A run's log on a terminal, whoever owns that: it can be closed and opened again, and the run does not notice. */
import type { InstanceId } from '../../domain/instance.ts';
import type { RunId } from '../../domain/run.ts';
import type { Runs } from '../../services/runs.ts';
import type { Dialogs } from '../dialogs.ts';
import type { Voice } from '../voice.ts';

export interface RunScreenDeps {
  readonly runs: Pick<Runs, 'follow' | 'stop' | 'of'>;
  readonly dialogs: Dialogs;
  readonly voice: Voice;
}

export interface ShownRun {
  readonly instance: InstanceId;
  readonly alias: string;
  readonly run: RunId;
}

/** More of an old log than this is not scrolled back to. */
const mostBytes = 1_000_000;
const interrupt = '\x03';

export class RunScreen {
  readonly #deps: RunScreenDeps;
  readonly #shown: ShownRun;
  readonly #print: (text: string) => void;
  readonly #closed = new AbortController();
  #asking = false;
  #over = false;

  constructor(deps: RunScreenDeps, shown: ShownRun, print: (text: string) => void) {
    this.#deps = deps;
    this.#shown = shown;
    this.#print = print;
  }

  /** Resolves to the exit code once the run is over; undefined when nobody knows it, or the screen was closed. */
  async show(): Promise<number | undefined> {
    const { runs, voice: { t } } = this.#deps;
    const { instance, alias, run } = this.#shown;
    const decoder = new TextDecoder();
    const size = runs.of(alias).find((one) => one.run.id === run)?.run.logBytes ?? 0;
    let exitCode: number | undefined;
    try {
      const onLost = (): void => this.#say(t('The connection is lost; the run goes on. Trying again.'));
      for await (const chunk of runs.follow(instance, run, { signal: this.#closed.signal, offset: Math.max(0, size - mostBytes), onLost })) {
        this.#print(decoder.decode(chunk.bytes, { stream: true }).replaceAll(/\r?\n/g, '\r\n'));
        if (chunk.over) exitCode = chunk.exitCode;
        this.#over = chunk.over;
      }
    } catch (error) {
      if (this.#closed.signal.aborted) return undefined;
      this.#over = true;
      this.#say(t('Its log cannot be read now.'));
      throw error;
    }
    if (this.#over) this.#say(exitCode === undefined ? t('Over, and nobody knows how it ended.') : t('Ended with exit code {0}.', exitCode));
    else this.#say(t('Its machine does not know this run any more.'));
    this.#over = true;
    return exitCode;
  }

  /** Keys go nowhere, because a run reads nothing; an interrupt asks what is meant by it. */
  async input(keys: string): Promise<'left' | undefined> {
    if (!keys.includes(interrupt) || this.#asking) return undefined;
    if (this.#over) return 'left';
    this.#asking = true;
    try {
      return await this.#askInterrupt();
    } finally {
      this.#asking = false;
    }
  }

  close(): void {
    this.#closed.abort();
  }

  async #askInterrupt(): Promise<'left' | undefined> {
    const { runs, dialogs, voice: { t } } = this.#deps;
    const { instance, alias, run } = this.#shown;
    const afterwards = runs.of(alias).find((one) => one.run.id === run)?.run.afterwards ?? 'keep';
    const answer = await askStop(dialogs, afterwards !== 'keep', t, { id: 'leave', label: t('Leave it running') });
    if (answer === 'leave') return 'left';
    if (answer === undefined) return undefined;
    this.#say(t('Asked to end; after ten seconds it is ended for good.'));
    await runs.stop(instance, run, answer === 'stopKeep', this.#closed.signal);
    return undefined;
  }

  #say(text: string): void {
    this.#print(`\r\n\x1b[2m${text}\x1b[0m\r\n`);
  }
}

/** `ends`: the machine was to end with the run, which whoever stops it by hand may not mean. */
export function askStop<B extends string>(dialogs: Dialogs, ends: boolean, t: Voice['t'], ...more: readonly { id: B; label: string }[]): Promise<'stop' | 'stopKeep' | B | undefined> {
  const stops = ends
    ? [{ id: 'stopKeep' as const, label: t('Stop it, keep the machine') }, { id: 'stop' as const, label: t('Stop it, end the machine') }]
    : [{ id: 'stop' as const, label: t('Stop the run') }];
  return dialogs.confirm<'stop' | 'stopKeep' | B>({
    title: t('Stop this run?'),
    detail: ends
      ? t('It is asked to end, and ended for good after ten seconds. It was started so that its end also ends the machine.')
      : t('It is asked to end, and ended for good after ten seconds. The machine goes on.'),
    buttons: [...stops, ...more],
    grave: false,
  });
}
