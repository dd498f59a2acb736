import { createEmitter } from '../../domain/emitter.ts';
import type { PinnedBy } from '../../domain/ssh.ts';
import type { FleetInstance } from '../../services/fleetInstance.ts';

/**
 * How each machine's host key came to be trusted, for drawing. The word stands in a file beside the key, and it changes
 * only when the journal notes something of the launch: then it is read again.
 */
export class HostKeyNotes {
  readonly #changed = createEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #read: (alias: string) => Promise<PinnedBy | undefined>;
  readonly #known = new Map<string, { readonly of: number; by: PinnedBy | undefined }>();

  constructor(read: (alias: string) => Promise<PinnedBy | undefined>) {
    this.#read = read;
  }

  /** What is known by now. */
  of({ alias, launch }: Pick<FleetInstance, 'alias' | 'launch'>): PinnedBy | undefined {
    if (alias === undefined || launch === undefined) return undefined;
    const known = this.#known.get(alias);
    if (known?.of !== launch.changedAt) this.#ask(alias, launch.changedAt);
    return known?.by;
  }

  #ask(alias: string, of: number): void {
    const note = { of, by: this.#known.get(alias)?.by };
    this.#known.set(alias, note);
    const take = (by: PinnedBy | undefined): void => {
      if (this.#known.get(alias) !== note || note.by === by) return;
      note.by = by;
      this.#changed.fire();
    };
    // A damaged file is told by whoever connects; here there is nothing to say of it.
    this.#read(alias).then(take, () => take(undefined));
  }
}
