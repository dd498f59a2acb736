import type { Run } from './run.ts';
import { unpackRuns } from './evidenceTable.ts';

/** The source of runs that the user's own machines reported: their code, so it also stands behind what is predicted. */
export const ownSource = 'own';

/** The published runs that ship with the extension; read when somebody asks for an estimate. */
export async function publishedRuns(): Promise<readonly Run[]> {
  const { runTable } = await import('./data/runs.ts');
  return unpackRuns(runTable);
}

/** The table or page that a run was published in; the source alone where nobody says. */
export const documentKey = ({ source, document }: Run): string => document ?? source;

/** All that do not share this with any of the runs. */
export function without(runs: readonly Run[], left: readonly Run[], keyOf: (run: Run) => string): readonly Run[] {
  const keys = new Set(left.map(keyOf));
  return runs.filter((run) => !keys.has(keyOf(run)));
}

/** What was run on what, without what came of it and who says so. */
const identity = ({ workload, phase, gpu, vramGb, gpuCount }: Run): string => {
  const { model, ...settings } = workload;
  return JSON.stringify([model?.name, model?.paramsM, Object.entries(settings).toSorted(([a], [b]) => a < b ? -1 : 1), phase, gpu, vramGb, gpuCount]);
};

/**
 * Both lists as one. Where both know a row, the newer table wins, even where it gives another source or another
 * figure: else leaving a source out would leave its shipped twin in.
 */
export function mergeRuns(shipped: readonly Run[], newer: readonly Run[]): readonly Run[] {
  const ids = new Set(newer.map(({ id }) => id));
  const known = new Set(newer.map(identity));
  return [...shipped.filter((run) => !ids.has(run.id) && !known.has(identity(run))), ...newer];
}
