/** What may have to go from one side to the other. Folders stand before what lies in them. */
export interface Item {
  readonly kind: 'file' | 'folder' | 'link';
  /** Below the folder, with slashes. */
  readonly path: string;
  readonly bytes: number;
  /** Epoch seconds: no tar, touch or stat of every machine knows finer ones. */
  readonly modified: number;
  /** Permission bits. */
  readonly mode: number;
}

/** Group and others differ by umask alone; whether it can be run is the file's own. */
export const sameMode = (a: number, b: number): boolean => ((a ^ b) & 0o111) === 0;

/** What is ours in a synced folder, on either side: half files on their way. */
export const incomingName = '.gpu-rental-incoming';
