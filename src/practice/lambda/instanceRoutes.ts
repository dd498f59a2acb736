// Launch, list, read, rename, restart, terminate.
import { createWithFaults, listWithFaults } from '../createFaults.ts';
import type { HttpAnswer, HttpCall, Route } from '../httpServer.ts';
import { bodyOf, text, texts } from './fields.ts';
import { launch } from './launch.ts';
import { problem, Refusal } from './problems.ts';
import { terminate } from './rental.ts';
import { route } from './routes.ts';
import { visible, type Instance, type Lambda } from './state.ts';
import { instanceView, statusOf, type View } from './views.ts';

export function instanceRoutes(lambda: Lambda): Route[] {
  const { world } = lambda;
  const existing = (id: string): Instance => {
    const instance = visible(lambda).find((each) => each.id === id);
    if (instance === undefined) throw new Refusal('global/object-does-not-exist');
    return instance;
  };
  const named = (call: HttpCall): Instance[] => {
    const ids = texts(bodyOf(call.body), 'instance_ids');
    if (ids.length === 0) throw new Refusal('global/invalid-parameters', 'Invalid request data: instance_ids is required.');
    return ids.map(existing);
  };
  return [
    // A cluster has instances of its own, and this account has no cluster.
    route('GET', '/api/v1/instances', (call) => (call.query.has('cluster_id') ? [] : listWithFaults(world.faults, 'lambda', visible(lambda)).map(instanceView))),
    route('GET', '/api/v1/instances/{id}', (call) => instanceView(existing(call.params['id'] ?? ''))),
    route('POST', '/api/v1/instances/{id}', (call) => rename(existing(call.params['id'] ?? ''), call.body)),
    { method: 'POST', path: '/api/v1/instance-operations/launch', handle: (call) => launchAnswer(lambda, call) },
    route('POST', '/api/v1/instance-operations/restart', (call) => ({ restarted_instances: named(call).map(restart).map(instanceView) })),
    route('POST', '/api/v1/instance-operations/terminate', (call) => ({ terminated_instances: named(call).map((instance) => terminated(lambda, instance)) })),
  ];
}

function launchAnswer(lambda: Lambda, call: HttpCall): Promise<HttpAnswer> {
  return createWithFaults(lambda.world.faults, 'lambda', {
    make(phantom) {
      try {
        return { status: 200, body: { data: { instance_ids: [launch(lambda, bodyOf(call.body), phantom).id] } } };
      } catch (error) {
        if (error instanceof Refusal) return error.answer;
        throw error;
      }
    },
    failed: () => problem('global/internal-error'),
  });
}

function rename(instance: Instance, body: unknown): View {
  instance.name = text(bodyOf(body), 'name', /^[\s\S]{0,64}$/) ?? instance.name;
  if (instance.rental !== null) instance.rental.label = instance.name ?? null;
  return instanceView(instance);
}

function restart(instance: Instance): Instance {
  if (statusOf(instance) !== 'active') throw new Refusal('global/conflict');
  instance.rental?.restart('restart');
  return instance;
}

function terminated(lambda: Lambda, instance: Instance): View {
  if (lambda.world.faults.hit('destroy-lies', 'lambda')) return { ...instanceView(instance), status: 'terminating' };
  terminate(lambda, instance);
  return instanceView(instance);
}
