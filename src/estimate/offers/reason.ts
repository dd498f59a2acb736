import type { Bound, Parts, Reason } from '../result.ts';

const ofBound: Readonly<Record<Bound, Reason>> = {
  launch: 'launchBound', compute: 'computeBound', bandwidth: 'bandwidthBound', links: 'linksBound', input: 'inputBound',
};

/** Most of the bill: getting there when that takes longer than the work, else what a step waits for. */
export function reasonOf({ setupHours, downloadHours, trainHours, evalHours }: Parts, bound: Bound): Reason {
  const work = trainHours.likely + evalHours.likely;
  if (Math.max(downloadHours.likely, setupHours.likely) <= work) return ofBound[bound];
  return downloadHours.likely > setupHours.likely ? 'downloadBound' : 'setupBound';
}
