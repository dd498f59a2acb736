import { RentError } from '../../domain/errors.ts';
import type { Answer, Call } from '../../domain/http.ts';
import type { SeenInstance } from '../../domain/instance.ts';
import type { InstanceListing } from '../../domain/provider.ts';
import { dataOf, readRows } from './body.ts';
import { pace } from './pace.ts';
import { codeOf, isOk, refusal } from './problems.ts';
import { instanceIdPattern, instanceList, instanceRow } from './schemas/instance.ts';
import { seenInstance } from './seenInstance.ts';

/** One answer with all of them. */
export const listInstances = (): Call<InstanceListing> => ({
  method: 'GET',
  path: '/api/v1/instances',
  key: 'required',
  pace,
  retry: 'safe',
  read: (answer) => {
    const { rows, unread } = readRows(instanceRow, dataOf(instanceList, answer));
    // What is terminated does not exist any more, and may be shown for a while.
    return { instances: rows.filter(({ status }) => status !== 'terminated').map(seenInstance), complete: unread === 0, at: answer.at };
  },
});

/** Undefined when Lambda says that it does not exist, or that it is over. */
export const getInstance = (key: string): Call<{ instance: SeenInstance; at: number } | undefined> => ({
  method: 'GET',
  path: `/api/v1/instances/${idOf(key)}`,
  key: 'required',
  pace,
  retry: 'safe',
  read: (answer) => {
    if (saysMissing(answer)) return undefined;
    const row = dataOf(instanceRow, answer);
    if (row.id !== key) throw new RentError('badResponse', { detail: `not instance ${key}`, status: answer.status });
    return row.status === 'terminated' ? undefined : { instance: seenInstance(row), at: answer.at };
  },
});

/** What does not exist is terminated enough. */
export const terminate = (key: string): Call<void> => ({
  method: 'POST',
  path: '/api/v1/instance-operations/terminate',
  body: { instance_ids: [idOf(key)] },
  key: 'required',
  pace,
  retry: 'safe',
  read: (answer) => {
    if (!isOk(answer) && !saysMissing(answer)) throw refusal(answer);
  },
});

/** A repeated restart would cut off what runs again by then. */
export const restart = (key: string): Call<void> => ({
  method: 'POST',
  path: '/api/v1/instance-operations/restart',
  body: { instance_ids: [idOf(key)] },
  key: 'required',
  pace,
  retry: 'refused',
  read: (answer) => {
    if (!isOk(answer)) throw refusal(answer);
  },
});

/** Only Lambda itself can say that something does not exist; a gateway's 404 says nothing. */
const saysMissing = (answer: Answer): boolean => !isOk(answer) && codeOf(answer) === 'global/object-does-not-exist';

/** Keys come back from journals and command lines; `..` would make the address another one. */
export function idOf(key: string): string {
  if (!instanceIdPattern.test(key)) throw new RentError('badRequest', { detail: 'not an id of an instance' });
  return key;
}
