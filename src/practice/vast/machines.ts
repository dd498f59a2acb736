// The machines of the practice Vast market: a pure function of the seed.
import type { Occupiable } from '../occupancy.ts';
import { createRandom, hash32, type Random } from '../random.ts';
import { gpuModels, type GpuModel } from './gpuTable.ts';
import { disks, drivers, homeCpus, places, serverCpus, type Cpu } from './hardware.ts';

export interface Machine extends Occupiable {
  readonly machineId: number;
  readonly hostId: number;
  readonly bundleId: number;
  /** 0 community, 1 datacentre. */
  readonly hostingType: 0 | 1;
  readonly gpu: GpuModel;
  readonly cpu: Cpu;
  /** Vast shows no core count for some machines. */
  readonly coresKnown: boolean;
  readonly ramMb: number;
  readonly diskGb: number;
  readonly diskName: string;
  readonly diskMbPerS: number;
  readonly os: string;
  readonly driver: string;
  readonly cuda: number;
  readonly pcieGbPerS: number;
  readonly upMbps: number;
  readonly downMbps: number;
  readonly upUsdPerGb: number;
  readonly downUsdPerGb: number;
  readonly directPorts: number;
  readonly staticIp: boolean;
  readonly place: string | null;
  readonly ip: string;
  readonly reliability: number;
  readonly verification: 'verified' | 'unverified' | 'deverified';
  /** Dollars per hour and GPU before the market moves it. */
  readonly gpuUsd: number;
  /** Lowest bid, as a share of the on-demand price. */
  readonly bidShare: number;
  /** Dollars per GB and month of 720 hours. */
  readonly storageUsd: number;
  /** Seconds before and after the market's start. */
  readonly listedAgo: number;
  readonly offeredFor: number;
  readonly maxDiscount: number;
  /** How many GPUs one may rent of it at a time. */
  readonly slices: readonly number[];
}

const day = 86_400;

function chooseModel(random: Random): GpuModel {
  const [first, ...rest] = gpuModels;
  if (first === undefined) throw new Error('there are GPU models');
  return random.weighted([[first, first.share], ...rest.map((model) => [model, model.share] as const)]);
}

/** New machines begin at .6 and earn the rest. */
function reliabilityOf(random: Random, datacenter: boolean): number {
  if (random.chance(datacenter ? 0.02 : 0.06)) return 0.6;
  const low = datacenter ? 0.985 : 0.92;
  return Number((low + (0.999 - low) * Math.sqrt(random.next())).toFixed(7));
}

function slicesOf(random: Random, gpus: number): number[] {
  const sizes = [1, 2, 4, 8].filter((size) => size <= gpus);
  // Some hosts rent only the whole machine.
  return gpus > 1 && random.chance(0.2) ? [gpus] : sizes;
}

function makeMachine(random: Random, number: number): Machine {
  const gpu = chooseModel(random);
  const datacenter = gpu.datacenter ? random.chance(0.7) : random.chance(0.18);
  const gpus = random.pick(gpu.counts);
  const cpu = random.pick(datacenter || gpus > 2 ? serverCpus : homeCpus);
  const [diskName, diskMbPerS] = random.pick(disks);
  const [driver, cuda] = random.pick(
    gpu.computeCap >= 1000 ? [drivers[3] ?? drivers[0], drivers[4] ?? drivers[0], drivers[5] ?? drivers[0]] : drivers,
  );
  const reliability = reliabilityOf(random, datacenter);
  const verified = reliability > 0.9 && random.chance(datacenter ? 0.98 : 0.85);
  // Better machines ask for more: that is what makes the cheapest a choice.
  const quality = (datacenter ? 0.35 : 0) + (reliability - 0.92) * 4 + random.between(-0.15, 0.35);
  const gpuUsd = gpu.lowUsd + (gpu.highUsd - gpu.lowUsd) * Math.min(1, Math.max(0, quality));
  const metered = random.chance(0.8);
  const directPorts = random.chance(0.08) ? 0 : random.integer(10, datacenter ? 2000 : 250);
  const machineId = 10_000 + number * 7 + random.integer(0, 6);
  return {
    id: `m${machineId}`,
    machineId,
    hostId: 1000 + random.integer(0, 90) * 811,
    bundleId: hash32(`bundle${machineId}`),
    hostingType: datacenter ? 1 : 0,
    gpus,
    demand: random.between(0.15, 0.5),
    gpu,
    cpu,
    coresKnown: !random.chance(0.02),
    ramMb: Math.round(cpu.cores * random.between(1500, 5500)),
    diskGb: Number((gpus * random.between(60, 900)).toFixed(3)),
    diskName,
    diskMbPerS: Number((diskMbPerS * random.between(0.7, 1.1)).toFixed(1)),
    os: random.pick(['20.04', '22.04', '22.04', '24.04']),
    driver,
    cuda,
    pcieGbPerS: Number((gpu.pciGen * random.between(2.6, 6.4)).toFixed(1)),
    upMbps: Number(random.between(40, datacenter ? 9000 : 900).toFixed(1)),
    downMbps: Number(random.between(80, datacenter ? 9500 : 950).toFixed(1)),
    upUsdPerGb: metered ? Number(random.between(0.001, 0.02).toFixed(5)) : 0,
    downUsdPerGb: metered ? Number(random.between(0.001, 0.015).toFixed(5)) : 0,
    directPorts,
    staticIp: random.chance(datacenter ? 0.95 : 0.5),
    place: random.weighted(places),
    // TEST-NET-3: an address nobody has. A running instance shows the loopback instead.
    ip: `203.0.113.${random.integer(1, 254)}`,
    reliability,
    verification: verified ? 'verified' : random.chance(0.15) ? 'deverified' : 'unverified',
    gpuUsd,
    bidShare: random.between(0.35, 0.85),
    storageUsd: Number(random.pick([0.1, 0.15, 0.15, 0.2, 0.25, 0.333333, 0.6]).toFixed(6)),
    listedAgo: random.integer(1, 400) * day + random.integer(0, day),
    offeredFor: random.integer(2, 240) * day + random.integer(0, day),
    maxDiscount: random.pick([0, 0.1, 0.2, 0.4]),
    slices: slicesOf(random, gpus),
  };
}

/** Enough machines that `offers` of them can be rented at the start, as `rentable` judges it. */
export function createMachines(seed: number, offers: number, rentable: (machine: Machine, slice: number) => boolean): Machine[] {
  const random = createRandom(`${seed}/vast`);
  const machines: Machine[] = [];
  let count = 0;
  for (let number = 0; count < offers; number += 1) {
    const machine = makeMachine(random, number);
    const free = machine.slices.filter((slice) => rentable(machine, slice));
    const surplus = count + free.length - offers;
    const slices = surplus > 0 ? machine.slices.filter((slice) => !free.slice(0, surplus).includes(slice)) : machine.slices;
    count += Math.min(free.length, offers - count);
    machines.push({ ...machine, slices });
  }
  return machines;
}
