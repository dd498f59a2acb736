/** How far a transfer is, told now and then: whoever shows it needs no more than a few a second. */
import type { Clock } from '../../domain/ports.ts';
import type { SyncProgress } from '../../domain/sync.ts';

const everyMs = 200;
/** A rate over less than this says nothing about the rest. */
const meaningfulMs = 1000;

export class Progress {
  readonly #tell: (progress: SyncProgress) => void;
  readonly #clock: Clock;
  #began: number;
  #toldAt = -Infinity;
  #inAll = { files: 0, bytes: 0 };
  #done = { files: 0, bytes: 0 };

  constructor(clock: Clock, tell: ((progress: SyncProgress) => void) | undefined) {
    this.#clock = clock;
    this.#began = clock.elapsed();
    this.#tell = tell ?? (() => undefined);
  }

  get files(): number {
    return this.#done.files;
  }

  get bytes(): number {
    return this.#done.bytes;
  }

  /** Per millisecond, of what went over the line so far. */
  get rate(): number {
    const took = this.#clock.elapsed() - this.#began;
    return took < meaningfulMs ? NaN : this.#done.bytes / took;
  }

  /** The transfer itself starts now. */
  begin(files: number, bytes: number): void {
    this.#inAll = { files, bytes };
    this.#began = this.#clock.elapsed();
    this.#say(true);
  }

  /** Negative where what was counted has to go again. */
  moved(bytes: number): void {
    this.#done.bytes += bytes;
    this.#say(false);
  }

  /** What was there already from an earlier try, or does not have to go after all. */
  spared(bytes: number): void {
    this.#inAll.bytes = Math.max(this.#done.bytes, this.#inAll.bytes - bytes);
  }

  arrived(files: number): void {
    this.#done.files += files;
    this.#say(this.#done.files === this.#inAll.files);
  }

  #say(now: boolean): void {
    const at = this.#clock.elapsed();
    if (!now && at - this.#toldAt < everyMs) return;
    this.#toldAt = at;
    const left = Math.max(0, this.#inAll.bytes - this.#done.bytes);
    const leftMs = left / this.rate;
    this.#tell({
      filesDone: this.#done.files, filesInAll: this.#inAll.files, bytesDone: this.#done.bytes, bytesInAll: this.#inAll.bytes,
      ...(Number.isFinite(leftMs) ? { leftMs: Math.round(leftMs) } : {}),
    });
  }
}
