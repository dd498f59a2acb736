// What Lambda shows of its types, instances, keys and filesystems.
import { hash32 } from '../random.ts';
import { instanceTypes, type InstanceType } from './instanceTypes.ts';
import { visible, type Filesystem, type Instance, type Lambda, type SshKey } from './state.ts';

export type View = Readonly<Record<string, unknown>>;

const typeView = (type: InstanceType, cents = type.cents): View => ({
  name: type.name,
  description: type.description,
  gpu_description: type.gpuDescription,
  price_cents_per_hour: cents,
  specs: { vcpus: type.vcpus, memory_gib: type.memoryGib, storage_gib: type.storageGib, gpus: type.gpus },
});

export function typesView({ stock, world }: Lambda): View {
  const now = world.agenda.now();
  return Object.fromEntries(instanceTypes.map((type) => [
    type.name,
    { instance_type: typeView(type), regions_with_capacity_available: stock.free(type, now).map(({ region }) => region) },
  ]));
}

type Status = 'booting' | 'active' | 'unhealthy' | 'terminating';

export function statusOf({ rental, terminating }: Instance): Status {
  if (terminating) return 'terminating';
  switch (rental?.state) {
    case 'running':
      return 'active';
    case 'failed':
      return 'unhealthy';
    case 'stopping':
    case 'stopped':
    case 'destroyed':
      return 'terminating';
    default:
      return 'booting';
  }
}

export function instanceView(instance: Instance): View {
  const { id, name, hostname, type, site, cents, sshKey, mounts, tags, rental } = instance;
  const status = statusOf(instance);
  const port = rental?.sshPort ?? null;
  const draw = hash32(id);
  return {
    id,
    ...(name === undefined ? {} : { name }),
    // A practice machine is a process on this computer: its port stands where Lambda's machines have 22.
    ...(status === 'active' && port !== null ? { ip: `127.0.0.1:${port}`, private_ip: `10.19.${(draw >>> 8) % 256}.${2 + (draw % 250)}` } : {}),
    status,
    ssh_key_names: [sshKey.name],
    file_system_names: mounts.map(({ filesystem }) => filesystem.name),
    ...(mounts.length === 0 ? {} : { file_system_mounts: mounts.map(({ path, filesystem }) => ({ mount_point: path, file_system_id: filesystem.id })) }),
    region: site.region,
    instance_type: typeView(type, cents),
    hostname: hostname ?? `ip-10-19-${(draw >>> 8) % 256}-${2 + (draw % 250)}`,
    actions: actionsView(status),
    ...(tags.length === 0 ? {} : { tags }),
  };
}

function actionsView(status: Status): View {
  const blocked = status === 'booting' ? 'vm-has-not-launched' : status === 'terminating' ? 'vm-is-terminating' : undefined;
  const availability = (name: string): View =>
    blocked === undefined || (name === 'terminate' && status === 'booting') ? { available: true } : { available: false, reason_code: blocked, reason_description: `The instance is ${status}.` };
  return Object.fromEntries(['migrate', 'rebuild', 'restart', 'cold_reboot', 'terminate'].map((name) => [name, availability(name)]));
}

export const keyView = ({ id, name, publicKey }: SshKey): View => ({ id, name, public_key: publicKey });

const owner = { id: hash32('owner').toString(16).padStart(32, '0'), email: 'practice@example.com', status: 'active' };

export function filesystemView(lambda: Lambda, filesystem: Filesystem): View {
  const { id, name, region, createdAt } = filesystem;
  return {
    id, name, region,
    mount_point: `/lambda/nfs/${name}`,
    created: new Date(createdAt).toISOString(),
    created_by: owner,
    is_in_use: isInUse(lambda, filesystem),
    bytes_used: 0,
  };
}

export const isInUse = (lambda: Lambda, filesystem: Filesystem): boolean =>
  visible(lambda).some(({ mounts }) => mounts.some((mount) => mount.filesystem === filesystem));
