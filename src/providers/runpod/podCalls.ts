import { RentError } from '../../domain/errors.ts';
import type { Answer, Call } from '../../domain/http.ts';
import { parseBody, readRows } from './body.ts';
import { claimRefusal, isOk, podRefusal, refusal, saysMissing } from './problems.ts';
import { podRow, startedPod, type PodRow } from './schemas/pod.ts';
import { podIdPattern } from './schemas/ids.ts';
import { podList } from './schemas/podList.ts';

/** Two machines that start at once are each looked at every three seconds. */
const reading = { name: 'runpod.pods', burst: 40, perMs: 60_000 };
/** Actions wait for nothing: a stop or a destroy must not queue behind refreshes. */
export const acting = { name: 'runpod.actions' };

/** Includes addresses and the environment in clear: never log what these calls answer. */
export interface PodPage {
  readonly pods: readonly PodRow[];
  readonly unread: number;
  readonly at: number;
  /** `broken`: there is more, and no way to ask for it. */
  readonly next: { readonly cursor: string } | 'none' | 'broken';
}

export const listPods = (cursor?: string): Call<PodPage> => ({
  method: 'GET',
  path: '/v2/pods',
  ...(cursor === undefined ? {} : { query: { cursor } }),
  key: 'required',
  pace: reading,
  retry: 'safe',
  read: (answer) => {
    const { pods, pagination } = parseBody(podList, succeeded(answer, refusal));
    const { rows, unread } = readRows(podRow, pods);
    const cursor = pagination?.nextCursor ?? '';
    const more = pagination?.hasNextPage === true;
    return { pods: rows, unread, at: answer.at, next: more ? (cursor === '' ? 'broken' : { cursor }) : 'none' };
  },
});

export const readPod = (key: string): Call<{ pod: PodRow; at: number } | undefined> => ({
  method: 'GET',
  path: podPath(key),
  key: 'required',
  pace: reading,
  retry: 'safe',
  read: (answer) =>
    saysMissing(answer) ? undefined : { pod: parseBody(podRow, succeeded(answer, refusal)), at: answer.at },
});

export type PodAction = 'stop' | 'restart';

/** A repeated stop is harmless; a repeated restart would cut off what runs again by then. */
export const actOnPod = (key: string, action: PodAction): Call<void> => ({
  ...actionCall(key, action),
  retry: action === 'stop' ? 'safe' : 'refused',
  read: (answer) => void succeeded(answer, podRefusal),
});

/** Resolves to the number of GPUs it got, which can be none; undefined when the answer does not say. */
export const startPod = (key: string): Call<number | undefined> => ({
  ...actionCall(key, 'start'),
  retry: 'refused',
  read: (answer) => {
    const pod = succeeded(answer, (refused) => (saysMissing(refused) ? podRefusal(refused) : claimRefusal(refused)));
    return parseBody(startedPod, pod).gpu?.count ?? undefined;
  },
});

export const destroyPod = (key: string): Call<void> => ({
  method: 'DELETE',
  path: podPath(key),
  key: 'required',
  pace: acting,
  retry: 'safe',
  read: (answer) => {
    if (!isOk(answer) && !saysMissing(answer)) throw refusal(answer);
  },
});

export function podPath(key: string): string {
  // `..` would survive encoding and make the address another one.
  if (!podIdPattern.test(key)) throw new RentError('badRequest', { detail: 'not an id of a pod' });
  return `/v2/pods/${key}`;
}

const actionCall = (key: string, action: string): Pick<Call<unknown>, 'method' | 'path' | 'body' | 'key' | 'pace'> => ({
  method: 'POST', path: `${podPath(key)}/action`, body: { action }, key: 'required', pace: acting,
});

/** The answer, unless it is a refusal. */
export function succeeded(answer: Answer, refuse: (answer: Answer) => RentError): Answer {
  if (!isOk(answer)) throw refuse(answer);
  return answer;
}
