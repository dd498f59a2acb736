// One row of the instance list, and of a single read: the offer's columns and
// what is known about the container.
import type { Contract, VastMarket } from './market.ts';
import { machineColumns, type Row } from './fixedColumns.ts';
import { priceColumns } from './offerRow.ts';
import { statusColumns } from './status.ts';

interface HostPort {
  readonly HostIp: string;
  readonly HostPort: string;
}

const listens = (port: number): HostPort[] => ['0.0.0.0', '::'].map((ip) => ({ HostIp: ip, HostPort: String(port) }));

/** Docker's port map; undefined until the container runs. */
function ports(contract: Contract): Readonly<Record<string, HostPort[]>> | undefined {
  const { rental, request, machine } = contract;
  if (rental.state !== 'running') return undefined;
  const map: Record<string, HostPort[]> = {};
  for (const [name] of request.env) {
    const mapping = /^-p \d+:(\d+)(?:\/(tcp|udp))?$/.exec(name);
    // A practice pod has no network of its own: its ports are this machine's.
    if (mapping !== null && machine.directPorts > 0) map[`${mapping[1]}/${mapping[2] ?? 'tcp'}`] = listens(Number(mapping[1]));
  }
  const direct = request.runtype.includes('direc') && machine.directPorts > 0;
  if (direct && rental.sshPort !== null) map['22/tcp'] = listens(rental.sshPort);
  return map;
}

export function instanceRow(market: VastMarket, contract: Contract, now: number): Row {
  const { rental, request, machine, gpus } = contract;
  const status = statusColumns(contract, now);
  const up = rental.state === 'running';
  const [gpu] = rental.gpus();
  const jupyter = request.runtype.includes('jupyter');
  const template = request.template;
  const secondsLeft = (contract.endsAt - now) / 1000;
  const row = {
    ...machineColumns(contract),
    ...priceColumns(contract.gpuUsd, machine.storageUsd, request.diskGb, 0),
    ...status,
    id: contract.id,
    label: rental.label,
    template_id: template?.id ?? null,
    template_hash_id: template?.hash ?? null,
    template_name: template?.name ?? null,
    image_uuid: request.image,
    image_args: request.args,
    image_runtype: request.runtype,
    extra_env: request.env,
    onstart: request.onstart,
    jupyter_token: contract.jupyterToken,
    gpu_totalram: machine.gpu.vramMib * gpus,
    is_bid: contract.isBid,
    min_bid: market.stock.minBidUsd({ machine, gpus }, now),
    rentable: true,
    // Hosts report the address with a blank behind it.
    public_ipaddr: '127.0.0.1 ',
    local_ipaddrs: '10.2.202.31 172.17.0.1 \n',
    ssh_host: '127.0.0.1',
    // Clients add 1 when the runtype speaks of jupyter.
    ssh_port: contract.proxy.port - (jupyter ? 1 : 0),
    ssh_idx: String((machine.machineId % 9) + 1),
    machine_dir_ssh_port: 20_000 + (machine.machineId % 9000),
    direct_port_start: -1,
    direct_port_end: -1,
    ports: ports(contract),
    start_date: rental.createdAt / 1000,
    end_date: contract.endsAt / 1000,
    duration: secondsLeft,
    uptime_mins: rental.runningSince === null ? null : (now - rental.runningSince) / 60_000,
    client_run_time: 1.1,
    host_run_time: 2_592_000,
    gpu_util: up && gpu !== undefined ? gpu.utilPct : null,
    gpu_temp: up && gpu !== undefined ? gpu.tempC : null,
    vmem_usage: up && gpu !== undefined ? gpu.usedMib / 1024 : null,
    cpu_util: 0,
    mem_usage: up ? 0.6 : null,
    mem_limit: up ? ((machine.ramMb / 1000) * gpus) / machine.gpus : null,
    disk_space: request.diskGb,
    disk_usage: up ? 1.2 : -1,
    disk_util: up ? 1.2 / request.diskGb : -1,
    credit_balance: null,
    credit_discount: null,
    credit_discount_max: machine.maxDiscount,
    country_code: null,
    time_remaining: '',
    time_remaining_isbid: '',
  };
  if (!up || !market.world.faults.hit('flicker', 'vast')) return row;
  return { ...row, actual_status: market.world.random.chance(0.5) ? 'offline' : 'loading' };
}
