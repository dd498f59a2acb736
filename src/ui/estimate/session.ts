/**
 * One script and what is known of it. Whatever changes, only what depends on it is done again, once it has been quiet
 * for a moment: new prices leave the reading as it is, an answer leaves the files.
 */
import { createEmitter } from '../../domain/emitter.ts';
import { isAbort } from '../../domain/errors.ts';
import type { Offer } from '../../domain/offer.ts';
import type { Clock, Disposable, Log } from '../../domain/ports.ts';
import type { SourceFile } from '../../domain/source.ts';
import type { Fact, FactName, Reading } from '../../estimate/facts.ts';
import type { MeasuredRun } from '../../estimate/learn/measuredRun.ts';
import { hubNames } from '../../estimate/read/hub.ts';
import type { Given } from '../../estimate/read/given.ts';
import type { Estimates, Estimator } from './estimator.ts';
import { parseFact } from './factKinds.ts';

/** Where a script's text comes from. The first file is the script. */
export interface Script {
  readonly key: string;
  readonly name: string;
  files(): Promise<readonly SourceFile[]>;
  /** What stands beside it is read again next time. */
  forget(): void;
  onDidChange(listener: () => void): Disposable;
}

export interface SessionState {
  readonly busy: boolean;
  readonly failed: boolean;
  readonly path: string;
  readonly reading: Reading | undefined;
  readonly estimates: Estimates | undefined;
  readonly given: Given;
  readonly refused: FactName | undefined;
  readonly at: number | undefined;
  /** What a run of this script measured, since the panel was opened. */
  readonly measured?: MeasuredRun;
}

export interface SessionDeps {
  readonly estimator: Estimator;
  readonly offers: () => readonly Offer[];
  readonly onOffersChange: (listener: () => void) => Disposable;
  readonly clock: Clock;
  readonly log: Log;
}

type Part = 'nothing' | 'offers' | 'facts' | 'files';
const parts: readonly Part[] = ['nothing', 'offers', 'facts', 'files'];
/** Somebody types; a market is read page by page. */
export const quietMs = { files: 300, offers: 400 } as const;

export class EstimateSession {
  readonly #changed = createEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly script: Script;
  readonly #deps: SessionDeps;
  readonly #subscriptions: readonly Disposable[];
  readonly #given = new Map<FactName, Fact['value']>();
  #files: readonly SourceFile[] = [];
  #state: SessionState = { busy: true, failed: false, path: '', reading: undefined, estimates: undefined, given: new Map(), refused: undefined, at: undefined };
  #due: Part = 'nothing';
  #running: Promise<void> | undefined;
  #wait = new AbortController();
  #disposed = false;

  constructor(script: Script, deps: SessionDeps) {
    this.script = script;
    this.#deps = deps;
    this.#subscriptions = [
      script.onDidChange(() => this.#later('files')),
      deps.onOffersChange(() => this.#later('offers')),
    ];
  }

  get state(): SessionState {
    return this.#state;
  }

  /** Resolves when everything that is known by now has been taken in. */
  update(part: Exclude<Part, 'nothing'> = 'files'): Promise<void> {
    this.#owe(part);
    return (this.#running ??= this.#catchUp().finally(() => (this.#running = undefined)));
  }

  /** What was typed for a fact; what cannot be one is refused and changes nothing. */
  give(name: FactName, typed: string | boolean): Promise<void> {
    const value = parseFact(name, typed);
    this.#put({ refused: value === undefined ? name : undefined });
    if (value === undefined) return Promise.resolve();
    this.#given.set(name, value);
    return this.update('facts');
  }

  takeBack(name: FactName): Promise<void> {
    this.#put({ refused: undefined });
    return this.#given.delete(name) ? this.update('facts') : Promise.resolve();
  }

  /** What a run measured stands for a prediction from now on; false where it cannot be compared. */
  async learn(measured: MeasuredRun): Promise<boolean> {
    const { reading } = this.#state;
    if (reading === undefined || !await this.#deps.estimator.learn(reading, measured)) return false;
    this.#put({ measured });
    await this.update('offers');
    return true;
  }

  /** Asks the Hub for the names that no table knows; false where it knows none of them either. */
  async lookUp(): Promise<boolean> {
    const { reading } = this.#state;
    if (reading === undefined || await this.#deps.estimator.lookUp(hubNames(reading)) === 0) return false;
    await this.update('facts');
    return true;
  }

  #owe(part: Part): void {
    if (parts.indexOf(part) > parts.indexOf(this.#due)) this.#due = part;
  }

  #later(part: 'files' | 'offers'): void {
    this.#owe(part);
    this.#wait.abort();
    this.#wait = new AbortController();
    this.#deps.clock.sleep(quietMs[part], this.#wait.signal).then(
      () => this.update(part),
      (error: unknown) => void (isAbort(error) || this.#deps.log.error('waiting failed', error)),
    );
  }

  async #catchUp(): Promise<void> {
    while (this.#due !== 'nothing' && !this.#disposed) {
      const part = this.#due;
      this.#due = 'nothing';
      try {
        await this.#take(part);
      } catch (error) {
        this.#deps.log.error(`${this.script.name} could not be read`, error);
        this.#put({ busy: false, failed: true });
      }
    }
  }

  async #take(part: Part): Promise<void> {
    const { estimator, offers, clock } = this.#deps;
    if (part === 'files') this.#files = await this.script.files();
    const given = new Map(this.#given);
    const known = part === 'offers' ? this.#state.reading : undefined;
    const reading = known ?? (await estimator.read(this.#files, { given }));
    const estimates = await estimator.estimate(reading, offers());
    this.#put({ busy: false, failed: false, path: this.#files[0]?.path ?? '', reading, estimates, given, at: clock.now() });
  }

  #put(change: Partial<SessionState>): void {
    if (this.#disposed) return;
    this.#state = { ...this.#state, ...change };
    this.#changed.fire();
  }

  dispose(): void {
    this.#disposed = true;
    this.#wait.abort();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}
