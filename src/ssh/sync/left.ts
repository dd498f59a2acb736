/** What was left out, with why. A reason that holds for thousands is told once, with their number. */
import type { SkippedFile } from '../../domain/sync.ts';
import { shownName } from './safePath.ts';

const namedForEach = 20;

export class Left {
  readonly #reasons = new Map<string, { readonly paths: string[]; more: number }>();

  add(path: string, why: string): void {
    const known = this.#reasons.get(why) ?? { paths: [], more: 0 };
    this.#reasons.set(why, known);
    if (known.paths.length < namedForEach) known.paths.push(shownName(path));
    else known.more++;
  }

  get list(): readonly SkippedFile[] {
    return [...this.#reasons].flatMap(([why, { paths, more }]) => [
      ...paths.map((path) => ({ path, why })),
      ...(more === 0 ? [] : [{ path: `${more} more`, why }]),
    ]);
  }
}
