// The five status columns of an instance. They overlap and contradict each
// other on the real wire; the pairs here are those that clients have met.
import type { Contract } from './market.ts';

export interface StatusColumns {
  readonly actual_status: string | null;
  readonly intended_status: 'running' | 'stopped';
  readonly cur_state: string;
  readonly next_state: string;
  readonly status_msg: string | null;
}

// A container exists for a moment before its image is being pulled.
const createdMs = 3000;

export function statusColumns(contract: Contract, now: number): StatusColumns {
  const { rental, request } = contract;
  const state = (actual: string | null, current: string, next: string, message: string | null): StatusColumns => ({
    actual_status: actual,
    intended_status: rental.intended,
    cur_state: current,
    next_state: next,
    status_msg: message,
  });
  const image = request.image;

  switch (rental.state) {
    case 'scheduling':
      // Before its first boot there is no container that could have a status.
      return rental.starts === 1 ? state(null, 'running', 'running', null) : state('exited', 'stopped', 'running', 'scheduling');
    case 'loading': {
      if (contract.remaking?.since === rental.since) return state(contract.remaking.why, 'running', 'running', null);
      const created = now - rental.since < createdMs;
      return state(created ? 'created' : 'loading', 'running', 'running', created ? null : `Pulling from ${image.split(':')[0] ?? image}`);
    }
    case 'running':
      return state(
        'running',
        'running',
        'running',
        `success, running ${image.replace(':', '_')}/${request.runtype.includes('jupyter') ? 'jupyter' : 'ssh'}`,
      );
    case 'stopping':
      return state('running', 'running', 'stopped', null);
    case 'failed':
      return state('created', 'running', 'running', rental.message);
    case 'stopped':
    case 'destroyed':
      return stopped();
  }

  function stopped(): StatusColumns {
    // Born stopped, or never came up: all three say stopped.
    if (rental.stopReason === 'capacity') return state(null, 'stopped', 'stopped', null);
    if (rental.stopReason === 'image') return state('created', 'stopped', 'stopped', rental.message);
    if (rental.stopReason === 'outbid') return state('stopped', 'stopped', 'stopped', 'outbid by a higher bid');
    if (rental.queued) return state('exited', 'stopped', 'running', 'Required resources are currently unavailable, state change queued.');
    return state('exited', 'stopped', 'stopped', null);
  }
}
