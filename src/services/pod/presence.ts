/** Whether the machines that somebody works on are there, told at every change. */
import { createEmitter } from '../../domain/emitter.ts';
import { RentError } from '../../domain/errors.ts';
import type { MachineLink, MachineLinks } from '../../domain/machineLink.ts';
import type { Clock, Disposable } from '../../domain/ports.ts';
import type { Fleet } from '../fleet.ts';
import type { FleetInstance } from '../fleetInstance.ts';

/** `away`: it exists and does not run. `lost`: it should answer, and does not. */
export type Presence = 'here' | 'starting' | 'lost' | 'away' | 'gone';

export interface PresenceChange {
  readonly alias: string;
  readonly name: string;
  readonly before: Presence;
  readonly now: Presence;
  /** As it was last known. */
  readonly instance: FleetInstance | undefined;
}

export interface PodPresenceParts {
  readonly links: MachineLinks;
  readonly fleet: Pick<Fleet, 'instances' | 'onDidChange'>;
  readonly clock: Clock;
}

interface Use extends Disposable {
  count: number;
  told: Presence;
  known: FleetInstance | undefined;
  hold: Disposable | undefined;
}

/** How long a machine may have no address, after a window was opened on it. */
const addressMs = 20_000;
const freshMs = 1000;

export class PodPresence implements Disposable {
  readonly #parts: PodPresenceParts;
  readonly #changed = createEmitter<PresenceChange>();
  readonly onDidChange = this.#changed.event;
  readonly #uses = new Map<string, Use>();
  readonly #listening: Disposable;
  #fleet: { readonly at: number; readonly byAlias: ReadonlyMap<string, FleetInstance> } | undefined;

  constructor(parts: PodPresenceParts) {
    this.#parts = parts;
    this.#listening = parts.fleet.onDidChange(() => {
      this.#fleet = undefined;
      this.#look();
    });
  }

  of(alias: string): Presence {
    const instance = this.instance(alias);
    if (instance === undefined || instance.state === 'ending') return 'gone';
    switch (instance.state) {
      case 'starting':
        return 'starting';
      case 'stopping':
      case 'stopped':
      case 'failed':
        return 'away';
      case 'ready':
      case 'unknown':
        return this.#parts.links.of(alias).state.kind === 'lost' ? 'lost' : 'here';
    }
  }

  /** The line to it, as soon as it has an address. Throws `gone`, `notAllowed` where it does not run, or `sshUnreachable`. */
  async link(alias: string): Promise<MachineLink> {
    const { links, clock } = this.#parts;
    for (const deadline = clock.elapsed() + addressMs; ; await clock.sleep(200)) {
      const is = this.of(alias);
      if (is === 'gone') throw new RentError('gone');
      if (is === 'away') throw new RentError('notAllowed', { detail: 'it does not run' });
      if ((this.instance(alias)?.endpoints.length ?? 0) > 0) return links.of(alias);
      if (clock.elapsed() >= deadline) throw new RentError('sshUnreachable', { detail: `${alias} has no address` });
    }
  }

  /** As long as somebody works on it, its line is kept up while it runs. */
  use(alias: string): Disposable {
    const use = this.#uses.get(alias) ?? this.#begin(alias);
    use.count++;
    let released = false;
    return {
      dispose: () => {
        if (released) return;
        released = true;
        if (--use.count > 0) return;
        this.#uses.delete(alias);
        use.dispose();
      },
    };
  }

  dispose(): void {
    this.#listening.dispose();
    for (const use of this.#uses.values()) use.dispose();
    this.#uses.clear();
  }

  #begin(alias: string): Use {
    const link = this.#parts.links.of(alias);
    const listening = link.onDidChange(() => this.#look());
    const use: Use = {
      count: 0, told: this.of(alias), known: this.instance(alias), hold: undefined,
      dispose: () => {
        listening.dispose();
        use.hold?.dispose();
      },
    };
    this.#uses.set(alias, use);
    this.#hold(alias, use);
    return use;
  }

  #look(): void {
    for (const [alias, use] of this.#uses) {
      const [before, now] = [use.told, this.of(alias)];
      use.known = this.instance(alias) ?? use.known;
      use.told = now;
      this.#hold(alias, use);
      if (now !== before) this.#changed.fire({ alias, name: use.known?.name ?? alias, before, now, instance: use.known });
    }
  }

  /** Nobody calls for a machine that does not run. */
  #hold(alias: string, use: Use): void {
    const runs = use.told === 'here' || use.told === 'lost';
    if (runs && use.hold === undefined) use.hold = this.#parts.links.of(alias).hold();
    if (!runs) {
      use.hold?.dispose();
      use.hold = undefined;
    }
  }

  /** The fleet reads its store at each look, and files are asked for by the thousand. */
  instance(alias: string): FleetInstance | undefined {
    const now = this.#parts.clock.elapsed();
    if (this.#fleet === undefined || now - this.#fleet.at > freshMs)
      this.#fleet = { at: now, byAlias: new Map(this.#parts.fleet.instances.flatMap((instance) => (instance.alias === undefined ? [] : [[instance.alias, instance]]))) };
    return this.#fleet.byAlias.get(alias);
  }
}
