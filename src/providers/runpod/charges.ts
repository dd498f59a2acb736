/** What RunPod has charged, per pod and hour. Its figures trail reality, so young hours are left out. */
import type { Call } from '../../domain/http.ts';
import { usd } from '../../domain/money.ts';
import type { Charge } from '../../domain/provider.ts';
import { parseBody } from './body.ts';
import { settleMs } from './books.ts';
import { isOk, refusal } from './problems.ts';
import { podBilling } from './schemas/podBilling.ts';

export const readCharges = (from: number, to: number): Call<Charge[]> => ({
  method: 'GET',
  path: '/v2/billing/pods',
  query: { bucketSize: 'hour', startTime: new Date(from).toISOString(), endTime: new Date(to).toISOString() },
  key: 'required',
  pace: { name: 'runpod.billing', burst: 10, perMs: 60_000 },
  retry: 'safe',
  read: (answer) => {
    if (!isOk(answer)) throw refusal(answer);
    const { records } = parseBody(podBilling, answer);
    const settledBefore = answer.at - settleMs;
    return records
      .map((record) => ({
        instanceKey: record.podId,
        from: Date.parse(record.startTime),
        to: Date.parse(record.endTime),
        amount: usd(record.totalAmount),
      }))
      // RunPod widens the window to whole hours; an hour that is only partly asked for is another answer's.
      .filter((charge) => charge.from >= from && charge.to <= to && charge.to <= settledBefore);
  },
});
