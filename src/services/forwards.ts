/** Ports of machines that are open on this computer, each for as long as its machine runs. */
import { createEmitter } from '../domain/emitter.ts';
import { isRentError } from '../domain/errors.ts';
import type { Forward, MachineLink, MachineLinks } from '../domain/machineLink.ts';
import type { Log } from '../domain/ports.ts';

export interface OpenPort {
  readonly alias: string;
  readonly remotePort: number;
  /** On 127.0.0.1 here. */
  readonly localPort: number;
  /** What listens there, as far as is known. A word of the machine's. */
  readonly name?: string;
}

interface Held {
  readonly port: OpenPort;
  /** While it is open, a connection that is lost is opened again. */
  readonly forward: Forward;
}

export interface ForwardsDeps {
  readonly links: MachineLinks;
  readonly log: Log;
}

export class Forwards {
  readonly #links: MachineLinks;
  readonly #log: Log;
  readonly #held = new Map<string, Held>();
  readonly #opening = new Map<string, Promise<OpenPort>>();
  readonly #changed = createEmitter<string>();
  /** With the alias of the machine whose ports changed. */
  readonly onDidChange = this.#changed.event;
  #disposed = false;

  constructor({ links, log }: ForwardsDeps) {
    this.#links = links;
    this.#log = log;
  }

  get all(): readonly OpenPort[] {
    return [...this.#held.values()].map(({ port }) => port);
  }

  of(alias: string): readonly OpenPort[] {
    return this.all.filter((port) => port.alias === alias).toSorted((a, b) => a.remotePort - b.remotePort);
  }

  find(alias: string, remotePort: number): OpenPort | undefined {
    return this.#held.get(keyOf(alias, remotePort))?.port;
  }

  /** At the same number here where that is free. Asked twice, it is opened once. */
  async open(alias: string, remotePort: number, name?: string): Promise<OpenPort> {
    const key = keyOf(alias, remotePort);
    const open = this.#held.get(key)?.port ?? this.#opening.get(key);
    if (open !== undefined) return open;
    const opening = this.#open(alias, remotePort, name).finally(() => this.#opening.delete(key));
    this.#opening.set(key, opening);
    return opening;
  }

  stop(alias: string, remotePort: number): void {
    const held = this.#held.get(keyOf(alias, remotePort));
    if (held === undefined) return;
    this.#held.delete(keyOf(alias, remotePort));
    held.forward.dispose();
    this.#changed.fire(alias);
  }

  /** What is not among these runs no more: its ports lead nowhere. */
  keepOnly(running: ReadonlySet<string>): void {
    for (const { alias, remotePort } of this.all) if (!running.has(alias)) this.stop(alias, remotePort);
  }

  dispose(): void {
    this.#disposed = true;
    for (const { forward } of this.#held.values()) forward.dispose();
    this.#held.clear();
  }

  async #open(alias: string, remotePort: number, name: string | undefined): Promise<OpenPort> {
    const forward = await this.#forward(this.#links.of(alias), remotePort);
    const port: OpenPort = { alias, remotePort, localPort: forward.localPort, ...(name === undefined ? {} : { name }) };
    if (this.#disposed) {
      forward.dispose();
      return port;
    }
    this.#held.set(keyOf(alias, remotePort), { port, forward });
    this.#changed.fire(alias);
    return port;
  }

  async #forward(link: MachineLink, remotePort: number): Promise<Forward> {
    try {
      return await link.forward(remotePort, remotePort);
    } catch (error) {
      if (isRentError(error)) throw error;
      // Somebody else has it here, or it is one that only root may use.
      this.#log.debug(`port ${remotePort} cannot be had here`, error);
      return link.forward(remotePort, 0);
    }
  }
}

const keyOf = (alias: string, remotePort: number): string => `${alias}/${remotePort}`;
