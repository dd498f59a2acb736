/** A figure with its honest width: about eight of ten runs end between `low` and `high`. Never negative. */
export interface Band {
  readonly low: number;
  readonly likely: number;
  readonly high: number;
}

/** How many standard deviations hold eight of ten: the 90th percentile of the normal distribution. */
export const z90 = 1.2816;

/** Log-normal around `likely`: a sigma of 0.25 means that eight of ten lie within a factor of 1.38. */
export function bandAround(likely: number, sigma: number): Band {
  const factor = Math.exp(z90 * sigma);
  return { low: likely / factor, likely, high: likely * factor };
}

export const exactly = (value: number): Band => ({ low: value, likely: value, high: value });

export const scaleBand = (band: Band, by: number): Band => ({ low: band.low * by, likely: band.likely * by, high: band.high * by });

/** Ends add to ends: what makes one part slow, a poor host or long samples, makes the others slow too. */
export const addBands = (...bands: readonly Band[]): Band => ({
  low: bands.reduce((sum, { low }) => sum + low, 0),
  likely: bands.reduce((sum, { likely }) => sum + likely, 0),
  high: bands.reduce((sum, { high }) => sum + high, 0),
});
