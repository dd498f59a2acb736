// The state machine behind Rental. Every change happens at an exact market
// time and tells the ledger at that time what is charged from then on.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Agenda, Entry } from './agenda.ts';
import type { Faults } from './faults.ts';
import { gpuReading, parseLoad, type Load } from './gpuReadings.ts';
import { pullProblem } from './images.ts';
import type { Ledger } from './ledger.ts';
import { createLogBook, type LogBook, type LogSource } from './logBook.ts';
import type { GpuReading } from './pod/pod.ts';
import { createPodKeeper, gpuLoadFile, type KeepPod, type PodKeeper, type PodMaker } from './podKeeper.ts';
import type { DownReason, Rental, RentalSpec, RentalState, StopReason } from './rental.ts';

export interface MachineContext {
  readonly agenda: Agenda;
  readonly faults: Faults;
  readonly ledger: Ledger;
  readonly bootScale: number;
  readonly dir: string;
  readonly maker: PodMaker;
  /** Real pods unless said. */
  readonly keepPod?: KeepPod;
  /** Rates changed at this time. */
  onRates(at: number): void;
}

const retryMs = 60_000;
const lateSshMs = 90_000;
const rekeyMs = 20_000;

export class RentedMachine implements Rental {
  readonly spec: RentalSpec;
  readonly dir: string;
  readonly log: LogBook = createLogBook();
  label: string | null;
  gpuCount: number;
  createdAt: number;
  endedAt: number | null = null;
  state: RentalState;
  since: number;
  intended: 'running' | 'stopped';
  queued = false;
  stopReason: StopReason | null = null;
  message: string | null = null;
  starts = 0;
  runningSince: number | null = null;
  readonly #context: MachineContext;
  readonly #keeper: PodKeeper;
  #seated: boolean;
  #next: Entry[] = [];

  constructor(spec: RentalSpec, context: MachineContext) {
    this.spec = spec;
    this.#context = context;
    this.label = spec.label;
    this.gpuCount = spec.gpu.count;
    this.dir = join(context.dir, `${spec.provider}-${spec.id}`);
    this.createdAt = context.agenda.settle();
    this.since = this.createdAt;
    this.state = spec.stopped === true ? 'stopped' : 'scheduling';
    this.intended = spec.stopped === true ? 'stopped' : 'running';
    this.stopReason = spec.stopped === true ? 'capacity' : null;
    this.#seated = spec.stopped !== true;
    this.#keeper = (context.keepPod ?? createPodKeeper)({
      maker: context.maker,
      plan: spec.pod,
      dir: this.dir,
      gpus: () => this.gpus(),
      log: (line) => this.#say('container', line),
      trouble: (text) => this.#say('system', `error: ${text}`),
    });
    if (spec.stopped === true) this.#enter('stopped', this.createdAt);
    else this.#boot(this.createdAt, 'loading');
  }

  get provider() {
    return this.spec.provider;
  }

  get id() {
    return this.spec.id;
  }

  get sshPort() {
    return this.#keeper.sshPort;
  }

  get sshUp() {
    return this.#keeper.sshUp;
  }

  get hostKeyFingerprint() {
    return this.#keeper.hostKeyFingerprint;
  }

  get traffic() {
    return this.#keeper.traffic;
  }

  /** What nvidia-smi shows. */
  gpus(): readonly GpuReading[] {
    const load = this.#load();
    const at = this.#context.agenda.now();
    return Array.from({ length: this.gpuCount }, (_, index) => gpuReading(this.spec.gpu, load, `${this.id}/${index}`, at));
  }

  stop(reason: StopReason, at = this.#context.agenda.settle()): void {
    if (this.state === 'destroyed') return;
    const outbid = reason === 'outbid';
    this.stopReason = reason;
    this.intended = outbid ? 'running' : 'stopped';
    this.queued = outbid;
    if (this.state === 'stopping') return;
    this.#cancel();
    if (this.state === 'stopped' || this.state === 'failed') return this.#stopped(at);
    const delay = this.state === 'running' ? this.#scaled(this.spec.delays.stopping) : 0;
    this.#enter('stopping', at);
    this.#after(at, delay, (time) => this.#stopped(time));
  }

  start(at = this.#context.agenda.settle()): 'started' | 'queued' {
    if (this.state === 'destroyed') return 'queued';
    this.intended = 'running';
    if (this.state === 'scheduling' || this.state === 'loading' || this.state === 'running') return 'started';
    this.queued = true;
    if (this.state === 'stopping') return 'started';
    this.#cancel();
    const refused = this.#context.faults.hit('start-queued', this.provider);
    if (!refused && this.#tryStart(at)) return 'started';
    this.#after(at, retryMs, (time) => this.#retry(time));
    return 'queued';
  }

  restart(why: 'restart' | 'recycle'): void {
    const at = this.#context.agenda.settle();
    if (this.state !== 'running') return;
    this.#cancel();
    this.#pull(at, why === 'recycle' ? this.spec.delays.loading : this.spec.delays.reloading, why);
  }

  destroy(at = this.#context.agenda.settle()): void {
    if (this.state === 'destroyed') return;
    this.#cancel();
    this.queued = false;
    this.intended = 'stopped';
    this.endedAt = at;
    this.#leaveSeat(at);
    this.#enter('destroyed', at);
    void this.#keeper.remove();
  }

  reprice(at = this.#context.agenda.settle()): void {
    const lines = this.state === 'destroyed' ? [] : this.spec.charges(this);
    this.#context.ledger.setLines(this.provider, this.id, lines, at);
    this.#context.onRates(at);
  }

  /** Ends whatever runs for it on this machine, and resolves when it has ended. */
  async close(): Promise<void> {
    this.#cancel();
    await this.#keeper.remove();
  }

  /** Resolves when the pod has caught up with the state. */
  podSettled(): Promise<void> {
    return this.#keeper.settled();
  }

  #boot(at: number, how: 'loading' | 'reloading'): void {
    this.starts += 1;
    this.queued = false;
    this.stopReason = null;
    this.#enter('scheduling', at);
    this.#after(at, this.#scaled(this.spec.delays.scheduling), (time) => this.#pull(time, this.spec.delays[how]));
  }

  #pull(at: number, delay: number, why: DownReason = 'stop'): void {
    const { image } = this.spec;
    this.#enter('loading', at, why);
    this.#say('system', `create container ${image}`);
    const missing = this.#context.faults.hit('bad-image', this.provider)
      ? `manifest for ${image} not found: manifest unknown`
      : pullProblem(image);
    this.#after(at, this.#scaled(delay), (time) => (missing === null ? this.#run(time) : this.#fail(time, missing)));
  }

  #run(at: number): void {
    const late = this.#context.faults.hit('ssh-late', this.provider) ? lateSshMs : 0;
    const ssh = this.#scaled(this.spec.delays.ssh) + late;
    this.message = null;
    this.#enter('running', at);
    this.#say('system', 'start container');
    this.#keeper.open();
    this.#after(at, ssh, () => this.#keeper.boot());
    if (this.#context.faults.hit('host-key-changes', this.provider)) this.#after(at, ssh + rekeyMs, () => this.#keeper.boot());
  }

  #fail(at: number, problem: string): void {
    this.message = `Error response from daemon: ${problem}`;
    this.stopReason = 'image';
    this.#enter('failed', at);
    this.#say('system', this.message);
    if (this.spec.delays.giveUp === undefined) return;
    this.#after(at, this.#scaled(this.spec.delays.giveUp), (time) => this.stop('image', time));
  }

  #stopped(at: number): void {
    this.#leaveSeat(at);
    if (this.state !== 'stopped') this.#enter('stopped', at);
    if (!this.queued) return;
    if (this.stopReason === 'outbid') this.#after(at, retryMs, (time) => this.#retry(time));
    else this.#retry(at);
  }

  #retry(at: number): void {
    if (this.queued && !this.#tryStart(at)) this.#after(at, retryMs, (time) => this.#retry(time));
  }

  #tryStart(at: number): boolean {
    if (!this.#seated && !this.spec.seat.take(at)) return false;
    this.#seated = true;
    this.#boot(at, 'reloading');
    return true;
  }

  #leaveSeat(at: number): void {
    if (this.#seated) this.spec.seat.release(at);
    this.#seated = false;
  }

  #enter(state: RentalState, at: number, why: DownReason = 'stop'): void {
    const wasUp = this.state === 'running';
    this.state = state;
    this.since = at;
    this.runningSince = state === 'running' ? at : null;
    if (wasUp && state !== 'running') this.#keeper.down(why);
    this.reprice(at);
  }

  #after(at: number, delay: number, run: (time: number) => void): void {
    this.#next.push(this.#context.agenda.at(at + delay, run));
  }

  #cancel(): void {
    for (const entry of this.#next) entry.cancel();
    this.#next = [];
  }

  #scaled(delay: number): number {
    return Math.round(delay * this.#context.bootScale);
  }

  #say(source: LogSource, text: string): void {
    this.log.append(source, text, this.#context.agenda.now());
  }

  #load(): Load {
    const file = gpuLoadFile(this.dir);
    try {
      // Mostly no job has written one.
      if (existsSync(file)) return parseLoad(readFileSync(file, 'utf8'));
    } catch {
      // It went while it was read.
    }
    return parseLoad('');
  }
}
