/** Vast's own names of GPUs, so that a search can be narrowed there. They change seldom and are kept for a day. */
import { isAbort } from '../../domain/errors.ts';
import { gpuName, sameGpu } from '../../domain/gpu.ts';
import type { Http } from '../../domain/http.ts';
import type { Clock } from '../../domain/ports.ts';
import { readGpuNames } from './searchCalls.ts';

const keptMs = 24 * 3_600_000;
/** After a failure searches do without for a while, rather than each waiting for the next one. */
const pauseMs = 60_000;

export class GpuNames {
  readonly #http: Http;
  readonly #clock: Clock;
  #names: readonly string[] = [];
  #askAgainAt = -Infinity;

  constructor(http: Http, clock: Clock) {
    this.#http = http;
    this.#clock = clock;
  }

  /** Undefined when Vast does not say or has no such name: then every GPU is read and checked here. */
  async of(wanted: string, signal: AbortSignal): Promise<readonly string[] | undefined> {
    await this.#refresh(signal);
    const names = this.#names.filter((name) => sameGpu(gpuName(name), wanted));
    return names.length === 0 ? undefined : names;
  }

  async #refresh(signal: AbortSignal): Promise<void> {
    if (this.#clock.now() < this.#askAgainAt) return;
    try {
      this.#names = await this.#http.send(readGpuNames(), signal);
      this.#askAgainAt = this.#clock.now() + keptMs;
    } catch (error) {
      if (isAbort(error)) throw error;
      this.#askAgainAt = this.#clock.now() + pauseMs;
    }
  }
}
