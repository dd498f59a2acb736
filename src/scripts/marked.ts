/**
 * What a script says of itself: `gpu-rental:name=value`, a line each. Banners and whatever else a machine prints are
 * passed over. A machine's owner can make it say anything, so every value is checked where it is used.
 */
export const mark = 'gpu-rental:';

export class Said {
  readonly #lines: readonly string[];

  constructor(stdout: string) {
    this.#lines = stdout.split('\n').filter((line) => line.startsWith(mark)).map((line) => line.slice(mark.length).trimEnd());
  }

  all(name: string): readonly string[] {
    return this.#lines.filter((line) => line.startsWith(`${name}=`)).map((line) => line.slice(name.length + 1));
  }

  one(name: string): string | undefined {
    return this.all(name)[0];
  }

  /** A whole number that a file system can mean; undefined for anything else. */
  count(name: string): number | undefined {
    const digits = /^\d{1,15}$/.exec(this.one(name) ?? '')?.[0];
    return digits === undefined ? undefined : Number(digits);
  }
}
