/** For an editor, which holds a file in memory, and more than once. */
export class TooLarge extends Error {
  readonly path: string;
  readonly bytes: number;
  constructor(path: string, bytes: number) {
    super(`too large: ${path}`);
    this.name = 'TooLarge';
    this.path = path;
    this.bytes = bytes;
  }
}
