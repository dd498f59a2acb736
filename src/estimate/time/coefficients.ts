import { type TermName, type Terms, termNames } from './terms.ts';

/**
 * What each term costs against its count on the data sheet, before anybody measured anything: matrix products reach
 * their best measured rate less a tenth, attention kernels about half of theirs. `sigma` is how sure that is, in log units.
 */
export const priors: Readonly<Record<TermName, { readonly factor: number; readonly sigma: number }>> = {
  matmul: { factor: 1.08, sigma: 0.1 },
  attention: { factor: 2.2, sigma: 0.4 },
  elementwise: { factor: 1, sigma: 0.4 },
  vocabulary: { factor: 1, sigma: 0.5 },
  optimizer: { factor: 1, sigma: 0.4 },
  links: { factor: 1.2, sigma: 0.5 },
  tensorLinks: { factor: 1.5, sigma: 0.5 },
  dequantise: { factor: 1, sigma: 0.4 },
  launch: { factor: 1, sigma: 0.2 },
};

/** Logarithms of the coefficients, in the order of `termNames`. */
export const priorLogs = (): Float64Array => Float64Array.from(termNames, (name) => Math.log(priors[name].factor));
export const priorVariances = (): Float64Array => Float64Array.from(termNames, (name) => priors[name].sigma ** 2);

/** Launching hides behind the work or the work behind it; near the corner a part of both shows. */
const corner = 3;

export interface Composed {
  readonly seconds: number;
  /** Share of each term in the time: the derivative of its logarithm by the coefficient's. */
  readonly shares: Float64Array;
}

export function compose(terms: Terms, logs: ArrayLike<number>): Composed {
  const costs = termNames.map((name, index) => terms[name] * Math.exp(logs[index] ?? 0));
  const launch = costs.at(-1) ?? 0;
  const work = costs.slice(0, -1).reduce((sum, cost) => sum + cost, 0);
  const sum = work ** corner + launch ** corner;
  const seconds = sum ** (1 / corner);
  const worked = work ** corner / sum;
  return { seconds, shares: Float64Array.from(costs, (cost, index) => index === costs.length - 1 ? 1 - worked : worked * cost / work) };
}
