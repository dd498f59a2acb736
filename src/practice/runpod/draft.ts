// A pod somebody asks for, before it has a place: the same whether it came by
// REST or GraphQL. A broken cross-field rule is a Refusal 400.
import type { CreatePodBody } from './bodies.ts';
import type { Cloud } from './gpuTypes.ts';
import type { Mounts } from './pod.ts';
import { Refusal } from './problems.ts';
import { findTemplate, type PodTemplate } from './templates.ts';

export interface PodDraft {
  readonly name: string;
  readonly image: string;
  readonly args: string;
  readonly cmd: readonly string[] | null;
  readonly entrypoint: readonly string[] | null;
  readonly disk: number;
  readonly ports: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly registry: string | null;
  readonly mounts: Mounts;
  /** undefined: either cloud will do, which only GraphQL can say. */
  readonly cloud: Cloud | undefined;
  readonly gpu: { readonly id: string; readonly count: number | undefined } | null;
  readonly cpu: { readonly id: string; readonly vcpuCount: number } | null;
  readonly wants: HostWishes;
  readonly startSsh: boolean;
  readonly startJupyter: boolean;
  readonly globalNetworking: boolean;
}

export interface HostWishes {
  readonly dataCenterIds: readonly string[];
  readonly countryCodes?: readonly string[];
  readonly cudaVersions?: readonly string[];
  readonly minCudaVersion?: string;
  readonly minVcpu?: number;
  readonly minRamGb?: number;
  readonly publicIp?: boolean;
}

const defaultDiskGb = 50;

/** Throws a Refusal for a rule between fields, or for a template that cannot be used. */
export function draftOfBody(body: CreatePodBody): PodDraft {
  const template = body.templateId === undefined ? undefined : podTemplate(body.templateId);
  const { gpu, cpu } = body;
  if ((gpu === undefined) === (cpu === undefined)) throw new Refusal(400, 'exactly one of gpu or cpu must be provided');
  const mounts = mountsOf(body, template);
  if (cpu !== undefined && mounts.persistent !== undefined) throw new Refusal(400, 'mounts.persistent is not supported on CPU pods');
  if (body.globalNetworking === true && (gpu === undefined || gpu.id.startsWith('AMD'))) throw new Refusal(400, 'globalNetworking requires an NVIDIA GPU');
  checkPorts(body.ports ?? []);
  return {
    name: body.name,
    image: body.image ?? template?.image ?? '',
    args: body.args ?? template?.args ?? '',
    cmd: body.cmd ?? null,
    entrypoint: body.entrypoint ?? null,
    disk: body.disk ?? template?.disk ?? defaultDiskGb,
    ports: body.ports ?? template?.ports ?? [],
    env: { ...template?.env, ...body.env },
    registry: body.registry ?? null,
    mounts,
    cloud: body.cloud ?? 'SECURE',
    gpu: gpu === undefined ? null : { id: gpu.id, count: gpu.count },
    cpu: cpu ?? null,
    wants: gpu === undefined ? { dataCenterIds: body.dataCenterIds ?? [] } : wishesOf(body, gpu),
    startSsh: body.startSsh ?? template?.startSsh ?? false,
    startJupyter: body.startJupyter ?? template?.startJupyter ?? false,
    globalNetworking: body.globalNetworking ?? false,
  };
}

function podTemplate(id: string): PodTemplate {
  const template = findTemplate(id);
  if (template === undefined) throw new Refusal(404, 'template not found');
  if (template.serverless) throw new Refusal(422, 'serverless templates cannot be used to create pods');
  return template;
}

function mountsOf(body: CreatePodBody, template: PodTemplate | undefined): Mounts {
  const mounts = body.mounts ?? {};
  if (mounts.persistent !== undefined && mounts.network !== undefined) throw new Refusal(400, 'mounts.persistent and mounts.network are mutually exclusive');
  if (mounts.network?.length === 0) throw new Refusal(400, 'mounts.network must not be empty');
  const inherits = template !== undefined && template.volume > 0 && body.cpu === undefined && Object.keys(mounts).length === 0;
  return inherits ? { persistent: { size: template.volume, path: '/workspace' } } : mounts;
}

function wishesOf(body: CreatePodBody, gpu: NonNullable<CreatePodBody['gpu']>): HostWishes {
  const versions = gpu.allowedCudaVersions ?? [];
  if (versions.length > 0 && gpu.minCudaVersion !== undefined) throw new Refusal(400, 'gpu.allowedCudaVersions and gpu.minCudaVersion are mutually exclusive');
  const count = gpu.count ?? 1;
  return {
    dataCenterIds: body.dataCenterIds ?? [],
    cudaVersions: versions,
    ...(gpu.minCudaVersion === undefined ? {} : { minCudaVersion: gpu.minCudaVersion }),
    minVcpu: (gpu.minVcpuCountPerGpu ?? 0) * count,
    minRamGb: (gpu.minRamPerGpu ?? 0) * count,
  };
}

/** A number above 65535 asks for a symmetric port: the same number inside and out. */
export function checkPorts(ports: readonly string[]): void {
  for (const port of ports) {
    if (!/^[1-9]\d{0,4}\/(tcp|http)$/.test(port)) throw new Refusal(400, `invalid port "${port}": expected <port>/<tcp|http>`);
  }
}
