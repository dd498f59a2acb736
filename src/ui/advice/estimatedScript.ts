import { estimatedJobs } from '../../estimate/advice/estimatedJob.ts';
import type { EstimateSession } from '../estimate/session.ts';
import type { Estimated } from './jobQuestions.ts';

/** The script whose estimate is open, where it has figures: a server has no end that it could be finished at. */
export function estimatedScript(session: Pick<EstimateSession, 'script' | 'state'> | undefined): Estimated | undefined {
  const { estimates, reading } = session?.state ?? {};
  if (session === undefined || estimates === undefined || reading === undefined) return undefined;
  return {
    name: session.script.name,
    fits: estimates.ranked.filter(({ fit }) => fit.verdict === 'fits').length,
    jobs: (said) => estimatedJobs(estimates.ranked, reading.workload, said),
  };
}
