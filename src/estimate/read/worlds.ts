/**
 * Scripts divide by the number of processes, which nobody knows until a machine is chosen. Read once for one process
 * and once for two, what stays the same is certain; where the batch of a process shrinks as processes are added, the
 * script fixes the batch of all of them.
 */
import type { Workload } from '../workload.ts';
import { Draft } from './draft.ts';

export function reconcile(one: Draft, two: Draft): Draft {
  const merged = new Draft();
  const batchOf = (draft: Draft): number | undefined => {
    const micro = draft.get('microBatch');
    return micro === undefined ? undefined : micro * (draft.get('accumulation') ?? 1);
  };
  const [first, second] = [batchOf(one), batchOf(two)];
  const fixed = first !== undefined && second !== undefined && second * 2 === first;
  for (const fact of one.facts) {
    const { name } = fact;
    const value = one.get(name);
    if (value === undefined || (differs(name, one, two) && !(name === 'parallelism'))) continue;
    copy(merged, name, one);
  }
  const from = one.fact(one.get('accumulation') === two.get('accumulation') ? 'microBatch' : 'accumulation');
  if (fixed && from && merged.get('globalBatch') === undefined) {
    const { name: _name, value: _value, ...place } = from;
    merged.set('globalBatch', first, { ...place, certainty: 'derived' });
  }
  return merged;
}

function differs(name: keyof Workload, one: Draft, two: Draft): boolean {
  const [left, right] = [one.get(name), two.get(name)];
  return typeof left !== 'object' && left !== right;
}

function copy<N extends keyof Workload>(to: Draft, name: N, from: Draft): void {
  const fact = from.fact(name);
  const value = from.get(name);
  if (fact === undefined || value === undefined) return;
  const { name: _name, value: _value, ...place } = fact;
  to.set(name, value, place);
}
