/** One window of the editor: the real product over a state folder that all windows share. */
import type { Log } from '../../src/domain/ports.ts';
import { startPolling, type Polling } from '../../src/services/polling.ts';
import { createCore, type Core } from '../../src/wiring.ts';
import type { Provider } from '../../src/practice/faults.ts';
import type { Random } from '../../src/practice/random.ts';
import { origins, type Bazaar } from './bazaar.ts';
import type { Evidence } from './evidence.ts';
import type { Guards } from './guards.ts';
import { Freezer, WindowClock, type Laptop } from './laptop.ts';
import { Life, never } from './life.ts';
import type { Machines } from './machines.ts';
import { noRuns } from '../fakes/noRuns.ts';
import { createSimulatedSsh } from './reachable.ts';
import { quiescence, type Timeline } from './timeline.ts';
import { ownDatabases } from './watchedDatabase.ts';
import type { Weather } from './weather.ts';
import { createWire } from './wire.ts';

export interface Surroundings {
  readonly timeline: Timeline;
  readonly bazaar: Bazaar;
  readonly accounts: readonly Provider[];
  readonly machines: Machines;
  readonly guards: Guards;
  readonly weather: Weather;
  readonly evidence: Evidence;
  readonly laptop: Laptop;
  readonly stateFolder: string;
  readonly random: Random;
  readonly log: (window: string) => Log;
}

export class Window {
  readonly name: string;
  readonly life = new Life();
  readonly freezer = new Freezer();
  readonly #around: Surroundings;
  #core: Core | undefined;
  #polling: Polling | undefined;

  constructor(name: string, around: Surroundings) {
    this.name = name;
    this.#around = around;
    const { laptop, timeline } = around;
    const there = laptop.attendance.opened(timeline.now);
    this.life.onEnd(() => (there.to = timeline.now));
  }

  /** Undefined until it has opened, and after its end. */
  get core(): Core | undefined {
    return this.life.over ? undefined : this.#core;
  }

  /** Whether a person can do something in it now. */
  get usable(): boolean {
    return this.core !== undefined && !this.#around.laptop.asleep && !this.freezer.frozen;
  }

  /** What `activate` does, as far as it is no interface. */
  async open(): Promise<void> {
    const { laptop, stateFolder, bazaar, accounts, machines, guards, log } = this.#around;
    const { life } = this;
    const clock = new WindowClock(laptop, this.freezer, life);
    const wire = createWire({ ...this.#around, name: this.name, clock, life, random: this.#around.random.fork(this.name) });
    const activate = async (): Promise<void> => {
      const core = await createCore({
        stateFolder, origins, clock, transport: wire, version: 'chaos', log: log(this.name),
        keys: {
          get: (id) => (life.goesOn() ? Promise.resolve(accounts.includes(id) ? bazaar.keys[id] : undefined) : never()),
          set: () => never(),
          delete: () => never(),
        },
        ssh: createSimulatedSsh({ machines, guards, laptop, clock, life }),
      });
      this.#spy(core);
      this.#core = core;
      this.#polling = startPolling({ ...core, runs: noRuns, clock, log: log(this.name), visible: { offers: () => false, instances: () => true } });
      await core.accounts.load();
      core.meter.touchSession(core.fleet.anythingBilling);
      core.rentals.resume(() => undefined, new AbortController().signal);
      this.#polling.wakeInstances();
    };
    ownDatabases(life);
    const activated = activate().catch((error: unknown) => log(this.name).error('activation failed', error));
    // Loading a module takes turns of the real world; a window that dies meanwhile never gets there.
    await Promise.race([activated, turns(50)]);
    ownDatabases(undefined);
    if (!life.over && !life.keepsBooks) throw new Error('a window got past the watched database');
  }

  wakeInstances(): void {
    this.#polling?.wakeInstances();
  }

  /** As the editor closes it: what still runs has no time to end. */
  close(): void {
    if (this.life.over) return;
    try {
      this.#polling?.dispose();
      this.#core?.dispose();
    } catch (error) {
      this.#around.log(this.name).error('closing failed', error);
    }
    this.crash();
  }

  crash(): void {
    this.life.end();
  }

  /** A create is told apart by what it was told, which the wire packs too tightly to read at every turn. */
  #spy(core: Core): void {
    const { evidence, timeline } = this.#around;
    const mark = core.store.mark.bind(core.store);
    const keep = core.store.keep.bind(core.store);
    Object.assign(core.store, {
      mark: (...given: Parameters<typeof mark>) => {
        const marked = mark(...given);
        const [label, state] = given;
        const instanceId = core.store.launch(label)?.instanceId;
        if (marked && state === 'gone' && instanceId !== undefined) evidence.writtenOff.push({ instanceId, at: timeline.now });
        return marked;
      },
      keep: (...given: Parameters<typeof keep>) => {
        const [{ seen: { id } }] = given;
        evidence.shown.add(id);
        const kept = keep(...given);
        if (kept && evidence.writtenOff.some(({ instanceId }) => instanceId === id)) evidence.revived.push({ instanceId: id, at: timeline.now });
        return kept;
      },
    });
    for (const provider of core.providers.values()) {
      const create = provider.create.bind(provider);
      Object.assign(provider, {
        create: (order: Parameters<typeof create>[0]) => {
          evidence.terms.set(order.label, order.guard);
          return create(order);
        },
      });
    }
  }
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await quiescence();
}
