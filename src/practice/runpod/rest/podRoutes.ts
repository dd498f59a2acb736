// /v2/pods: list, create, read, change, act on, delete, and the logs.
import { createWithFaults, listWithFaults } from '../../createFaults.ts';
import type { HttpAnswer } from '../../httpServer.ts';
import { createPodBody, podActionBody, updatePodBody, violations } from '../bodies.ts';
import { draftOfBody } from '../draft.ts';
import { actOn } from '../lifecycle.ts';
import { placePod } from '../placement.ts';
import type { Pod } from '../pod.ts';
import { podView, readPod } from '../podView.ts';
import { problem, Refusal, refusalAnswer } from '../problems.ts';
import { findPod, listPods, type Runpod } from '../runpod.ts';
import { updatePod } from '../updatePod.ts';
import type { View } from './gpuCatalog.ts';
import { logStream } from './logStream.ts';
import { malformed, type Parameters } from './query.ts';
import { bodyOf, type RestRoute } from './routes.ts';

export interface ListOptions {
  /** Older servers answer a list without `pagination`. */
  readonly pagination: boolean;
}

export function podRoutes(runpod: Runpod, options: ListOptions): RestRoute[] {
  const existing = (id: string | undefined): Pod => {
    const pod = findPod(runpod, id ?? '');
    if (pod === undefined) throw new Refusal(404, 'pod not found');
    return pod;
  };
  return [
    { method: 'GET', path: '/v2/pods', handle: (_, query) => ({ status: 200, body: listPage(runpod, query, options) }) },
    { method: 'POST', path: '/v2/pods', handle: (call) => createPod(runpod, createBody(call.body)) },
    { method: 'GET', path: '/v2/pods/{podId}', ownPod: true, handle: (call) => ({ status: 200, body: readPod(runpod, existing(call.params['podId'])) }) },
    {
      method: 'PATCH',
      path: '/v2/pods/{podId}',
      handle(call) {
        const pod = existing(call.params['podId']);
        updatePod(pod, bodyOf(updatePodBody, call.body));
        runpod.world.agenda.settle();
        return { status: 200, body: podView(runpod, pod) };
      },
    },
    {
      method: 'DELETE',
      path: '/v2/pods/{podId}',
      ownPod: true,
      handle(call) {
        actOn(runpod, existing(call.params['podId']), 'terminate');
        return { status: 204 };
      },
    },
    {
      method: 'POST',
      path: '/v2/pods/{podId}/action',
      ownPod: true,
      handle(call, _, caller) {
        const pod = existing(call.params['podId']);
        const { action } = bodyOf(podActionBody, call.body);
        if (caller.kind === 'pod' && action !== 'stop' && action !== 'terminate') throw new Refusal(403, 'access denied');
        actOn(runpod, pod, action);
        return action === 'terminate' ? { status: 204 } : { status: 200, body: podView(runpod, pod) };
      },
    },
    { method: 'GET', path: '/v2/pods/{podId}/logs', handle: (call, query) => logStream(existing(call.params['podId']), query, call) },
  ];
}

function createBody(body: unknown) {
  const hasImage = typeof body === 'object' && body !== null && ('image' in body || 'templateId' in body);
  const missing = hasImage ? [] : ["$: missing property 'image'"];
  const problems = [...violations(createPodBody, body), ...missing];
  if (problems.length > 0) throw new Refusal(422, 'Request validation failed.', problems);
  return bodyOf(createPodBody, body);
}

function createPod(runpod: Runpod, body: ReturnType<typeof createBody>): Promise<HttpAnswer> {
  return createWithFaults(runpod.world.faults, 'runpod', {
    make(phantom) {
      try {
        return { status: 201, body: podView(runpod, placePod(runpod, draftOfBody(body), phantom)) };
      } catch (error) {
        if (error instanceof Refusal) return refusalAnswer(error);
        throw error;
      }
    },
    failed: () => problem(500, 'Something went wrong. Please try again later or contact support.'),
  });
}

function listPage(runpod: Runpod, query: Parameters, options: ListOptions): View {
  query.flag('includeClusterPods');
  const limit = query.integer('limit', 1, 1000) ?? 1000;
  const cursor = query.text('cursor');
  const all = listWithFaults(runpod.world.faults, 'runpod', listPods(runpod));
  const rest = cursor === undefined ? all : all.filter(isAfter(cursor));
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  const more = rest.length > page.length && last !== undefined;
  const pods = page.map((pod) => readPod(runpod, pod));
  return options.pagination ? { pods, pagination: { hasNextPage: more, nextCursor: more ? cursorOf(last) : null } } : { pods };
}

// A cursor names the last pod that was shown, so pods that come and go between two pages shift nothing.
function cursorOf(pod: Pod): string {
  return Buffer.from(`${pod.createdAt}/${pod.id}`).toString('base64url');
}

function isAfter(cursor: string): (pod: Pod) => boolean {
  const [, time, id] = /^(\d+)\/([a-z0-9]+)$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (time === undefined || id === undefined) throw malformed('cursor', 'invalid cursor');
  return (pod) => pod.createdAt < Number(time) || (pod.createdAt === Number(time) && pod.id < id);
}
