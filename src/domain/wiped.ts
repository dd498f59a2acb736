/** What a machine says of having been wiped; it can say anything. */
export interface Wiped {
  readonly removed: number;
  /** Files that could not be removed. */
  readonly left: number;
  /** The work folder is a volume that outlives the machine, so its files were left alone. */
  readonly keptVolume: boolean;
}
