// The account and its pods in GraphQL. Without a key `myself` is null, not an error.
import { listWithFaults } from '../../createFaults.ts';
import { mayTouch, type Caller } from '../account.ts';
import { findPod, listPods, type Runpod } from '../runpod.ts';
import { GraphqlFault, type Resolver } from './execute.ts';
import { inputOf } from './arguments.ts';
import { podShape } from './podShape.ts';

export function accountQueries(runpod: Runpod, caller: Caller | undefined): Record<string, Resolver> {
  return {
    myself() {
      if (caller === undefined) return null;
      if (caller.kind === 'pod') throw new GraphqlFault('Unauthorized', 'UNAUTHORIZED');
      return userShape(runpod);
    },
    pod(args) {
      const id = inputOf(args).text('podId') ?? '';
      if (caller === undefined) return null;
      if (!mayTouch(caller, id)) throw new GraphqlFault('Unauthorized', 'UNAUTHORIZED');
      const pod = findPod(runpod, id);
      return pod === undefined ? null : podShape(runpod, pod);
    },
  };
}

export function userShape(runpod: Runpod): Record<string, unknown> {
  const { account } = runpod;
  const { ledger, agenda, faults } = runpod.world;
  const balance = ledger.creditMicros('runpod', agenda.now()) / 1e6;
  const paidIn = ledger.deposits('runpod').reduce((sum, deposit) => sum + deposit.micros, 0) / 1e6;
  return {
    id: account.id,
    email: account.email,
    pubKey: account.sshKeys.join('\n'),
    clientBalance: balance,
    clientLifetimeSpend: Math.round((paidIn - balance) * 1e6) / 1e6,
    currentSpendPerHr: ledger.burnUsdPerHour('runpod'),
    spendLimit: 80,
    notifyPodsStale: true,
    notifyPodsGeneral: true,
    notifyLowBalance: true,
    pods: () => listWithFaults(faults, 'runpod', listPods(runpod)).map((pod) => podShape(runpod, pod)),
    networkVolumes: () => [...account.volumes.values()].filter((volume) => !volume.deleted).map(({ id, name, size, dataCenter }) => ({ id, name, size, dataCenterId: dataCenter })),
  };
}
