import type { MachineLink } from '../domain/machineLink.ts';
import { endMachine, readSpared, spareMachine } from '../scripts/runChange.ts';

export interface Spared {
  endAgain(): Promise<void>;
}

/**
 * Files may take longer than the guard waits, so what an ended run left for it is taken back for as long as they do, and
 * put again whatever comes of them: nobody may be there to end the bill.
 */
export async function spare(link: MachineLink, signal: AbortSignal, notToldAgain: (error: unknown) => void): Promise<Spared> {
  const action = readSpared((await link.run(spareMachine(), { signal })).stdout);
  return {
    endAgain: async () => {
      if (action !== undefined) await link.run(endMachine(action), { repeatable: true }).catch(notToldAgain);
    },
  };
}
