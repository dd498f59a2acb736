// Leads a pod of the test market through its life.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import type { Rental } from '../../../../src/practice/rental.ts';
import { hello } from '../fakePods.ts';
import { until } from '../until.ts';
import type { Answer, Json, TestRunpod } from './testRunpod.ts';

/** What answers on a port: a greeting, or an error. */
export function knock(port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('data', (chunk) => {
      resolve(chunk.toString());
      socket.destroy();
    });
    socket.once('error', (error) => resolve(error.message));
    socket.once('close', () => resolve('closed'));
  });
}

export const isUp = (pod: Json): boolean => pod.at('ssh', 'direct') !== null;

export interface PodDriver {
  act(action: string): Promise<Answer>;
  readonly rental: Rental;
  /** Lets market time pass second by second until the pod is as wished. */
  reach(wished: (pod: Json) => boolean): Promise<Json>;
  /** Until sshd answers. The address is read anew every time: the first one after a start may be old. */
  answering(): Promise<Json>;
}

export function podDriver(runpod: TestRunpod, id: string): PodDriver {
  const driver: PodDriver = {
    act: (action) => runpod.call('POST', `/v2/pods/${id}/action`, { action }),
    get rental() {
      return runpod.world.rentals.get('runpod', id) ?? assert.fail(`no rental ${id}`);
    },
    async reach(wished) {
      for (let seconds = 0; seconds < 600; seconds += 1) {
        const pod = await runpod.pod(id);
        if (wished(pod)) return pod;
        runpod.world.pass(1);
      }
      return assert.fail(`the pod did not get there in ten minutes: ${JSON.stringify((await runpod.pod(id)).value)}`);
    },
    answering: () =>
      until('sshd', async () => {
        const pod = await driver.reach(isUp);
        if ((await knock(pod.number('ssh', 'direct', 'port'))) === hello) return pod;
        runpod.world.pass(1);
        return undefined;
      }),
  };
  return driver;
}
