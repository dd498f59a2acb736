// The mutations of RunPod's pod clients. They do what the REST routes do, but
// say what went wrong under HTTP 200.
import { createWithFaults } from '../../createFaults.ts';
import { mayTouch, type Caller } from '../account.ts';
import { checkPorts, type PodDraft } from '../draft.ts';
import { actOn } from '../lifecycle.ts';
import { placePod } from '../placement.ts';
import type { Pod } from '../pod.ts';
import { Refusal } from '../problems.ts';
import { findPod, type Runpod } from '../runpod.ts';
import { findTemplate } from '../templates.ts';
import { inputOf, type Input } from './arguments.ts';
import { GraphqlFault, type Resolver } from './execute.ts';
import { podShape } from './podShape.ts';
import { userShape } from './queries.ts';

/** The request ends without its answer: the socket drops, or the server breaks. */
export class Interrupted extends Error {
  readonly how: 'drop' | 'break';

  constructor(how: 'drop' | 'break') {
    super(how);
    this.how = how;
  }
}

const spotIsGone = 'There are no instances available with the requested specifications. Please try again later.';

export function mutations(runpod: Runpod, caller: Caller | undefined): Record<string, Resolver> {
  const account = () => {
    if (caller?.kind !== 'account') throw new GraphqlFault('Unauthorized', 'UNAUTHORIZED');
  };
  const ownPod = (id: string, what: string): Pod => {
    if (caller === undefined || !mayTouch(caller, id)) throw new GraphqlFault('Unauthorized', 'UNAUTHORIZED');
    const pod = findPod(runpod, id);
    if (pod === undefined) throw new GraphqlFault(`pod not found to ${what}`);
    return pod;
  };
  return {
    podFindAndDeployOnDemand(args) {
      account();
      const input = inputOf(args);
      const gpuTypeId = input.text('gpuTypeId');
      if (gpuTypeId === undefined) throw new GraphqlFault('gpuTypeId is required', 'BAD_USER_INPUT');
      return deploy(runpod, { ...draftOf(input), gpu: { id: gpuTypeId, count: input.number('gpuCount') ?? 1 }, cpu: null });
    },
    deployCpuPod(args) {
      account();
      const input = inputOf(args);
      // "cpu3c-2-4": flavour, vCPUs, GB of memory.
      const [id = 'cpu3c', vcpus = '2'] = (input.text('instanceId') ?? 'cpu3c-2-4').split('-');
      return deploy(runpod, { ...draftOf(input), cloud: 'SECURE', mounts: {}, gpu: null, cpu: { id, vcpuCount: Number(vcpus) } });
    },
    podRentInterruptable() {
      account();
      throw new GraphqlFault(spotIsGone);
    },
    podStop(args) {
      const pod = ownPod(inputOf(args).text('podId') ?? '', 'stop');
      refusing(() => actOn(runpod, pod, 'stop'));
      return podShape(runpod, pod);
    },
    podResume(args) {
      account();
      const pod = ownPod(inputOf(args).text('podId') ?? '', 'resume');
      refusing(() => actOn(runpod, pod, 'start'));
      return podShape(runpod, pod);
    },
    podTerminate(args) {
      const pod = ownPod(inputOf(args).text('podId') ?? '', 'terminate');
      refusing(() => actOn(runpod, pod, 'terminate'));
      return null;
    },
    updateUserSettings(args) {
      account();
      const keys = inputOf(args).text('pubKey');
      if (keys !== undefined) runpod.account.sshKeys = keys.split('\n').map((key) => key.trim()).filter((key) => key !== '');
      return userShape(runpod);
    },
  };
}

function refusing<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof Refusal) throw new GraphqlFault(error.message);
    throw error;
  }
}

async function deploy(runpod: Runpod, draft: PodDraft): Promise<Record<string, unknown>> {
  let made: Pod | undefined;
  const outcome = await createWithFaults(runpod.world.faults, 'runpod', {
    make(phantom) {
      made = refusing(() => placePod(runpod, draft, phantom));
      return { status: 200 };
    },
    failed: () => ({ status: 500 }),
  });
  if (outcome.drop === true) throw new Interrupted('drop');
  if (outcome.status !== 200 || made === undefined) throw new Interrupted('break');
  return podShape(runpod, made);
}

function draftOf(input: Input): Omit<PodDraft, 'gpu' | 'cpu'> {
  const template = templateOf(input.text('templateId'));
  const cloudType = input.text('cloudType');
  const volume = input.number('volumeInGb') ?? template?.volume ?? 0;
  const path = input.text('volumeMountPath') ?? '/workspace';
  const networkVolumeId = input.text('networkVolumeId');
  const image = input.text('imageName');
  const dataCenterId = input.text('dataCenterId');
  const countryCode = input.text('countryCode');
  const minCudaVersion = input.text('minCudaVersion');
  const ports = (input.text('ports') ?? template?.ports.join(',') ?? '').split(',').filter((port) => port !== '');
  refusing(() => checkPorts(ports));
  return {
    name: input.text('name') ?? 'my pod',
    image: image === undefined || image === '' ? (template?.image ?? '') : image,
    args: input.text('dockerArgs') ?? template?.args ?? '',
    cmd: null,
    entrypoint: null,
    disk: input.number('containerDiskInGb') ?? template?.disk ?? 20,
    ports,
    env: { ...template?.env, ...input.pairs('env') },
    registry: null,
    mounts: networkVolumeId === undefined ? (volume > 0 ? { persistent: { size: volume, path } } : {}) : { network: [{ volumeId: networkVolumeId, path }] },
    cloud: cloudType === 'SECURE' || cloudType === 'COMMUNITY' ? cloudType : undefined,
    wants: {
      dataCenterIds: dataCenterId === undefined ? [] : [dataCenterId],
      ...(countryCode === undefined ? {} : { countryCodes: [countryCode] }),
      cudaVersions: input.texts('allowedCudaVersions'),
      ...(minCudaVersion === undefined ? {} : { minCudaVersion }),
      minVcpu: input.number('minVcpuCount') ?? 0,
      minRamGb: input.number('minMemoryInGb') ?? 0,
      // Only GraphQL could ever ask for this.
      publicIp: input.flag('supportPublicIp') ?? false,
    },
    startSsh: input.flag('startSsh') ?? template?.startSsh ?? false,
    startJupyter: input.flag('startJupyter') ?? template?.startJupyter ?? false,
    globalNetworking: input.flag('globalNetwork') ?? false,
  };
}

function templateOf(id: string | undefined) {
  if (id === undefined) return undefined;
  const template = findTemplate(id);
  if (template === undefined || template.serverless) throw new GraphqlFault('Template not found');
  return template;
}
