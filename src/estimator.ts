/** The estimator behind its port. Tables, grammars and published runs are loaded by the first question, not before. */
import type { EstimatorDeps } from './learning.ts';
import type { Estimator } from './ui/estimate/estimator.ts';

export function createEstimator(deps: () => EstimatorDeps | Promise<EstimatorDeps>): Estimator {
  let loading: Promise<Estimator> | undefined;
  const loaded = (): Promise<Estimator> => {
    loading ??= import('./learning.ts').then(async ({ loadEstimating }) => loadEstimating(await deps()));
    // What failed once, a file that could not be read, may work the next time.
    loading.catch(() => (loading = undefined));
    return loading;
  };
  return {
    read: async (files, options) => (await loaded()).read(files, options),
    estimate: async (reading, offers) => (await loaded()).estimate(reading, offers),
    lookUp: async (names, signal) => (await loaded()).lookUp(names, signal),
    learn: async (reading, measured) => (await loaded()).learn(reading, measured),
  };
}
