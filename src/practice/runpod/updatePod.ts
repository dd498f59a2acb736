// PATCH /v2/pods/{id}: what may change on a pod, and what a change does to it.
import type { UpdatePodBody } from './bodies.ts';
import { checkPorts } from './draft.ts';
import type { Mounts, Pod, PodConfig } from './pod.ts';
import { Refusal } from './problems.ts';
import { findTemplate } from './templates.ts';

/** Throws a Refusal: 400 for a mount rule, 404 or 422 for the template. */
export function updatePod(pod: Pod, body: UpdatePodBody): void {
  const template = templateFor(body.templateId);
  const { config } = pod;
  checkPorts(body.ports ?? []);
  if (body.registry !== undefined && body.registry !== null) throw new Refusal(404, 'container registry credential not found');
  if (body.globalNetworking === true && (pod.gpu === null || pod.gpu.id.startsWith('AMD'))) throw new Refusal(400, 'globalNetworking requires an NVIDIA GPU');
  const changed: PodConfig = {
    name: body.name ?? config.name,
    image: body.image ?? template?.image ?? config.image,
    args: body.args ?? template?.args ?? config.args,
    cmd: body.cmd ?? config.cmd,
    entrypoint: body.entrypoint ?? config.entrypoint,
    disk: body.disk ?? template?.disk ?? config.disk,
    ports: body.ports ?? template?.ports ?? config.ports,
    env: template === undefined ? (body.env ?? config.env) : { ...template.env, ...body.env },
    registry: body.registry ?? config.registry,
    mounts: changedMounts(config.mounts, body.mounts ?? {}),
    locked: body.locked ?? config.locked,
    globalNetworking: body.globalNetworking ?? config.globalNetworking,
  };
  const rebuilt = (['image', 'args', 'cmd', 'entrypoint', 'disk', 'ports', 'env', 'mounts'] as const).some((key) => JSON.stringify(config[key]) !== JSON.stringify(changed[key]));
  pod.config = changed;
  if (pod.rental === null) return;
  pod.rental.label = changed.name;
  // A running container is thrown away and made anew with the new settings.
  if (rebuilt && pod.rental.state === 'running') pod.rental.restart('restart');
  else pod.rental.reprice();
}

function templateFor(id: string | undefined) {
  if (id === undefined) return undefined;
  const template = findTemplate(id);
  if (template === undefined) throw new Refusal(404, 'template not found');
  if (template.serverless) throw new Refusal(422, 'serverless templates cannot be applied to pods');
  return template;
}

function changedMounts(now: Mounts, asked: Mounts): Mounts {
  if (asked.network?.length === 0) throw new Refusal(400, 'clearing mounts is not supported');
  if (asked.persistent !== undefined && now.persistent === undefined) throw new Refusal(400, 'mounts.persistent cannot be added after creation');
  const [asks] = asked.network ?? [];
  const [has] = now.network ?? [];
  if (asks !== undefined && has === undefined) throw new Refusal(400, 'mounts.network cannot be added after creation');
  if (asks !== undefined && asks.volumeId !== has?.volumeId) throw new Refusal(400, 'the volume of a network mount cannot be changed');
  if (asked.persistent !== undefined && asked.persistent.size < (now.persistent?.size ?? 0)) throw new Refusal(400, 'mounts.persistent.size cannot be reduced');
  return { ...now, ...asked };
}
