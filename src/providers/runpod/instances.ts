/** The account's pods. Whoever reads a list draws conclusions from absence, so it says when it may not. */
import { isAbort } from '../../domain/errors.ts';
import type { SeenInstance } from '../../domain/instance.ts';
import type { InstanceListing } from '../../domain/provider.ts';
import { readGpuTypes } from './catalogueCalls.ts';
import type { RunpodContext } from './context.ts';
import { catalogueFact } from './offers.ts';
import { listPods, readPod, type PodPage } from './podCalls.ts';
import type { PodRow } from './schemas/pod.ts';
import { seenPod } from './seenPod.ts';

const mostPages = 50;
const factsRetryMs = 300_000;

export async function listInstances(context: RunpodContext, signal: AbortSignal): Promise<InstanceListing> {
  const first = await context.http.send(listPods(), signal);
  const pods = new Map(first.pods.map((pod) => [pod.id, pod]));
  const { complete, rest } = await restOfList(context, first, signal);
  for (const pod of rest) pods.set(pod.id, pod);
  await learnTypes(context, [...pods.values()], first.at, signal);
  return {
    instances: [...pods.values()].map((pod) => seen(context, pod)),
    complete,
    // A pod made while later pages were read may be on none of them: the list is as old as its first page.
    at: first.at,
  };
}

export async function getInstance(
  context: RunpodContext, key: string, signal: AbortSignal,
): Promise<{ instance: SeenInstance; at: number } | undefined> {
  const answer = await context.http.send(readPod(key), signal);
  if (answer === undefined) return undefined;
  await learnTypes(context, [answer.pod], answer.at, signal);
  return { instance: seen(context, answer.pod), at: answer.at };
}

const seen = ({ facts }: RunpodContext, pod: PodRow): SeenInstance => seenPod(pod, pod.gpu ? facts.of(pod.gpu.id) : undefined);

async function restOfList({ http }: RunpodContext, first: PodPage, signal: AbortSignal): Promise<{ complete: boolean; rest: PodRow[] }> {
  const rest: PodRow[] = [];
  const followed = new Set<string>();
  let readable = first.unread === 0;
  let page = first;
  while (typeof page.next === 'object') {
    const { cursor } = page.next;
    if (followed.has(cursor) || followed.size >= mostPages) return { complete: false, rest };
    followed.add(cursor);
    try {
      page = await http.send(listPods(cursor), signal);
    } catch (error) {
      if (isAbort(error)) throw error;
      return { complete: false, rest };
    }
    rest.push(...page.pods);
    readable &&= page.unread === 0;
  }
  return { complete: readable && page.next === 'none', rest };
}

/** Pods name their GPU type only; one look at the catalogue tells its memory and price. Its failure costs nothing else. */
async function learnTypes({ http, facts }: RunpodContext, pods: readonly PodRow[], at: number, signal: AbortSignal): Promise<void> {
  const known = pods.every((pod) => !pod.gpu || facts.of(pod.gpu.id) !== undefined);
  if (known || at - facts.askedAt < factsRetryMs) return;
  facts.askedAt = at;
  try {
    const { gpus } = await http.send(readGpuTypes(), signal);
    for (const gpu of gpus) facts.learn(gpu.id, catalogueFact(gpu));
  } catch (error) {
    if (isAbort(error)) throw error;
  }
}
