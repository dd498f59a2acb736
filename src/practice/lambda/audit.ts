// What happened in the account, for whoever asks who did it. Its owner is the only place where Lambda names an account.
import { hexAt } from '../random.ts';
import type { World } from '../world.ts';
import type { View } from './views.ts';

export interface Audit {
  note(resource: 'api_key' | 'ssh_key' | 'instance' | 'filesystem', action: string, id: string): void;
  /** Between the two times, oldest first. */
  events(from: number, to: number): readonly View[];
}

export function createAudit({ seed, agenda, clock }: Pick<World, 'seed' | 'agenda' | 'clock'>): Audit {
  const lrn = (kind: string, id: string): string => `lrn:cloud:${kind}:${id}`;
  const key = hexAt(32, seed, 'lambda/api-key');
  const noted: { readonly at: number; readonly view: View }[] = [];
  const write = (resource: string, action: string, id: string, at: number, byKey: string | null): void => {
    noted.push({
      at,
      view: {
        service_name: 'cloud', resource_name: resource, action, catalog_version: '2025-09-06',
        event_id: hexAt(32, seed, 'lambda/event', noted.length), event_time: new Date(at).toISOString(),
        actor_lrn: lrn('identity', hexAt(32, seed, 'lambda/identity')), resource_lrns: [lrn(resource, id)],
        resource_owner_lrn: lrn('account', hexAt(32, seed, 'lambda/account')), request_api_key_lrn: byKey, additional_details: {},
      },
    });
  };
  write('api_key', 'created', key, clock.startedAt, null);
  return {
    note: (resource, action, id) => write(resource, action, id, agenda.now(), lrn('api_key', key)),
    events: (from, to) => noted.filter(({ at }) => at >= from && at <= to).map(({ view }) => view),
  };
}
